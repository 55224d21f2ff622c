"""Refusals: from an error to its status, its sentence, and how long it is kept."""

import logging

from django.http import HttpResponse, JsonResponse

from .. import trace
from ..dialects.target import Target
from ..pictures.originals import LostOverlay, NoPlace
from ..storage.errors import StorageError
from .causes import SERVICE, cause_of, sentence
from .headers import CORS, named

logger = logging.getLogger(__name__)


#: Seconds for which a refusal is cached: a missing original may be uploaded, a broken one replaced, any moment.
REFUSAL_AGE = 10
RETRY_AFTER = "5"


def refusal(error: BaseException, target: Target | None = None) -> HttpResponse:
    """An error as JSON: a word to test for, a sentence to read, and the id under which the log has more."""
    cause, code = cause_of(error), getattr(error, "code", "error")
    if isinstance(error, StorageError | LostOverlay | NoPlace):
        level = logging.ERROR if cause.whose == SERVICE else logging.WARNING
        logger.log(level, "storage", extra={"facts": {"error": type(error).__name__, "detail": str(error)}})
    trace.note(error=code)
    response = JsonResponse(
        {"error": code, "message": sentence(error), "request_id": trace.request_id()},
        status=cause.status,
        headers={**CORS, "X-Content-Type-Options": "nosniff"},
    )
    return refused(response, target)


def refused(response: HttpResponse, target: Target | None) -> HttpResponse:
    if response.status_code >= 500:
        response["Cache-Control"] = "no-store"
        if response.status_code == 503:
            response["Retry-After"] = RETRY_AFTER
    else:
        # No longer than the picture itself would be: its URL may be about to expire.
        age = min(REFUSAL_AGE, target.caching.max_age) if target else REFUSAL_AGE
        response["Cache-Control"] = f"public, max-age={age}"
    return named(response, target) if target else response
