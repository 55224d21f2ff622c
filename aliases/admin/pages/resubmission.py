"""A form that was posted and could not be processed: a page of ours holds it, from which it can be sent again.

So nothing typed is lost when a session ends, a permission is missing or the service fails. Passwords and files are not
held; what another site sent is shown, but cannot be sent again.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token


def fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted names and values, in their order."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
        for value in values
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates that include admin/held_form.html."""
    held = fields(request)
    return {
        "held": held,
        "shown": [(name, value) for name, value in held if value and not name.startswith("_")],
        "sends_again": request.method == "POST" and is_ours(request),
        "action": request.get_full_path(),
        # Explicitly, since some of these pages are rendered without the request.
        "csrf_token": get_token(request),
    }


def is_ours(request: HttpRequest) -> bool:
    """Whether a page of this site sent it. Browsers mark every form that a page of another site sends."""
    here = f"{request.scheme}://{request.get_host()}"
    origin, referer = request.headers.get("Origin"), request.headers.get("Referer")
    if origin is not None:
        return origin == here or origin in settings.CSRF_TRUSTED_ORIGINS
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    try:
        return not referer or urlsplit(referer).netloc == request.get_host()
    except ValueError:  # no address at all
        return False


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of our pages asks, which shows the message itself."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def json_error(code: str, sentence: str, status: int) -> JsonResponse:
    """An answer to a script: a code to test, a sentence to show."""
    return JsonResponse({"code": code, "message": sentence}, status=status)
