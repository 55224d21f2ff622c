"""Log-in pages by django-allauth: which of its pages there are here, and its adapter. Imported only where it is on.

allauth is made for sites where anybody signs up and is written to by e-mail. Here owners make accounts and set
passwords, so only the pages of log-in, log-out, second factor and single sign-on are kept; the others answer 404.
"""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth import urls
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse

from rendering.http.addresses import client_address
from rendering.http.caching import RETRY_AFTER

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]

AWAY = (
    "The identity provider does not answer, so nobody can log in by it. It is not your fault; try again in a moment. A "
    "password works, if you have one here."
)
UNUSABLE = (
    "What your identity provider answered cannot be used, so you are not logged in. It may have been for another "
    "browser, or have come too late. Log in again from here. If that does not help, the operator finds the reason in "
    "the log."
)

#: By their names; all of a second factor and of single sign-on by theirs.
KEPT = frozenset({"account_login", "account_logout", "account_reauthenticate", "account_inactive"})
#: Where this name leads nowhere, allauth's forms leave out “Forgot your password?”.
LEFT_OUT = "account_reset_password"
KEPT_APPS = ("mfa_", "openid_connect_", "saml_", "socialaccount_login_")
#: Of these, the exception: providers need not sign requests to log out, so anybody could send one.
NOT_KEPT = frozenset({"saml_sls"})
#: The pages that send the browser to an identity provider, and those to which it returns.
LEAVING = frozenset({"openid_connect_login", "saml_login"})
BY_PROVIDER = LEAVING | {"openid_connect_callback", "saml_acs", "saml_finish_acs", "saml_metadata"}
#: Characters of a provider's answer. Whoever posts one, it is kept until the browser comes back for it.
LARGEST_ANSWER = 250_000


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """No mail is set up here."""


def not_here(request: HttpRequest, **kwargs: Any) -> Any:
    raise Http404("There is no such page here: owners make accounts and set passwords, in the admin under Users.")


def patterns() -> list[URLPattern | URLResolver]:
    return kept(urls.urlpatterns)


def kept(found: list[Any]) -> list[URLPattern | URLResolver]:
    """The same patterns with the same names, which allauth's pages refer to; those that are not kept lead nowhere."""
    made: list[URLPattern | URLResolver] = []
    for one in found:
        if isinstance(one, URLResolver):
            made.append(URLResolver(one.pattern, kept(one.url_patterns)))
        elif one.name in BY_PROVIDER:
            made.append(URLPattern(one.pattern, by_provider(one.callback, leaves=one.name in LEAVING), name=one.name))
        elif one.name in KEPT or ((one.name or "").startswith(KEPT_APPS) and one.name not in NOT_KEPT):
            made.append(one)
        elif one.name != LEFT_OUT:
            made.append(URLPattern(one.pattern, not_here, name=one.name))
    return made


def by_provider(view: View, *, leaves: bool) -> View:
    """The same view, with failures of the provider answered by a page that says so.

    A view that leaves for another site does so by a page instead of a redirect: the admin's Content-Security-Policy
    lets forms go to this site only, and browsers apply that to redirects after a form as well.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.META.setdefault("HTTP_HOST", request.get_host())  # which a client of HTTP/1.0 need not send
        if sum(len(value) for value in request.POST.values()) > LARGEST_ANSWER:
            return refusal_page(request, UNUSABLE, 403)
        try:
            response = view(request, *args, **kwargs)
        except OSError as error:  # of requests and of urllib
            logger.error("identity provider away", extra={"facts": {"error": f"{type(error).__name__}: {error}"}})
            return refusal_page(request, AWAY, 503)
        except PermissionDenied:  # it answers no log-in that this browser began
            return refusal_page(request, UNUSABLE, 403)
        if not leaves or request.method != "POST" or not isinstance(response, HttpResponseRedirect):
            return response
        page = render(request, "account/leaving.html", {"url": response.url})
        page.cookies = response.cookies
        return page

    return inner


def refusal_page(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """A page that says why a log-in by the identity provider failed."""
    response = render(
        request, "admin/not_logged_in.html", {"title": "Not logged in", "sentence": sentence}, status=status
    )
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = RETRY_AFTER
    return response


def admin_frame(request: HttpRequest) -> dict[str, Any]:
    """What allauth's pages need to be shown in the admin's frame, for the context of templates."""
    if not request.path.startswith("/admin/account/"):
        return {}
    return {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
