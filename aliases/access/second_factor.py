"""Second factors: a session opens the admin only once a factor was given in it, and each code works once.

Users with a factor are asked for it, even in a session that began before they had one. With REQUIRE_SECOND_FACTOR,
users without one must set one up first. Single sign-on is exempt: the identity provider asks for its own factors. Wrong
codes count towards the lockout, as wrong passwords do.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from .factor_secrets import UNREADABLE, Unreadable

#: Pages that are always open, among them the ways out.
OPEN = ("/admin/account/logout/", "/admin/logout/", "/admin/jsi18n/")
#: The pages where a factor is set up, and where it is given.
SETTING_UP, GIVING = ("/admin/account/",), ("/admin/account/2fa/reauthenticate/", "/admin/account/2fa/webauthn/reauth")
#: The sender of Django's `user_login_failed` for a wrong code.
SENDER = "second factor"


class SecondFactorMiddleware:
    """After the session and its user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        authenticator_added.connect(given_by_setting_up, dispatch_uid="second factor given")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if view.__module__.startswith("rendering.") or request.path.startswith(OPEN):
            return None
        if not (missing := missing_factor(request)):
            return None
        sentence, page, open_pages = missing
        if request.path.startswith(open_pages):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": "second_factor", "message": sentence}, status=403)
        messages.warning(request, sentence)
        return HttpResponseRedirect(page)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Unreadable):
            return None
        messages.error(request, UNREADABLE)
        return HttpResponseRedirect(reverse("mfa_index"))


def missing_factor(request: HttpRequest) -> tuple[str, str, tuple[str, ...]] | None:
    """What the user must do first: a sentence, the page for it, and the prefixes of pages that stay open until then."""
    if not request.user.is_authenticated:
        return None
    methods = {one.get("method") for one in get_authentication_records(request, request.user)}
    if "socialaccount" in methods:
        return None
    types = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if not types - {Authenticator.Type.RECOVERY_CODES}:
        sentence = "Set up a second factor first: an app that shows codes, or a passkey."
        return (sentence, reverse("mfa_index"), SETTING_UP) if settings.REQUIRE_SECOND_FACTOR else None
    if "mfa" in methods:
        return None
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
    page = f"{reverse(name)}?{urlencode({'next': reverse('admin:index')})}"
    return "This log-in is from before you had a second factor. Give it now.", page, GIVING


def given_by_setting_up(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Record the factor as given: setting it up has proved that the user has it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class Checked:
    """A form that takes a code. It is locked with the log-in, and accepts each code once across all processes."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        request, credentials = context.request, {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise ValidationError("Too many log-ins failed.")  # the page of a lock is shown instead
        code: str = super().clean_code()  # type: ignore[misc]  # of the form beside it
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_up(self.authenticator, code)
        return code

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        credentials = {"username": self.user.get_username()}
        user_login_failed.send(sender=SENDER, credentials=credentials, request=context.request)


class AuthenticateForm(Checked, forms.AuthenticateForm):  # type: ignore[misc]  # untyped
    pass


class ReauthenticateForm(Checked, forms.ReauthenticateForm):  # type: ignore[misc]  # untyped
    pass


def use_up(authenticator: Any, code: str) -> None:
    """Store a code's time step, and refuse codes of that step or earlier. allauth does so within one process only."""
    secret = decrypt(authenticator.data["secret"])
    counters = yield_hotp_counters_from_time()
    shown = (
        one for one in counters if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, one)))
    )
    counter = max(shown, default=-1)  # none: its time has just ended
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if counter <= row.data.get("counter", -1):
            raise get_adapter().validation_error("incorrect_code")
        row.data["counter"] = counter
        Authenticator.objects.filter(pk=row.pk).update(data=row.data)
    authenticator.data = row.data
