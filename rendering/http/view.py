"""What all views of the data plane share: methods, errors, HEAD."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from .causes import CAUSES, MethodNotAllowed, Unexpected
from .conditional import matches_anything, not_modified
from .error_responses import error_response
from .headers import ALLOWED, preflight

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]


def data_plane_view(view: View) -> View:
    """Make a function a view of the data plane.

    It answers OPTIONS, refuses methods that write, turns errors into JSON, and empties the response to HEAD.
    """

    @wraps(view)
    def respond(request: HttpRequest) -> HttpResponse:
        try:
            if request.method == "OPTIONS":
                wanted = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                return HttpResponse(status=204, headers=preflight(wanted))
            if request.method not in ("GET", "HEAD"):
                response = error_response(MethodNotAllowed("Nothing can be written here; use GET or HEAD"))
                response["Allow"] = ALLOWED["Allow"]
            else:
                response = view(request)
                if response.status_code == 200 and matches_anything(request):
                    response = not_modified(response)
        except tuple(CAUSES) as error:
            response = error_response(error)
        except Exception:  # the last resort: a sentence and an id instead of a traceback
            logger.exception("unexpected")
            response = error_response(Unexpected("Something went wrong here; the log has it under this request_id"))
        if response.status_code != 304:
            response["Content-Length"] = str(len(response.content))
            if request.method == "HEAD":
                response.content = b""
        return response

    # In a process that has the admin, too, its CSRF check would answer a POST before the 405 does.
    respond.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's own decorator sets
    return respond
