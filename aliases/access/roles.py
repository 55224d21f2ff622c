"""The roles that every installation has, as groups of Django: viewer, editor, publisher and owner.

What a role may do is declared here and nowhere else: each `migrate` gives the groups exactly these permissions, also
those of models that a later version adds. Whoever needs another combination makes a group of their own.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.db import transaction
from django.db.models import Q, QuerySet

VIEWER = ("aliases.view_alias", "aliases.view_bucket", "aliases.view_outbox")
EDITOR = (*VIEWER, "aliases.add_alias", "aliases.change_alias")
PUBLISHER = (*EDITOR, "aliases.publish_alias", "aliases.delete_alias", "aliases.overrule_focus")
OWNER = (
    *PUBLISHER,
    # A change of a bucket is live at once, and says which storage is read with this service's rights.
    *(f"aliases.{action}_bucket" for action in ("add", "change", "delete")),
    # The form shows and saves a bucket's places only to those who hold permissions of their own.
    *(f"aliases.{action}_bucketplace" for action in ("add", "change", "delete", "view")),
    "aliases.view_auditentry",
    *(f"auth.{action}_{model}" for action in ("add", "change", "delete", "view") for model in ("user", "group")),
)
ROLES: dict[str, tuple[str, ...]] = {"viewer": VIEWER, "editor": EDITOR, "publisher": PUBLISHER, "owner": OWNER}


def keep_roles(using: str = "default", **kwargs: Any) -> None:
    """Make the groups, and give them their permissions. Django calls this after each `migrate`."""
    needed = {permission.partition(".")[0] for permissions in ROLES.values() for permission in permissions}
    for label in sorted(needed):
        # Django makes them in the same signal, for one app after another; ours comes before others.
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    with transaction.atomic(using=using):
        for name, permissions in ROLES.items():
            group, _ = Group.objects.using(using).get_or_create(name=name)
            held = set(group.permissions.values_list("pk", flat=True))
            wanted = {permission.pk for permission in named(permissions, using)}
            if held != wanted:
                group.permissions.set(wanted)


def named(permissions: tuple[str, ...], using: str) -> QuerySet[Permission]:
    """The rows of permissions such as “aliases.view_alias”."""
    found = Q()
    for permission in permissions:
        app, codename = permission.split(".")
        found |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.using(using).filter(found)


def is_role(group: Group) -> bool:
    return group.name in ROLES


def holds(user: AbstractBaseUser | AnonymousUser, permissions: QuerySet[Permission]) -> bool:
    """Whether a user has all of these permissions, and so may give them to somebody."""
    if getattr(user, "is_superuser", False):
        return True
    return isinstance(user, User) and not permissions.exclude(pk__in=permissions_of(user)).exists()


def may_administer(user: AbstractBaseUser | AnonymousUser, other: User) -> bool:
    """Whether a user may change another's account: only if that one may do nothing that they may not do themselves.
    Who can set a password can log in with it."""
    if getattr(user, "is_superuser", False):
        return True
    return not other.is_superuser and holds(user, permissions_of(other))


def permissions_of(user: User) -> QuerySet[Permission]:
    """A user's permissions, by groups and their own; also of one who is not active, whom Django says to have none."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()
