"""The admin's error pages: what was wrong, what would be right, and a way back.

They are for the admin's paths and the start page; errors of the data plane are JSON.
"""

import logging
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import csrf, defaults

from rendering.http.caching import RETRY_AFTER
from rendering.trace import request_id

from . import resubmission
from .permissions import missing_permissions

logger = logging.getLogger(__name__)

DATABASE_AWAY = (
    "The database of this admin does not answer. Nothing was saved; try again in a moment. Pictures are served."
)


def is_admin_path(request: HttpRequest) -> bool:
    return request.path == "/" or request.path == "/admin" or request.path.startswith("/admin/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not that of the browser's cookie: after logging in again, or without the cookie."""
    if not is_admin_path(request):
        return csrf.csrf_failure(request, reason)
    if resubmission.wants_json(request):
        resubmission.context(request)  # so that the response sets a new cookie
        return resubmission.json_error("csrf", "This page is from before you logged in. Try again.", 403)
    is_login = request.path == reverse("admin:login")
    context = {
        "title": "Log in again" if is_login else "Please send this again",
        "reason": reason,
        "is_login": is_login,
        **({"held": [], "shown": [], "sends_again": False} if is_login else {}),
        "is_ours": resubmission.is_ours(request),
        "origin": request.headers.get("Origin") or request.headers.get("Referer") or "another site",
    }
    return render_error(request, "admin/csrf_failure.html", 403, context).render()


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_admin_path(request):
        return defaults.permission_denied(request, exception)
    rights = missing_permissions(request, exception)
    if resubmission.wants_json(request):
        return resubmission.json_error(
            "forbidden", f"You may not: it needs the permission {rights or 'of an editor'}.", 403
        )
    return render_error(request, "admin/forbidden.html", 403, {"title": "You may not do this", "rights": rights})


def log_in_locked(request: HttpRequest, response: HttpResponse, credentials: Any = None) -> HttpResponse:
    """After too many failures, whatever was typed. It does not say whether there is such an account."""
    until = timezone.now() + timedelta(seconds=settings.LOGIN_LOCK + 59)  # the page says it without seconds
    sentence = f"Too many log-ins failed. Try again after {until:%H:%M} UTC."
    if resubmission.wants_json(request):
        return resubmission.json_error("locked", sentence, 429)
    context = {"title": "Log-in locked", "until": until, "held": [], "shown": [], "sends_again": False}
    page = render_error(request, "admin/log_in_locked.html", 429, context).render()
    page["Retry-After"] = str(settings.LOGIN_LOCK)
    return page


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_admin_path(request):
        return defaults.page_not_found(request, exception)
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    if resubmission.wants_json(request):
        return resubmission.json_error("not_found", "It is not there any more.", 404)
    # Django's own message for a missing row speaks of queries.
    sentence = "" if "matches the given query" in said else said
    context = {"title": "There is no such page", "sentence": sentence, "sends_again": False}
    return render_error(request, "admin/not_found.html", 404, context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_admin_path(request):
        return defaults.bad_request(request, exception)
    return refuse_unreadable(request, "")


def refuse_unreadable(request: HttpRequest, sentence: str) -> HttpResponse:
    """The request cannot be parsed, so the page cannot hold it; the browser may still."""
    if resubmission.wants_json(request):
        return resubmission.json_error("unreadable", sentence or "What was sent cannot be read.", 400)
    return render_plain_error(
        request, "admin/bad_request.html", 400, {"title": "This cannot be read", "sentence": sentence}
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. The page needs nothing that may have failed, such as the database."""
    if not is_admin_path(request):
        return defaults.server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_away(request)
    if resubmission.wants_json(request):
        return resubmission.json_error(
            "failed", "The service failed. It is not your fault; try again in a moment.", 500
        )
    try:
        context = {**resubmission.context(request), "title": "The service failed", "request_id": request_id()}
        return render_plain_error(request, "admin/failed.html", 500, context)
    except Exception:  # the page of last resort
        logger.exception("error page failed")
        return defaults.server_error(request)


def database_away(request: HttpRequest) -> HttpResponse:
    """The database does not answer, or refuses. Django calls this within the exception's handler."""
    response: HttpResponse
    if resubmission.wants_json(request):
        response = resubmission.json_error("database", DATABASE_AWAY, 503)
    else:
        response = HttpResponse(
            loader.get_template("admin/database_away.html").render(
                {
                    "site_header": admin.site.site_header,
                    "site_title": admin.site.site_title,
                    "title": "The database does not answer",
                    "sentence": DATABASE_AWAY,
                    "request_id": request_id(),
                    **resubmission.context(request),
                }
            ),
            status=503,
        )
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def render_error(request: HttpRequest, template: str, status: int, context: dict[str, Any]) -> TemplateResponse:
    shared = {**admin.site.each_context(request), **resubmission.context(request), "back": way_back(request)}
    shared["is_nav_sidebar_enabled"] = shared["has_permission"]  # it is empty where nobody is logged in
    return TemplateResponse(request, template, {**shared, **context}, status=status)


def render_plain_error(request: HttpRequest, template: str, status: int, context: dict[str, Any]) -> HttpResponse:
    """A page that needs no user, nor anything else from the database."""
    content = loader.get_template(template).render(
        {"site_header": admin.site.site_header, "site_title": admin.site.site_title, **context}
    )
    return HttpResponseServerError(content, status=status)


def way_back(request: HttpRequest) -> str:
    """The page of this site that linked here; else the admin's index."""
    referer = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    path = referer.removeprefix(here)
    own = referer.startswith(f"{here}/") and path != request.get_full_path()
    return path if own else reverse("admin:index")
