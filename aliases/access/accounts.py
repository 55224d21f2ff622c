"""Log-in pages by django-allauth: which of its pages there are here, and its adapter. Imported only where it is on.

allauth is made for sites where anybody signs up and is written to by e-mail. Here owners make accounts and set
passwords, so only the pages of log-in, log-out, second factor and single sign-on are kept; the others answer 404.
"""

from typing import Any

from allauth import urls
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, reverse

from .addresses import client_address

#: By their names; all of a second factor and of single sign-on by theirs.
KEPT = frozenset({"account_login", "account_logout", "account_reauthenticate", "account_inactive"})
#: Where this name leads nowhere, allauth's forms leave out “Forgot your password?”.
LEFT_OUT = "account_reset_password"
KEPT_APPS = ("mfa_", "openid_connect_", "socialaccount_login_")


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
        elif one.name in KEPT or (one.name or "").startswith(KEPT_APPS):
            made.append(one)
        elif one.name != LEFT_OUT:
            made.append(URLPattern(one.pattern, not_here, name=one.name))
    return made


def admin_frame(request: HttpRequest) -> dict[str, Any]:
    """What allauth's pages need to be shown in the admin's frame, for the context of templates."""
    if not request.path.startswith("/admin/account/"):
        return {}
    return {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
