"""The body and the query of a request to the admin are parsed before any view or check sees them.

Django parses them when somebody first accesses `POST` or `GET`, which may be in an error page, where it could only fail
once more. And what it cannot parse it logs as an error with a traceback, which no stranger should be able to cause.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.template.defaultfilters import filesizeformat

from .error_pages import is_admin_path, refuse_unreadable


class RequestBodyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not is_admin_path(request):
            return None
        wrong = wrong_with_fields(request)
        return refuse_unreadable(request, wrong) if wrong else None


def wrong_with_fields(request: HttpRequest) -> str:
    """Why the request cannot be parsed, as a sentence; its fields are then empty. An empty text when it can."""
    try:
        request.GET, request.POST  # noqa: B018 - this parses them
    except RequestDataTooBig:
        wrong = f"It has more than {filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}, which no form here needs."
    except (TooManyFieldsSent, TooManyFilesSent):
        wrong = f"It has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields, which no form here has."
    except (BadRequest, MultiPartParserError, ValueError, OSError):  # OSError: it did not arrive
        wrong = "It is not as browsers send a form, or only a part of it arrived."
    else:
        return ""
    request.GET = QueryDict()
    request._mark_post_parse_error()  # type: ignore[attr-defined]  # not in the stubs
    return wrong
