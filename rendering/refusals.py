"""Refusals: from an error to its status, its sentence, and how long it is kept."""

import logging

from django.http import HttpResponse, JsonResponse

from . import trace
from .catalogue import NoCatalogue, UnknownAlias, UnknownBucket, UnreadableBucket, UnreadableRevision
from .derivatives import TooLargeToCarry, UnknownDerivative
from .headers import named
from .imaging import errors as imaging
from .originals import MissingOriginal, MissingOverlay
from .rawpath import BadPath
from .signing import Expired, UnsafeNotAllowed, WrongSignature
from .slots import Busy
from .stores import Away, Changed, Denied, Missing, Nonsense, StorageError, TooLate
from .target import Target

logger = logging.getLogger(__name__)


class MethodNotAllowed(Exception):
    """The message is public."""

    code = "method_not_allowed"


class NotFromCdn(Exception):
    """The request went round the CDN. The message is public."""

    code = "not_from_cdn"


class HostNotAllowed(Exception):
    """The admin was asked for under a name that is not its own. The message is public."""

    code = "host_not_allowed"


class Unexpected(Exception):
    """A fault of this program. The message is public."""

    code = "unexpected"


#: Every error that can reach a viewer, with its status. The nearest class in the error's ancestry counts.
STATUS: dict[type[BaseException], int] = {
    BadPath: 400,
    imaging.BadRecipe: 400,
    MissingOverlay: 400,
    HostNotAllowed: 400,
    WrongSignature: 403,
    UnsafeNotAllowed: 403,
    NotFromCdn: 403,
    UnknownAlias: 404,
    UnknownBucket: 404,
    MissingOriginal: 404,
    UnknownDerivative: 404,
    MethodNotAllowed: 405,
    Expired: 410,
    Unexpected: 500,
    imaging.UnsupportedFormat: 415,
    imaging.PictureError: 422,
    imaging.BrokenPicture: 422,
    imaging.TooLarge: 422,
    StorageError: 502,
    Nonsense: 502,
    Denied: 502,  # of our own storage; an original that is denied is a MissingOriginal
    Missing: 502,
    TooLargeToCarry: 502,  # where a redirect leads, or cannot be
    Away: 503,
    Changed: 503,
    Busy: 503,
    NoCatalogue: 503,
    UnreadableRevision: 503,
    UnreadableBucket: 503,
    imaging.BadDocument: 503,
    TooLate: 504,
}
#: What viewers are told of our storage's errors, whose own messages are for the log.
SENTENCES: dict[int, str] = {
    502: "The storage behind this service gave an answer that cannot be used",
    503: "The storage behind this service is busy or away; ask again in a moment",
    504: "The storage behind this service did not answer in time",
}

#: Seconds for which a refusal is cached: a missing original may be uploaded, a broken one replaced, any moment.
REFUSAL_AGE = 10
RETRY_AFTER = "5"


def refusal(error: BaseException, target: Target | None = None) -> HttpResponse:
    """An error as JSON: a word to test for, a sentence to read, and the id under which the log has more."""
    status = next(STATUS[ancestor] for ancestor in type(error).__mro__ if ancestor in STATUS)
    private = isinstance(error, StorageError)
    if private:
        logger.error("storage", extra={"facts": {"error": type(error).__name__, "detail": str(error)}})
    code = getattr(error, "code", "error")
    trace.note(error=code)
    response = JsonResponse(
        {
            "error": code,
            "message": SENTENCES[status] if private else str(error),
            "request_id": trace.request_id(),
        },
        status=status,
        headers={"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"},
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
