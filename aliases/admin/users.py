"""Django's own admins of users and groups, made robust as ours are; and nobody gives rights that they lack.

Django lets whoever may change users make themselves a superuser. Here they change only accounts that have no more
rights than their own, and give only what they have.
"""

from typing import Any

from django import forms
from django.contrib.auth import admin as auth
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from ..access.roles import holds, is_role, may_administer
from . import second_factors
from .pages.model_admin import RobustModelAdmin


class GivingForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """A form that gives permissions or groups; `giver` is who fills it in."""

    giver: Any = None

    def added(self, name: str, chosen: QuerySet[Any]) -> QuerySet[Any]:
        """What is ticked that was not before."""
        before = getattr(self.instance, name).values("pk") if self.instance.pk else []
        return chosen.exclude(pk__in=before)

    def refuse_beyond(self, name: str, permissions: QuerySet[Permission]) -> None:
        if not holds(self.giver, permissions):
            self.add_error(name, "You can give only what you may do yourself; a superuser can give the rest.")


class UserForm(GivingForm, UserChangeForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if "user_permissions" in self.cleaned_data:
            self.refuse_beyond(
                "user_permissions", self.added("user_permissions", self.cleaned_data["user_permissions"])
            )
        if "groups" in self.cleaned_data:
            added = self.added("groups", self.cleaned_data["groups"])
            self.refuse_beyond("groups", Permission.objects.filter(group__in=added))
        return data


class GroupForm(GivingForm):
    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if "permissions" in self.cleaned_data:
            self.refuse_beyond("permissions", self.added("permissions", self.cleaned_data["permissions"]))
        return data


class UserAdmin(RobustModelAdmin, auth.UserAdmin):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form = UserForm

    def get_urls(self) -> list[URLPattern]:
        return [*second_factors.patterns(self), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]  # as Django's own
        return type("UserForm", (super().get_form(request, obj, **kwargs),), {"giver": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        named = tuple(super().get_readonly_fields(request, obj))
        return named if request.user.is_superuser else (*named, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_administer(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or may_administer(request.user, obj))


class GroupAdmin(RobustModelAdmin, auth.GroupAdmin):
    """The roles are declared in code (`access/roles.py`), so that their groups are only shown."""

    form = GroupForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return type("GroupForm", (super().get_form(request, obj, change, **kwargs),), {"giver": request.user})

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.is_administered(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self.is_administered(request, obj))

    def is_administered(self, request: HttpRequest, group: Group) -> bool:
        return not is_role(group) and holds(request.user, group.permissions.all())
