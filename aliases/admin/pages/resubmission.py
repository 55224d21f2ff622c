"""What was sent by a form and could not be done: held in a page of ours, from which it can be sent again.

So nothing that was typed is lost when a session ends, a right is missing or the service fails. Passwords and files are
never held, and what another site sent is shown but not offered to be sent again in a person's name.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token


def fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The names and values that were posted, in their order."""
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
        # By name, since some of these pages are made without the request.
        "csrf_token": get_token(request),
    }


def is_ours(request: HttpRequest) -> bool:
    """Whether a page of this site sent it. Browsers say so for every form that another site's page sends."""
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
    """Whether a script of our pages asks, which tells its reader itself."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def json_error(code: str, sentence: str, status: int) -> JsonResponse:
    """An answer to a script: a word to test for, a sentence to show."""
    return JsonResponse({"code": code, "message": sentence}, status=status)
