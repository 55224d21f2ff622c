"""Which permission was missing, in words, for the page that refuses."""

import re

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

#: What Django's own pages of a model ask for, by the last word of their names.
ACTIONS = {"add": "add", "delete": "delete", "changelist": "view", "history": "view"}


class MissingRight(PermissionDenied):
    """One of these permissions is needed: “aliases.publish_alias”."""

    def __init__(self, *permissions: str) -> None:
        super().__init__(*permissions)
        self.permissions = permissions


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise MissingRight unless the user has one of them."""
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise MissingRight(*permissions)


def missing_rights(request: HttpRequest, exception: Exception) -> str:
    """“Can view alias” (aliases.view_alias) or …; empty where it is not known."""
    permissions = exception.permissions if isinstance(exception, MissingRight) else asked_by(request)
    return " or ".join(described(permission) for permission in permissions)


def asked_by(request: HttpRequest) -> tuple[str, ...]:
    """What a page of Django's own admin asks for, by its name: “aliases_alias_change”."""
    match = request.resolver_match
    found = re.fullmatch(r"(\w+?)_(\w+)_([a-z]+)", match.url_name or "") if match else None
    if not found:
        return ()
    app, model, page = found.groups()
    action = ("change" if request.method == "POST" else "view") if page == "change" else ACTIONS.get(page, "")
    return (f"{app}.{action}_{model}",) if action else ()


def described(permission: str) -> str:
    app, codename = permission.split(".")
    known = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    return f"“{known.name}” ({permission})" if known else permission
