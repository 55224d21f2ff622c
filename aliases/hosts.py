"""Which hosts the admin answers to.

Pictures and health answer to any: load balancers ask by addresses, CDNs by names of their own, and nothing of what they
get depends on it. The admin's forms and links do.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware

from rendering.http.causes import HostNotAllowed
from rendering.http.error_responses import error_response

logger = logging.getLogger(__name__)
#: Characters of a host that are repeated: names have no more.
LONGEST = 253


class HostMiddleware(CommonMiddleware):
    """In the place of Django's own, which refuses hosts for every path, with a page of HTML, before any view is found.
    That the answers of the admin have a Content-Length is left to it."""

    def process_request(self, request: HttpRequest) -> None:
        return None

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if view.__module__.startswith("rendering."):
            return None
        try:
            request.get_host()
        except DisallowedHost:
            return refuse(request)
        return None


def refuse(request: HttpRequest) -> HttpResponse:
    host = str(request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", "")))[:LONGEST]
    hint = "If it is the admin's, add it, without a port, to ALLOWED_HOSTS"
    logger.warning("host refused", extra={"facts": {"host": host, "hint": hint}})
    asked = f"to the host “{host}”" if host else "without a host"
    wrong = HostNotAllowed(f"The admin does not answer {asked}. Whoever runs it can add host names to ALLOWED_HOSTS")
    response = error_response(wrong)
    response["Cache-Control"] = "no-store"
    return response
