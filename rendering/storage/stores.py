"""What the service asks of a place that holds pictures, be it an S3 bucket (`s3.py`) or a folder (`folders.py`).

A store reads an object whole or not at all, in one request; writes it whole or not at all; takes keys exactly as they
are; and says what went wrong with one of these:

StorageError
├── Missing          there is no such object
├── Changed          the object is no longer the version that was asked for
├── Archived         the object is in a storage class that has to be restored before it can be read
├── Denied           a refusal without a reason: no right to it or, where S3 may not list, no such object
├── BadCredentials   the service has no credentials, or such as are not accepted, or may not assume its role
├── WrongClock       the clock of this machine is so wrong that S3 refuses its signatures
├── ClosedAccount    the AWS account has a problem of its own
├── Encrypted        the key that the object is encrypted with may not be used
├── RequesterPays    who asks has to pay, and the place does not say so
├── Misconfigured    the place is not where it is said to be: no such bucket, another region, no S3
├── Away             throttled, or nobody answers
├── TooLate          no answer in time
└── Nonsense         an answer that cannot be right, such as a cut body

The messages are for the log: they may name physical places. Viewers get the sentences of `causes.py`.
"""

import os
import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Protocol, Self

from msgspec import Meta

from ..imaging import stored
from ..imaging.errors import BadDocument, TooLarge
from ..names import wrong_with_length, wrong_with_path, wrong_with_prefix

#: What boto3 takes for a bucket's name. What S3 calls one is less: wrong_with_s3_bucket in names.py.
BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")
#: What begins a URL; `s3:x` is none, and no folder either.
SCHEME = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>//)?")


class StorageError(Exception):
    code = "storage_error"


class Missing(StorageError):
    code = "storage_missing"


class Changed(StorageError):
    code = "original_changed"


class Archived(StorageError):
    code = "storage_archived"


class Denied(StorageError):
    code = "storage_denied"


class BadCredentials(StorageError):
    code = "storage_credentials"


class WrongClock(StorageError):
    code = "storage_clock"


class ClosedAccount(StorageError):
    code = "storage_account"


class Encrypted(StorageError):
    code = "storage_encrypted"


class RequesterPays(StorageError):
    code = "storage_requester_pays"


class Misconfigured(StorageError):
    code = "storage_misconfigured"


class Away(StorageError):
    code = "storage_away"


class TooLate(StorageError):
    code = "storage_too_late"


class Nonsense(StorageError):
    code = "storage_nonsense"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is, physically: an S3 bucket or a folder. Never shown to viewers."""

    kind: Annotated[str, Meta(pattern=r"^(?:s3|folder)\Z")]
    #: The S3 bucket's name, or the folder's path; a relative one is taken from the project's folder.
    location: stored.Text
    prefix: str = ""  # what stands before every key, as it is: "originals/"
    region: str = ""
    endpoint_url: str = ""
    role_arn: str = ""  # a role of the bucket's own account, to be assumed
    external_id: str = ""
    requester_pays: bool = False  # who reads from it pays for it, and says so with each request

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `s3://bucket/prefix`, `file:///folder` or a folder's path. Raises ValueError with a sentence.

        What follows the bucket, and a folder's path, is taken as it is: no %20, no query and no fragment is read out of
        it, since keys and folders may be called so.
        """
        scheme = SCHEME.match(url)
        kind, rest = (scheme["name"].lower(), url[scheme.end() :]) if scheme else ("", url)
        if scheme and scheme["slashes"] and kind == "s3" and rest.partition("/")[0]:
            bucket, _, prefix = rest.partition("/")
            if wrong := wrong_with_prefix(prefix):
                raise ValueError(f"“{url}” is no place for pictures: {wrong}")
            if not BUCKET.fullmatch(bucket):
                raise ValueError(f"“{url}” is no place for pictures: no bucket is called “{bucket}”")
            return cls("s3", bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/")
        if (kind == "file" and rest.startswith("/")) or (not kind and url):
            return cls("folder", rest)
        raise ValueError(f"“{url}” is no place for pictures; write s3://bucket/prefix or file:///folder")

    def wrong_with(self, key: str) -> str:
        """Why there can be no such key here, whatever is in the place; empty when there can. No store need be asked."""
        if self.kind == "s3":
            return wrong_with_length(self.prefix + key)
        return wrong_with_path(f"{self.location}/{self.prefix}{key}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        place = stored.read(data, cls)
        if not all(map(can_be_path, (place.location, place.prefix))):
            raise BadDocument("The location or the prefix of a place can be no part of a path")
        return place


def can_be_path(text: str) -> bool:
    """Whether a file, or an object, can be called so: as bytes, and none of them zero."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store knows of an object without reading it. `etag` is opaque, and what `read` takes as `version`; `size`
    is in bytes, None where the store does not say."""

    etag: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes, the ETag of just these (empty where the store tells no version), and the note that was written
    with them. `coding` is the object's own Content-Encoding: the bytes are as they are stored."""

    content: bytes
    etag: str
    note: str = ""
    coding: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a look at a place found, in a sentence for staff; a few of its keys where it can be read."""

    ok: bool
    sentence: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of what is in a folder of a store: keys and folders, the latter ending in /, whole and in the store's own
    order. `more` asks for the next page; empty on the last."""

    keys: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    more: str = ""


class Store(Protocol):
    """What the service asks of a place. `most` bounds the bytes read; TooLarge is raised before they are taken."""

    def stat(self, key: str) -> Stat: ...

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        """The object; None when it still is `unless`. Raises Changed when `version` is given and it is another."""

    def prepare(self) -> None:
        """Do what the first request would do before it asks."""

    def reach(self) -> None:
        """Raise what is wrong with the place as a whole; Missing when it is a folder that is not there."""

    def sample(self) -> None:
        """Raise what is wrong with one thing that is there, where that may be other than what is wrong with all."""

    def write(
        self,
        key: str,
        content: bytes,
        content_type: str,
        *,
        cache_control: str = "",
        tag: str = "",
        note: str = "",
        replacing: str | None = None,
    ) -> None:
        """Keep the bytes. `cache_control` and `tag` are for who serves the object without us, as CloudFront does;
        `note` is a sentence in ASCII that comes back with the bytes.

        With `replacing`, raises Changed unless the object's ETag is that, or there is none when it is empty: a write
        that arrives late must not undo a later one.
        """

    def keys(self, prefix: str, most: int) -> list[str]:
        """The first keys that begin with a prefix, which is empty or ends in /; not more than `most`, nor than 1000."""

    def browse(self, prefix: str, most: int, more: str = "") -> Listing:
        """What begins with a prefix, down to the next /: up to `most` keys and folders, from where `more` of the page
        before says. Costs no more for a bucket of millions. Raises Missing where there is no such folder."""

    def remove(self, prefix: str) -> int:
        """Delete every object whose key begins with a prefix that ends in /. Returns how many there were."""


def check_size(size: int, most: int | None) -> None:
    """Raise TooLarge before the bytes are taken."""
    if most is not None and size > most:
        raise TooLarge(f"The file has {size:,} bytes; {most:,} are allowed")
