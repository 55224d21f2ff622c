"""Single sign-on: who comes from the identity provider gets the groups that SSO_GROUPS gives for their claims.

Nobody gets in by default: a claim has to be mapped to a group. At each log-in the mapped groups are made what the
claims say, so that who leaves a team loses what came with it. Groups that an owner gave by hand stay.
"""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from .accounts import AWAY, UNUSABLE, refusal_page

logger = logging.getLogger(__name__)
#: Characters of a reason that are logged: part of it may be a stranger's.
LONGEST = 300


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let nobody in without a group; give who is known already what the claims say now."""
        if request.user.is_authenticated:  # an account of their own is not joined to one of the provider's
            raise PermissionDenied
        names = groups_of(sociallogin.account.extra_data)
        if sociallogin.is_existing:
            give_groups(sociallogin.user, names)
        if not names:
            raise ImmediateHttpResponse(render(request, "admin/no_group.html", {"title": "No access"}, status=403))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """The provider's answer is unusable: forged, late, or the user pressed “Cancel” there."""
        reason = (extra_context or {}).get("saml_last_error_reason") or exception or error
        logger.warning("single sign-on refused", extra={"facts": {"reason": str(reason)[:LONGEST]}})
        away = isinstance(exception, OSError)
        raise ImmediateHttpResponse(refusal_page(request, AWAY, 503) if away else refusal_page(request, UNUSABLE, 403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(groups_of(sociallogin.account.extra_data))

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
            give_groups(user, groups_of(sociallogin.account.extra_data))
        return user


def groups_of(said: Mapping[str, Any]) -> set[str]:
    """The names of the groups that the provider's claims give."""
    mapping = dict(one.rsplit("=", 1) for one in settings.SSO_GROUPS)
    values: set[str] = set()
    for claims in (said, said.get("userinfo"), said.get("id_token")):
        found = claims.get(settings.SSO_GROUPS_CLAIM, ()) if isinstance(claims, Mapping) else ()
        values |= {found} if isinstance(found, str) else {one for one in found if isinstance(one, str)}
    return {mapping[value] for value in values & mapping.keys()}


def give_groups(user: User, names: set[str]) -> None:
    """Make the mapped groups of a user those named. Staff without any group is staff no more."""
    mapped = {one.rsplit("=", 1)[1] for one in settings.SSO_GROUPS}
    with transaction.atomic():
        user.groups.remove(*Group.objects.filter(name__in=mapped - names, user=user))
        user.groups.add(*Group.objects.filter(name__in=names))
        is_staff = user.is_superuser or user.groups.exists()
        if user.is_staff != is_staff:
            user.is_staff = is_staff
            user.save(update_fields=["is_staff"])
