"""Parts of the catalogue: where there are many aliases, each part holds those whose names follow one another.

So publishing one alias writes one part and a short catalogue that lists the parts, and a process reads only the parts
that it is asked for. A part is named by the hash of its content: it never changes, and while a process holds a
catalogue, it finds the parts of just that one.
"""

import json
import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, Generic, TypeVar

import msgspec

from ..imaging import documents
from .errors import UnreadCatalogue
from .reader import Reader

logger = logging.getLogger(__name__)

SCHEMA = 1
#: The most aliases of a part, and of a catalogue without parts: some 170 kB.
MOST = 256
#: Where the parts are in STORAGES["catalogue"].
FOLDER = "aliases/"

Member = TypeVar("Member")


class Part(msgspec.Struct, Generic[Member], frozen=True, kw_only=True):
    """The document of one part. A Member is an alias that is not decoded yet."""

    schema: int = SCHEMA
    aliases: dict[str, Member]

    @property
    def serial(self) -> int:
        """A part has one version only, so every reader that has read it has the newest."""
        return 1


class Entry(msgspec.Struct, frozen=True):
    """A part, as the catalogue lists it."""

    #: The first name that belongs to it. It has the names up to the next part's, the first part also those before.
    first: documents.NotEmpty
    #: Of its content.
    hash: documents.NotEmpty


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def folder_of(part_hash: str) -> str:
    """Each part is alone in a folder, because stores remove folders."""
    return f"{FOLDER}{part_hash}/"


def name_of(part_hash: str) -> str:
    """The name of a part in STORAGES["catalogue"]."""
    return f"{folder_of(part_hash)}part.json"


def split(members: Mapping[str, Member]) -> list[dict[str, Member]]:
    """The members in the order of their names, in one group, or in groups that have room for more."""
    names = sorted(members)
    each = len(names) or 1 if len(names) <= MOST else MOST // 2
    return [{name: members[name] for name in names[begin : begin + each]} for begin in range(0, len(names), each)]


def encode(members: Mapping[str, msgspec.Raw]) -> bytes:
    return msgspec.json.encode(Part(aliases=dict(members)))


def read(content: bytes, part_hash: str) -> Part[Any]:
    """Read a part. Raises ValueError if it is none, or not the one of that hash."""
    if hash_of(content) != part_hash:
        raise ValueError("its content is not the one that its name is the hash of")
    try:
        return msgspec.json.decode(content, type=Part[msgspec.Raw])
    except ValueError:
        # Slower, but accepts what JSON does not have, such as NaN, so that only the alias with it is unreadable.
        return documents.read(json.loads(content), Part[Any])


def index_of(firsts: list[str], name: str) -> int:
    """Which of the parts with these first names a name belongs to."""
    return max(bisect_right(firsts, name) - 1, 0)


class Parts(Mapping[str, Any]):
    """The aliases of a catalogue with parts. Each part is read when one of its names is first asked for.

    Asking raises UnreadCatalogue if the part cannot be read, and no earlier version of it is held.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.first)
        self._firsts = [entry.first for entry in self.entries]
        self._readers: dict[str, Reader[Part[Any]]] = {
            entry.hash: Reader(name_of(entry.hash), partial(read, part_hash=entry.hash)) for entry in self.entries
        }
        #: The aliases of each part that was read, in their order.
        self._read: list[Mapping[str, Any] | None] = [None] * len(self.entries)
        #: The aliases of the catalogue that this one replaced: they answer for a part that cannot be read.
        self._before: Mapping[str, Any] = {}
        #: Which parts they answered for.
        self._missed: set[int] = set()

    @property
    def stale(self) -> bool:
        """Whether an earlier version of a part answered, so that a newer one may have been missed."""
        return bool(self._missed)

    def succeed(self, before: Mapping[str, Any]) -> None:
        """Take over the parts that the catalogue held until now has read."""
        if isinstance(before, Parts):
            before._before = {}
            self._readers |= {name: reader for name, reader in before._readers.items() if name in self._readers}
        self._before = before

    def __getitem__(self, name: str) -> Any:
        index = index_of(self._firsts, name)
        aliases = self._read[index]
        if aliases is None:
            aliases = self._find(index, name)
        return aliases[name]

    def _find(self, index: int, name: str) -> Mapping[str, Any]:
        """The aliases of a part that was not read yet; or those that the catalogue before had in its place."""
        reader = self._readers[self.entries[index].hash]
        if (part := reader.newest(1)) is not None:
            self._missed.discard(index)
            self._read[index] = part.aliases
            return part.aliases
        held = self._before._held(name) if isinstance(self._before, Parts) else self._before
        if not held:
            raise UnreadCatalogue("A part of the catalogue of what is published cannot be read") from reader.trouble
        self._missed.add(index)
        return held

    def _held(self, name: str) -> Mapping[str, Any] | None:
        """The aliases of the part that a name belongs to, if it was read."""
        reader = self._readers[self.entries[index_of(self._firsts, name)].hash]
        return reader.held.aliases if reader.held else None

    def __iter__(self) -> Iterator[str]:
        for index, entry in enumerate(self.entries):
            yield from self._read[index] or self._find(index, entry.first)

    def __len__(self) -> int:
        return sum(1 for _ in self)
