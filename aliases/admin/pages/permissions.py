"""The permissions that the admin's own pages need; and which one was missing, in words, for the page that refuses.

A need is met by any one of its permissions: to edit is to view, as in Django's own admin.
"""

import re

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

Need = tuple[str, ...]

VIEW_ALIAS: Need = ("aliases.view_alias", "aliases.change_alias")
ADD_ALIAS: Need = ("aliases.add_alias",)
CHANGE_ALIAS: Need = ("aliases.change_alias",)
PUBLISH_ALIAS: Need = ("aliases.publish_alias",)
VIEW_BUCKET: Need = ("aliases.view_bucket", "aliases.change_bucket")
CHANGE_BUCKET: Need = ("aliases.change_bucket",)
VIEW_AUDIT: Need = ("aliases.view_auditentry",)
OVERRULE_FOCUS: Need = ("aliases.overrule_focus",)
CHANGE_USER: Need = ("auth.change_user",)
#: A signed URL shows anybody any original of a bucket, as publishing an alias does.
SIGN_URL: Need = PUBLISH_ALIAS

#: What Django's own pages of a model need, by the last word of their names.
ACTIONS = {"add": "add", "delete": "delete", "changelist": "view", "history": "view"}


class MissingPermission(PermissionDenied):
    """One of these permissions is needed: “aliases.publish_alias”."""

    def __init__(self, *permissions: str) -> None:
        super().__init__(*permissions)
        self.permissions = permissions


def may(request: HttpRequest, *needs: Need) -> bool:
    """Whether the user has what every one of these needs."""
    return all(any(request.user.has_perm(permission) for permission in need) for need in needs)


def require(request: HttpRequest, *needs: Need) -> None:
    """Raise MissingPermission for the first need that the user does not meet."""
    for need in needs:
        if not may(request, need):
            raise MissingPermission(*need)


def may_see_live_samples(request: HttpRequest) -> bool:
    """On a laptop everybody may; a deployed service shows originals to its staff only."""
    if settings.ENVIRONMENT == "local":
        return True
    return admin.site.has_permission(request) and request.user.has_perm("aliases.view_alias")


def missing_permissions(request: HttpRequest, exception: Exception) -> str:
    """“Can view alias” (aliases.view_alias) or …; empty where it is not known."""
    permissions = exception.permissions if isinstance(exception, MissingPermission) else needed_by_django(request)
    return " or ".join(describe(permission) for permission in permissions)


def needed_by_django(request: HttpRequest) -> tuple[str, ...]:
    """What a page of Django's own admin needs, by its name: “aliases_alias_change”."""
    match = request.resolver_match
    found = re.fullmatch(r"(\w+?)_(\w+)_([a-z]+)", match.url_name or "") if match else None
    if not found:
        return ()
    app, model, page = found.groups()
    action = ("change" if request.method == "POST" else "view") if page == "change" else ACTIONS.get(page, "")
    return (f"{app}.{action}_{model}",) if action else ()


def describe(permission: str) -> str:
    app, codename = permission.split(".")
    known = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    return f"“{known.name}” ({permission})" if known else permission
