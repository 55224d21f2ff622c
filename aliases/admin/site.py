"""The admin's site: Django's, except that nothing typed is lost when the session has ended."""

from collections.abc import Sequence
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from .pages import resubmission
from .pages.page import Page, site_patterns
from .pages.people import person


class Site(AdminSite):
    #: Pages that belong to no model, set by `registration.py`.
    pages: Sequence[Page] = ()

    def get_urls(self) -> list[Any]:
        return [*site_patterns(self, self.pages), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Without a login, Django redirects to the log-in page and drops what was posted; we keep it."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request) or request.path == reverse("admin:logout", current_app=self.name):
                return guarded(request, *args, **kwargs)
            if resubmission.wants_json(request):
                return resubmission.json_error("logged_out", "You were logged out.", 403)
            if request.method == "POST":
                return self.logged_out(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page has: which environment this is, and who looks."""
        me = person(request.user) if request.user.is_authenticated else None
        return {**super().each_context(request), "environment": settings.ENVIRONMENT, "me": me}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Where allauth's pages are on, they log in: a second factor is asked for there."""
        answer = super().login
        if not settings.ACCOUNT_PAGES:
            return answer(request, extra_context)
        from allauth.account.decorators import secure_admin_login

        return secure_admin_login(answer)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from .desk.desk import desk  # models, which are not there yet when the site is made

        return super().index(request, {**desk(request), **(extra_context or {})})

    def logged_out(self, request: HttpRequest) -> HttpResponse:
        # No URL to continue at: where a form is posted may not allow GET. The form is sent again from this page.
        context = {**self.each_context(request), **resubmission.context(request), "title": "You were logged out"}
        context["is_nav_sidebar_enabled"] = False
        return TemplateResponse(request, "admin/logged_out_meanwhile.html", context, status=403)
