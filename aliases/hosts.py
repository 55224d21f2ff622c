"""Which hosts the admin answers to.

Pictures and health checks answer to any: load balancers use addresses, CDNs names of their own, and the responses do
not depend on the host. The admin's forms and links do.
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
#: Characters of a host that messages quote: host names have no more.
LONGEST = 253


class HostMiddleware(CommonMiddleware):
    """Replaces Django's own, which refuses hosts for every path, with an HTML page, before a view is found. Setting
    Content-Length on the admin's responses is inherited from it."""

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
    wrong = HostNotAllowed(f"The admin does not answer {asked}. Its operator can add host names to ALLOWED_HOSTS")
    response = error_response(wrong)
    response["Cache-Control"] = "no-store"
    return response
