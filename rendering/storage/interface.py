"""What the service asks of a place that holds pictures, be it an S3 bucket (`s3`) or a folder (`folders.py`).

A store reads an object whole or not at all, in one request; writes it whole or not at all; takes keys exactly as they
are; and says what went wrong with one of the errors of `errors.py`.
"""

from dataclasses import dataclass
from typing import Protocol

from ..imaging.errors import TooLarge


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
