"""One table from what went wrong to what is said of it: the status, whose fault it is, and the sentence.

What is our fault is a 5xx and never kept by a cache, and no fallback picture stands in for it. What is the request's or
the original's is a 4xx. Errors of a storage have messages for the log, which may name physical places; viewers get the
sentence that stands here.
"""

from dataclasses import dataclass

from ..catalogue import catalogue
from ..dialects import raw_path, signing
from ..imaging import errors as imaging
from ..pictures import derivatives, originals, slots
from ..storage import errors as storage

REQUEST, ORIGINAL, SERVICE = "the request", "the original", "the service"


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


@dataclass(frozen=True, slots=True)
class Cause:
    status: int
    #: Who has to change something: REQUEST, ORIGINAL or SERVICE.
    whose: str
    #: What viewers are told; empty where the error's own message is public.
    sentence: str = ""
    #: What /readyz and the admin say of a storage that fails so.
    state: str = ""


#: Every error that can reach a viewer. The nearest class in the error's ancestry counts.
CAUSES: dict[type[BaseException], Cause] = {
    raw_path.BadPath: Cause(400, REQUEST),
    imaging.BadRecipe: Cause(400, REQUEST),
    originals.MissingOverlay: Cause(400, REQUEST),
    HostNotAllowed: Cause(400, REQUEST),
    signing.WrongSignature: Cause(403, REQUEST),
    signing.UnsafeNotAllowed: Cause(403, REQUEST),
    NotFromCdn: Cause(403, REQUEST),
    catalogue.UnknownAlias: Cause(404, REQUEST),
    catalogue.UnknownBucket: Cause(404, REQUEST),
    originals.MissingOriginal: Cause(404, REQUEST),
    derivatives.UnknownDerivative: Cause(404, REQUEST),
    MethodNotAllowed: Cause(405, REQUEST),
    originals.ArchivedOriginal: Cause(409, ORIGINAL),
    originals.ArchivedOverlay: Cause(409, ORIGINAL),
    signing.Expired: Cause(410, REQUEST),
    imaging.UnsupportedFormat: Cause(415, ORIGINAL),
    imaging.BrokenPicture: Cause(422, ORIGINAL),
    imaging.TooLarge: Cause(422, ORIGINAL),
    Unexpected: Cause(500, SERVICE),
    derivatives.TooLargeToCarry: Cause(502, SERVICE),  # where a redirect leads, or cannot be
    originals.DeniedOriginal: Cause(502, SERVICE),  # in a folder; S3 says no more than that there may be none
    originals.NoPlace: Cause(502, SERVICE),
    originals.LostOverlay: Cause(502, SERVICE),
    storage.Missing: Cause(
        502,
        SERVICE,
        "Something that this service keeps is gone from the storage behind it",
        "missing: it is not there",
    ),
    storage.Archived: Cause(
        502,
        SERVICE,
        "What this service keeps is archived in the storage behind it, and has to be restored first",
        "archived: what is kept there is in a storage class that has to be restored first",
    ),
    storage.Denied: Cause(
        502,
        SERVICE,
        "The storage behind this service denies it access",
        "denied: this service's rights do not reach it",
    ),
    storage.BadCredentials: Cause(
        502,
        SERVICE,
        "The storage behind this service does not accept its credentials",
        "credentials: there are none, they are expired or not accepted, or the role cannot be assumed",
    ),
    storage.WrongClock: Cause(
        502,
        SERVICE,
        "The clock of this service is wrong, so the storage behind it refuses its requests",
        "clock: this machine's is so wrong that requests are refused",
    ),
    storage.ClosedAccount: Cause(
        502,
        SERVICE,
        "The account of the storage behind this service is not in order",
        "account: the storage says that it is closed, suspended or not signed up",
    ),
    storage.Encrypted: Cause(
        502,
        SERVICE,
        "This service may not use the key with which the storage behind it encrypts",
        "encrypted: the key may not be used, or is disabled",
    ),
    storage.RequesterPays: Cause(
        502,
        SERVICE,
        "The storage behind this service wants whoever reads to pay, and is not told that this service does",
        "requester pays: the place does not say that we do",
    ),
    storage.Misconfigured: Cause(
        502,
        SERVICE,
        "The storage behind this service is not where its settings say",
        "not as configured: there is no such bucket, or it is elsewhere, or no folder",
    ),
    storage.Nonsense: Cause(
        502,
        SERVICE,
        "The storage behind this service gave an answer that cannot be used",
        "nonsense: its answers cannot be used",
    ),
    storage.Away: Cause(
        503,
        SERVICE,
        "The storage behind this service is busy or away; ask again in a moment",
        "away: nobody answers, or it throttles",
    ),
    storage.Changed: Cause(
        503,
        ORIGINAL,
        "The original was overwritten while it was read; ask again in a moment",
        "changing: it is written while it is read",
    ),
    slots.Busy: Cause(503, SERVICE),
    catalogue.NoCatalogue: Cause(503, SERVICE),
    catalogue.UnreadCatalogue: Cause(503, SERVICE),
    catalogue.UnreadableRevision: Cause(503, SERVICE),
    catalogue.UnreadableBucket: Cause(503, SERVICE),
    imaging.BadDocument: Cause(503, SERVICE, "What is published here is not written as this version reads it"),
    storage.TooLate: Cause(
        504, SERVICE, "The storage behind this service did not answer in time", "too late: no answer in time"
    ),
}


def cause_of(error: BaseException) -> Cause:
    return next(CAUSES[ancestor] for ancestor in type(error).__mro__ if ancestor in CAUSES)


def sentence(error: BaseException) -> str:
    """What a viewer is told of an error."""
    if isinstance(error, catalogue.UnreadCatalogue) and isinstance(error.__cause__, storage.StorageError):
        return f"{error}. {sentence(error.__cause__)}"
    return cause_of(error).sentence or str(error)
