"""Django's own admins of users and groups, made robust as ours are."""

from django.contrib.auth import admin as auth

from .pages.model_admin import RobustModelAdmin


class UserAdmin(RobustModelAdmin, auth.UserAdmin):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    pass


class GroupAdmin(RobustModelAdmin, auth.GroupAdmin):
    pass
