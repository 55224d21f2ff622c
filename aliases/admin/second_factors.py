"""The admin's page on which an owner removes the second factors of somebody who has lost them."""

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse

from ..access.roles import may_administer
from .pages.model_admin import RobustModelAdmin
from .pages.page import FORM, Page, render_page, url_patterns
from .pages.permissions import CHANGE_USER, MissingPermission

#: What each type of factor is called, but for passkeys, which their users name.
NAMES = {"totp": "an app that shows codes", "recovery_codes": "recovery codes"}


def patterns(user_admin: RobustModelAdmin) -> list[URLPattern]:
    """The page's URL; none where second factors are off, which have no table then."""
    if not apps.is_installed("allauth.mfa"):
        return []
    page = Page("<int:pk>/second_factors/", removal, "second_factors", (CHANGE_USER,), FORM)
    return url_patterns(user_admin, [page])


def removal(request: HttpRequest, pk: int) -> HttpResponse:
    from allauth.mfa.models import Authenticator

    user = get_object_or_404(User, pk=pk)
    if not may_administer(request.user, user):
        raise MissingPermission(*CHANGE_USER)
    factors = Authenticator.objects.filter(user=user)
    if request.method != "POST":
        named = [NAMES.get(factor.type, f"the passkey “{factor}”") for factor in factors.order_by("type", "pk")]
        context = {"title": "Second factors", "factors": named}
        return render_page(request, "second_factors", user, context)
    for factor in factors:  # one by one, so that each is in the audit log
        factor.delete()
    messages.success(
        request, f"The second factors of “{user}” are removed. The password alone logs in until others are set up."
    )
    return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))
