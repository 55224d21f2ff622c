"""The table from every error to its status, who can fix it, and the sentence that viewers get.

What the service is to blame for is a 5xx: no cache keeps it, and no fallback picture hides it. What the request or the
original is to blame for is a 4xx. Messages of storage errors are for the log, since they may name physical places;
viewers get the sentence in the table.
"""

from msgspec import Struct

from ..catalogue import catalogue
from ..dialects import raw_path, signing
from ..imaging import errors as imaging
from ..pictures import derivatives, originals
from ..storage import errors as storage
from ..workers.errors import Busy

REQUEST, ORIGINAL, SERVICE = "the request", "the original", "the service"


class MethodNotAllowed(Exception):
    """The message is public."""

    code = "method_not_allowed"


class NotFromCdn(Exception):
    """The request bypassed the CDN. The message is public."""

    code = "not_from_cdn"


class HostNotAllowed(Exception):
    """The admin does not answer to that host. The message is public."""

    code = "host_not_allowed"


class AddressNotAllowed(Exception):
    """The admin is not open to the client's address. The message is public."""

    code = "address_not_allowed"


class Unexpected(Exception):
    """A bug in this program. The message is public."""

    code = "unexpected"


class Cause(Struct, frozen=True):
    status: int
    #: Who has to change something: REQUEST, ORIGINAL or SERVICE.
    whose: str
    #: What viewers read; empty if the error's own message is public.
    sentence: str = ""
    #: What /readyz and the admin say of a storage that fails like this.
    state: str = ""


#: Every error that can reach a viewer. Of an error's classes, the most derived one in the table counts.
CAUSES: dict[type[BaseException], Cause] = {
    raw_path.BadPath: Cause(400, REQUEST),
    imaging.BadRecipe: Cause(400, REQUEST),
    originals.MissingOverlay: Cause(400, REQUEST),
    HostNotAllowed: Cause(400, REQUEST),
    signing.WrongSignature: Cause(403, REQUEST),
    signing.UnsafeNotAllowed: Cause(403, REQUEST),
    NotFromCdn: Cause(403, REQUEST),
    AddressNotAllowed: Cause(403, REQUEST),
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
    derivatives.TooLargeToCarry: Cause(502, SERVICE),  # at /-/d/, to which larger pictures are redirected
    originals.DeniedOriginal: Cause(502, SERVICE),  # in a folder only; in S3, denied and missing look the same
    originals.NoPlace: Cause(502, SERVICE),
    originals.LostOverlay: Cause(502, SERVICE),
    storage.Missing: Cause(
        502,
        SERVICE,
        "A file that this service needs is missing from its storage",
        "missing: there is no such file",
    ),
    storage.Archived: Cause(
        502,
        SERVICE,
        "A file that this service needs is archived in its storage and must be restored first",
        "archived: files there are in a storage class that must be restored before reading",
    ),
    storage.Denied: Cause(
        502,
        SERVICE,
        "The storage of this service denies it access",
        "denied: this service lacks the permission",
    ),
    storage.BadCredentials: Cause(
        502,
        SERVICE,
        "The storage of this service rejects its credentials",
        "credentials: there are none, they are expired or rejected, or the role cannot be assumed",
    ),
    storage.WrongClock: Cause(
        502,
        SERVICE,
        "The clock of this service is wrong, so its storage rejects its requests",
        "clock: this machine's clock is too far off, so signed requests are rejected",
    ),
    storage.ClosedAccount: Cause(
        502,
        SERVICE,
        "The account that holds the storage of this service has a problem",
        "account: it is closed, suspended or not signed up",
    ),
    storage.Encrypted: Cause(
        502,
        SERVICE,
        "This service may not use the key that encrypts its storage",
        "encrypted: the key may not be used, or is disabled",
    ),
    storage.RequesterPays: Cause(
        502,
        SERVICE,
        "The storage of this service requires the requester to pay, and its settings do not agree to",
        "requester pays: the place is not set to requester pays",
    ),
    storage.Misconfigured: Cause(
        502,
        SERVICE,
        "The storage of this service is not where its settings say",
        "not as configured: there is no such bucket, it is in another region, or the path is no folder",
    ),
    storage.Nonsense: Cause(
        502,
        SERVICE,
        "The storage of this service sent an invalid response",
        "nonsense: its responses are invalid",
    ),
    storage.Away: Cause(
        503,
        SERVICE,
        "The storage of this service is busy or unreachable; try again in a moment",
        "away: it does not respond, or it throttles requests",
    ),
    storage.LeftAlone: Cause(
        503,
        SERVICE,
        "The storage of this service is slow to respond, and is not asked for the moment; try again in a few seconds",
        "left alone: it was slow to respond several times, and is tried again every few seconds",
    ),
    storage.Changed: Cause(
        503,
        ORIGINAL,
        "The original was overwritten while it was read; try again in a moment",
        "changing: files are overwritten while they are read",
    ),
    Busy: Cause(503, SERVICE),
    catalogue.NoCatalogue: Cause(503, SERVICE),
    catalogue.UnreadCatalogue: Cause(503, SERVICE),
    catalogue.UnreadableRevision: Cause(503, SERVICE),
    catalogue.UnreadableBucket: Cause(503, SERVICE),
    imaging.BadDocument: Cause(503, SERVICE, "This version cannot read what is published"),
    storage.TooLate: Cause(
        504, SERVICE, "The storage of this service did not respond in time", "too late: it does not respond in time"
    ),
}


def cause_of(error: BaseException) -> Cause:
    """The row of the table for an error that has one."""
    return next(CAUSES[ancestor] for ancestor in type(error).__mro__ if ancestor in CAUSES)


def sentence(error: BaseException) -> str:
    """The sentence that viewers read."""
    if isinstance(error, catalogue.UnreadCatalogue) and isinstance(error.__cause__, storage.StorageError):
        return f"{error}. {sentence(error.__cause__)}"
    return cause_of(error).sentence or str(error)
