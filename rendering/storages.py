"""Places that hold pictures: S3 buckets (`s3.py`) and folders (`folders.py`), with the same few guarantees.

A store reads an object whole or not at all, in one request; writes it whole or not at all; takes keys exactly as they
are; and says what went wrong with one of these:

StorageError
├── Missing      there is no such object
├── Changed      the object is no longer the version that was asked for
├── Denied       the credentials do not reach
├── Away         throttled, or nobody answers
├── TooLate      no answer in time
└── Nonsense     an answer that cannot be right: a cut body, a bucket that does not exist

The messages are for the log: they may name physical places. Viewers get the sentences of `delivery.py`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self, cast
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from .imaging.errors import TooLarge


class StorageError(Exception):
    code = "storage_error"


class Missing(StorageError):
    code = "storage_missing"


class Changed(StorageError):
    code = "original_changed"


class Denied(StorageError):
    code = "storage_denied"


class Away(StorageError):
    code = "storage_away"


class TooLate(StorageError):
    code = "storage_too_late"


class Nonsense(StorageError):
    code = "storage_nonsense"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is, physically: an S3 bucket or a folder. Never shown to viewers."""

    kind: str  # "s3" or "folder"
    location: str  # the S3 bucket's name, or the folder's path; a relative one is taken from the project's folder
    prefix: str = ""  # what stands before every key, as it is: "originals/"
    region: str = ""
    endpoint_url: str = ""
    role_arn: str = ""  # a role of the bucket's own account, to be assumed
    external_id: str = ""

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `s3://bucket/prefix`, `file:///folder` or a folder's path. Raises ValueError with a sentence."""
        parts = urlsplit(url)
        if parts.scheme == "s3" and parts.netloc:
            prefix = unquote(parts.path).lstrip("/")
            return cls("s3", parts.netloc, prefix if not prefix or prefix.endswith("/") else f"{prefix}/")
        if parts.scheme == "file" and parts.path and not parts.netloc:
            return cls("folder", unquote(parts.path))
        if url and not parts.scheme:
            return cls("folder", url)
        raise ValueError(f"“{url}” is no place for pictures; write s3://bucket/prefix or file:///folder")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store knows of an object without reading it. `etag` is opaque; `size` is in bytes."""

    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes, and the ETag of just these."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What a look at a place found, in a sentence for staff; a few of its keys where it can be read."""

    ok: bool
    sentence: str
    keys: tuple[str, ...] = ()


class Store(Protocol):
    """What the service asks of a place. `most` bounds the bytes read; TooLarge is raised before they are taken."""

    def stat(self, key: str) -> Stat: ...

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        """The object; None when it still is `unless`. Raises Changed when `version` is given and it is another."""

    def write(
        self,
        key: str,
        content: bytes,
        content_type: str,
        *,
        cache_control: str = "",
        tag: str = "",
        replacing: str | None = None,
    ) -> None:
        """Keep the bytes. `cache_control` and `tag` are for who serves the object without us, as CloudFront does.

        With `replacing`, raises Changed unless the object's ETag is that, or there is none when it is empty: a write
        that arrives late must not undo a later one.
        """

    def probe(self) -> Probe: ...


def check_size(size: int, most: int | None) -> None:
    """Raise TooLarge before the bytes are taken."""
    if most is not None and size > most:
        raise TooLarge(f"The file has {size:,} bytes; {most:,} are allowed")


@lru_cache(maxsize=4096)
def at(place: Place) -> Store:
    """The store at a place; one for each place, so that connections are kept."""
    if place.kind == "folder":
        from .folders import FolderStorage

        return FolderStorage(str(Path(place.location) / place.prefix))
    if place.kind == "s3":
        from .s3 import S3Storage  # boto3 costs a fifth of a second, which a laptop's folders need not pay

        return S3Storage(place)
    raise Nonsense(f"a place of kind {place.kind}, which this version does not know")


def configured(name: str) -> Store:
    """The store of that name in STORAGES: "derivatives" or "catalogue"."""
    return cast(Store, storages[name])  # Django's stubs know only its own interface


def from_url(url: str) -> Store:
    """The backend of STORAGES["derivatives"] and STORAGES["catalogue"]."""
    try:
        return at(Place.from_url(url))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def probe(place: Place) -> Probe:
    """Look at a place as the data plane would, and say in words what is found."""
    return at(place).probe()
