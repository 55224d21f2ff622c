"""The interface of a store: what the service asks of an S3 bucket (`s3`) or a folder (`folders.py`).

A store reads objects whole, in one request, and writes them atomically. It takes keys literally. It raises the errors
of `errors.py`.
"""

from typing import Protocol

from msgspec import Struct

from ..imaging.errors import TooLarge


class Stat(Struct, frozen=True):
    """What a store knows of an object without reading it."""

    #: Opaque; `Store.read` takes it as `version`.
    etag: str
    #: Bytes; None if the store does not say.
    size: int | None
    #: False for a file that may be being written just now.
    settled: bool = True


class Stored(Struct, frozen=True):
    """An object as it is stored."""

    content: bytes
    #: The ETag of this content; empty if the store sends none.
    etag: str
    #: The note that was written with it.
    note: str = ""
    #: The object's Content-Encoding, which has not been undone.
    coding: str = ""


class Probe(Struct, frozen=True):
    """Whether a place works, in a sentence for staff, and a few of its keys if it can be read."""

    ok: bool
    sentence: str
    keys: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """An object as a listing has it: its key, its size in bytes, None where the store does not say, and when it was
    written, in seconds since 1970, 0 likewise."""

    key: str
    size: int | None = None
    written: float = 0.0


class Listing(Struct, frozen=True):
    """A page of a folder's contents, in the store's order. Keys and folders are full paths; folders end in /."""

    entries: tuple[Entry, ...] = ()
    folders: tuple[str, ...] = ()
    #: Asks for the next page; empty on the last.
    more: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)


class Store(Protocol):
    """What the service asks of a place. Every method may raise StorageError."""

    def stat(self, key: str) -> Stat:
        """The object's version and size."""

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        """The object, or None if its version is still `unless`.

        Raises Changed if `version` is given and the object has another; TooLarge, before reading, if it has more than
        `most` bytes.
        """

    def prepare(self) -> None:
        """Do in advance what the first request would do before it connects."""

    def reach(self, *, writing: bool = False) -> None:
        """Raise StorageError if the place as a whole does not work; Missing if it is a folder that does not exist. With
        `writing`, also if it is known to be read-only, without writing anything."""

    def sample(self) -> None:
        """Read one object that exists, and raise StorageError if that fails. Stores where every read fails alike need
        not."""

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
        """Store the bytes. `cache_control` and `tag` are for a CDN that serves the object directly, as CloudFront does;
        `note` is a sentence in ASCII that `read` returns.

        With `replacing`, raises Changed unless the object has that ETag or, if it is empty, does not exist: a write
        that arrives late must not undo a later one.
        """

    def keys(self, prefix: str, most: int) -> list[str]:
        """A few keys with a prefix, which is empty or ends in /: all, or `most` of them, which is at most 1,000."""

    def written(self, prefix: str, most: int) -> dict[str, float]:
        """When the objects with a prefix, which ends in /, were written, in seconds since 1970: all, or `most` of them,
        which is at most 1,000."""

    def browse(self, prefix: str, most: int, more: str = "", *, after: str = "") -> Listing:
        """What begins with a prefix, up to the next /: at most `most` keys and folders, which is at most 1,000;
        continuing from a `more` of the page before, or beginning after the name `after`, which need not exist. Takes no
        longer in a bucket with millions of keys. Raises Missing if there is no such folder."""

    def remove(self, prefix: str) -> int:
        """Delete every object with a prefix, which ends in /. Returns how many there were."""


def check_size(size: int, most: int | None) -> None:
    """Raise TooLarge if an object has more than `most` bytes."""
    if most is not None and size > most:
        raise TooLarge(f"The file has {size:,} bytes; {most:,} are allowed")
