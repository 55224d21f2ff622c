"""Errors as responses: JSON with a code, a sentence and the request's id."""

import logging

from django.http import HttpResponse, JsonResponse

from .. import trace
from ..dialects.target import Target
from ..pictures.originals import LostOverlay, NoPlace
from ..storage.errors import LeftAlone, StorageError
from .caching import set_error_cache_headers
from .causes import SERVICE, cause_of, sentence
from .headers import cors, set_target_headers

logger = logging.getLogger(__name__)


def error_response(error: BaseException, target: Target | None = None) -> HttpResponse:
    """An error as JSON: `error`, a code for programs; `message`, a sentence for people; `request_id`, to find it in the
    log."""
    cause, code = cause_of(error), getattr(error, "code", "error")
    # A place that is left alone is logged once, by its bulkhead: there may be thousands of such refusals.
    if isinstance(error, StorageError | LostOverlay | NoPlace) and not isinstance(error, LeftAlone):
        level = logging.ERROR if cause.whose == SERVICE else logging.WARNING
        logger.log(level, "storage", extra={"facts": {"error": type(error).__name__, "detail": str(error)}})
    trace.note(error=code)
    response = JsonResponse(
        {"error": code, "message": sentence(error), "request_id": trace.request_id()},
        status=cause.status,
        headers={**cors(), "X-Content-Type-Options": "nosniff"},
    )
    set_error_cache_headers(response, target)
    if target:
        set_target_headers(response, target)
    return response
