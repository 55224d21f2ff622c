"""Whether a request came through the CDN, and what may be believed of it then.

The CDN sends a secret that only it and we know. A request without it went round the CDN's cache, its firewall and its
reading of headers, so it is refused; one with it is believed the host that the viewer asked for, which the CDN cannot
send as Host: API Gateway answers to its own name alone.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from .. import conf
from .causes import NotFromCdn
from .error_responses import refusal

SECRET = "HTTP_X_ORIGIN_SECRET"  # noqa: S105 - the header's name
VIEWER_HOST = "HTTP_X_VIEWER_HOST"


class OriginMiddleware:
    """Behind the trace, before everything that reads the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secrets = conf.origin_secrets()
        # Taken out: nothing behind this needs it, and nothing can tell it.
        given = request.META.pop(SECRET, "")
        host = request.META.pop(VIEWER_HOST, "")
        if not secrets:
            return self.get_response(request)
        # All are compared, so that the time tells nothing of which.
        if True not in [constant_time_compare(sent(given), secret.encode()) for secret in secrets]:
            response = refusal(NotFromCdn("This is not the service's public address; ask for the same path there"))
            response["Cache-Control"] = "no-store"
            return response
        if host:
            request.META["HTTP_HOST"] = host
        return self.get_response(request)


def sent(given: str) -> bytes:
    """A header's bytes. WSGI hands them on as Latin-1, whatever they are; API Gateway as the text that they are."""
    try:
        return given.encode("latin-1")
    except UnicodeEncodeError:
        return given.encode(errors="surrogatepass")
