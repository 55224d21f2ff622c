"""REQUIRE_SECOND_FACTOR: staff who logged in by password alone set up a second factor before they see anything else.

Who came by single sign-on is left to the identity provider, which asks for its own factors.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

#: Where one can be set up, and where one can leave.
OPEN = ("/admin/account/", "/admin/logout/", "/admin/jsi18n/")


class SecondFactorMiddleware:
    """After the session and its user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if view.__module__.startswith("rendering.") or request.path.startswith(OPEN) or not lacks_factor(request):
            return None
        sentence = "Set up a second factor first: an app that shows codes, or a passkey."
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": "second_factor", "message": sentence}, status=403)
        messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("mfa_index"))


def lacks_factor(request: HttpRequest) -> bool:
    """Whether the user has to set one up before anything else."""
    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.models import Authenticator

    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    if any(one.get("method") == "socialaccount" for one in methods):
        return False
    real = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return not real.exists()
