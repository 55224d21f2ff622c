"""Places that hold pictures: S3 buckets (`s3.py`) and folders, with the same few guarantees.

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

import contextlib
import errno
import os
import stat as modes
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.utils.deconstruct import deconstructible

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

    def write(self, key: str, content: bytes, content_type: str, *, cache_control: str = "", tag: str = "") -> None:
        """Keep the bytes. The rest is for who serves the object without us, as CloudFront does."""

    def probe(self) -> Probe: ...


@deconstructible
class FolderStorage(FileSystemStorage):
    """A folder. Files appear complete, by a rename; an overwritten one is replaced, never truncated."""

    def __init__(self, location: str) -> None:
        super().__init__(location=str(Path(settings.BASE_DIR) / location))

    # --- Django's storage interface

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # a derivative's name says all of it: the same name is the same picture

    def _save(self, name: str, content: "File[bytes]") -> str:
        self._replace(Path(self.path(name)), content.read())
        return name

    # --- Store

    def stat(self, key: str) -> Stat:
        with self._errors(key):
            status = self._path(key).stat()
            if not modes.S_ISREG(status.st_mode):
                raise Missing(f"{key} is not a file")
            return Stat(etag_of(status), status.st_size)

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        with self._errors(key):
            # O_NONBLOCK: opening a pipe that someone left in the folder must not wait for a writer.
            descriptor = os.open(self._path(key), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                before = os.fstat(descriptor)
                if not modes.S_ISREG(before.st_mode):
                    raise Missing(f"{key} is not a file")
                if unless and etag_of(before) == unless:
                    return None
                check_size(before.st_size, most)
                content = file.read()
                after = os.fstat(descriptor)
            # Who writes in place, without a rename, may have been half-way: then the second look differs.
            if len({etag_of(before), etag_of(after), version or etag_of(before)}) > 1 or len(content) != after.st_size:
                raise Changed(f"{key} was written while it was read")
            return Stored(content, etag_of(before))

    def write(self, key: str, content: bytes, content_type: str, *, cache_control: str = "", tag: str = "") -> None:
        with self._errors(key):
            self._replace(self._path(key), content)

    def keys(self, most: int) -> list[str]:
        """Some keys of files, in order within each folder."""
        found: list[str] = []
        for folder, folders, files in os.walk(self.location):
            folders.sort()
            for name in sorted(files):
                if not name.startswith("."):
                    found.append((Path(folder) / name).relative_to(self.location).as_posix())
                if len(found) == most:
                    return found
        return found

    def probe(self) -> Probe:
        path = Path(self.location)
        if not path.exists():
            return Probe(False, f"There is no folder {path} on this machine; make it, or correct the path")
        if not path.is_dir():
            return Probe(False, f"{path} is a file; name the folder that holds the originals")
        if not os.access(path, os.R_OK | os.X_OK):
            return Probe(
                False, f"The folder {path} cannot be read by the service's user; allow it to read and enter it"
            )
        keys = tuple(self.keys(12))
        if not keys:
            return Probe(True, f"The folder {path} can be read but is empty; put an original into it")
        return Probe(True, f"The folder {path} can be read", keys)

    def _path(self, key: str) -> Path:
        # Segments that a file system would fold into another key's file; "." and ".." were refused with the URL.
        if "\\" in key or any(segment in ("", ".", "..") for segment in key.split("/")):
            raise Missing(f"{key} cannot be in a folder")
        # UTF-8 whatever the locale says: the same key is the same file on every machine.
        return Path(self.location) / os.fsdecode(key.encode())

    @staticmethod
    def _replace(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                # A crash of the machine must not leave an empty file under the final name.
                file.flush()
                os.fsync(descriptor)
            Path(temporary).chmod(0o644)  # mkstemp's 0600 would hide it from a web server
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @staticmethod
    @contextlib.contextmanager
    def _errors(key: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Missing(f"{key}: {error}") from error
        except PermissionError as error:
            raise Denied(f"{key}: {error}") from error
        except OSError as error:
            if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ELOOP):
                raise Missing(f"{key}: {error}") from error
            raise Away(f"{key}: {error}") from error


def etag_of(status: os.stat_result) -> str:
    """A file's version: what changes when it is written again."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def check_size(size: int, most: int | None) -> None:
    """Raise TooLarge before the bytes are taken."""
    if most is not None and size > most:
        raise TooLarge(f"The file has {size:,} bytes; {most:,} are allowed")


@lru_cache(maxsize=4096)
def at(place: Place) -> Store:
    """The store at a place; one for each place, so that connections are kept."""
    if place.kind == "folder":
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
