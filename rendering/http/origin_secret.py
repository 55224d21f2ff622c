"""Refuses requests that did not come through the CDN, and takes the viewer's host and address from those that did.

The CDN sends a secret that only it and the service know. A request without it bypassed the CDN's cache, its firewall
and its handling of headers. The CDN sends the host that the viewer asked for in a header of its own, since API Gateway
accepts no Host but its own.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from .. import conf
from .causes import NotFromCdn
from .error_responses import error_response

SECRET = "HTTP_X_ORIGIN_SECRET"  # noqa: S105 - the header's name
VIEWER_HOST = "HTTP_X_VIEWER_HOST"
#: Set by imageservice/api_gateway.py, never by a client: no header's name has a dot.
VIEWER_ADDRESS = "imageservice.viewer_address"


class OriginSecretMiddleware:
    """Refuse requests without the CDN's secret. Comes after the trace, and before everything that reads the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secrets = conf.origin_secrets()
        # Removed, so that nothing later can log or leak it.
        sent = request.META.pop(SECRET, "")
        host = request.META.pop(VIEWER_HOST, "")
        address = request.META.pop(VIEWER_ADDRESS, "")
        if not secrets:
            return self.get_response(request)
        # All are compared, so that timing does not reveal which one matched.
        if True not in [constant_time_compare(header_bytes(sent), secret.encode()) for secret in secrets]:
            response = error_response(
                NotFromCdn("This is not the service's public address; ask for the same path there")
            )
            response["Cache-Control"] = "no-store"
            return response
        if host:
            request.META["HTTP_HOST"] = host
        if address:
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def header_bytes(value: str) -> bytes:
    """A header's bytes. WSGI servers decode them as Latin-1, whatever they are; API Gateway as UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode(errors="surrogatepass")
