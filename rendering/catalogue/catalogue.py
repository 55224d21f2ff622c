"""The catalogue: the live revisions and buckets, as publishing writes them and the data plane reads them.

It is one JSON document with a serial, in which `bucket.py` and `alias.py` have the members; many aliases are in
documents of their own (`parts.py`). The two planes may run different versions, so unknown fields are ignored and
missing ones have their defaults.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Self, TypeVar

import msgspec
from msgspec import Struct

from ..imaging import documents
from ..imaging.parameters import excerpt
from ..imaging.recipe import Recipe
from ..metrics import embedded
from ..storage.errors import Missing, StorageError
from .alias import Alias, Caching, read_alias
from .bucket import Bucket, by_address, check_thumbor_bucket, read_bucket
from .descriptor import OWN, Descriptor
from .errors import NoCatalogue, UnreadCatalogue
from .parts import Entry, Parts
from .reader import Reader

__all__ = ["READER", "Alias", "Bucket", "Caching", "Catalogue", "Found", "NoCatalogue", "UnreadCatalogue"]

Member = TypeVar("Member")

logger = logging.getLogger(__name__)

#: The document's name in STORAGES["catalogue"].
NAME = "catalogue.json"
SCHEMA = 1


class UnknownAlias(Exception):
    """No alias of the catalogue is a prefix of the path, or not at that ratio or width. The message is public."""

    code = "unknown_alias"

    def __init__(self, sentence: str, named: str = "", asked: str = "") -> None:
        super().__init__(sentence)
        #: The alias that is a prefix of the path, where there is one; and the descriptor, `2x`, that is asked of it.
        self.named, self.asked = named, asked


class UnknownDescriptor(UnknownAlias):
    """An alias is a prefix of the path, at a ratio or a width that it does not allow. The message is public."""


class NoKey(UnknownAlias):
    """The path is an alias without a key after it. The message is public."""


class UnknownBucket(Exception):
    """The catalogue has no bucket of that name. The message is public."""

    code = "unknown_bucket"


class UnreadableRevision(Exception):
    """This version of the data plane cannot read a live revision. The message is public."""

    code = "unreadable_revision"


class UnreadableBucket(Exception):
    """This version of the data plane cannot read a bucket of the catalogue. The message is public."""

    code = "unreadable_bucket"


class Found(Struct, frozen=True):
    """What a path names: an alias, a descriptor, and the key of an original in the alias's bucket."""

    alias: Alias
    descriptor: Descriptor
    key: str
    #: Whether the path spells the ratio as `@2x`, and not as `@2.0x` or `@02x`: to caches, these are other pictures.
    canonical: bool = True

    @property
    def recipe(self) -> Recipe:
        return self.descriptor.applied(self.alias.recipe)


class Document(msgspec.Struct, Generic[Member], kw_only=True):
    """The catalogue's JSON. A Member is a bucket or an alias that is not decoded yet."""

    schema: int = SCHEMA
    serial: documents.Serial
    #: Whether publishing invalidates a CDN when the catalogue changes.
    purged: bool = False
    buckets: dict[str, Member] = {}
    #: None, which earlier versions of the service refuse to read, in a catalogue with parts.
    aliases: dict[str, Member] | None = {}
    #: Where the aliases are, if there are more than `parts.MOST`.
    parts: tuple[Entry, ...] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if (self.aliases is None) is not bool(self.parts):
            raise ValueError("a catalogue has either its aliases or a list of parts that have them")


def read_document(content: bytes) -> Document[Any]:
    """Read the document, with members that are not decoded yet. Raises ValueError if it is not one."""
    try:
        return msgspec.json.decode(content, type=Document[msgspec.Raw])
    except ValueError:
        # Slower, but accepts what JSON does not have, such as NaN, so that only the member with it is unreadable.
        return documents.read(json.loads(content), Document[Any])


#: The most aliases that are kept decoded. Each takes a few kilobytes; decoding one takes 0.05 ms.
DECODED = 4096


class Catalogue(Struct):
    """The catalogue as read. Aliases are decoded when they are first needed, since a process needs few of many.

    An alias or a bucket that this version cannot read is unreadable alone.
    """

    serial: int
    buckets: Mapping[str, Bucket]
    #: Each as a `msgspec.Raw`, or as JSON already parsed.
    aliases: Mapping[str, Any]
    #: Names of buckets that cannot be read.
    unreadable: frozenset[str] = frozenset()
    purged: bool = False
    #: The name of the bucket by each address that stands for one.
    addresses: Mapping[str, str] = {}
    _decoded: dict[str, Alias] = {}

    @classmethod
    def of(cls, serial: int, buckets: Iterable[Bucket], aliases: Iterable[Alias], *, purged: bool = False) -> Self:
        return cls(
            serial,
            {bucket.name: bucket for bucket in buckets},
            {alias.name: documents.to_builtins_unnamed(alias) for alias in aliases},
            purged=purged,
        )

    def encode(self) -> bytes:
        """The document as JSON."""
        buckets = {name: documents.to_builtins_unnamed(bucket) for name, bucket in self.buckets.items()}
        aliases = {name: documents.read(said, dict[str, Any]) for name, said in self.aliases.items()}
        return documents.encode(Document[Any](serial=self.serial, purged=self.purged, buckets=buckets, aliases=aliases))

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read the document. Raises ValueError if it is not one."""
        document = read_document(content)
        read, unreadable = {}, []
        for name, said in document.buckets.items():
            try:
                read[name] = read_bucket(name, said)
            except (ValueError, RecursionError) as error:
                logger.error("bucket %s cannot be read: %s", name, error)
                unreadable.append(name)
        aliases = Parts(document.parts) if document.parts else document.aliases or {}
        return cls(document.serial, read, aliases, frozenset(unreadable), document.purged, by_address(read.values()))

    @property
    def stale(self) -> bool:
        """Whether an earlier version of a part answered in place of one that could not be read."""
        return isinstance(self.aliases, Parts) and self.aliases.stale

    def alias(self, name: str) -> Alias | None:
        """The alias of that name, decoded when it is first asked for. Raises UnreadableRevision."""
        if found := self._decoded.get(name):
            return found
        if name not in self.aliases:
            return None
        try:
            found = read_alias(name, self.aliases[name])
        except (ValueError, RecursionError) as error:
            logger.error("alias %s cannot be read: %s: %s", name, type(error).__name__, error)
            raise UnreadableRevision(
                f"The live revision of “{name}” asks for something this version of the service does not know"
            ) from error
        if len(self._decoded) >= DECODED:
            self._decoded.clear()  # simpler than dropping the oldest, and those in use are soon decoded again
        self._decoded[name] = found
        return found

    def bucket(self, name: str) -> Bucket:
        """The bucket of that name. Raises UnknownBucket, UnreadableBucket."""
        if not name:
            raise UnknownBucket("No bucket is named: the URL ends with the bucket's name, a / and the original's key")
        if name in self.unreadable:
            raise UnreadableBucket(
                f"The bucket “{name}” is described in a way that this version of the service does not know"
            )
        if name not in self.buckets:
            raise UnknownBucket(no_bucket(name))
        return self.buckets[name]

    def find(self, path: str) -> Found:
        """Find the alias with the longest name that prefixes a decoded path without its leading /. Raises UnknownAlias.

        A descriptor belongs to the last segment of the name. Where the alias does not allow it, shorter aliases are
        tried, since keys may contain @. This takes one look-up for each segment, whatever the number of aliases.
        """
        segments = path.split("/")
        refused: UnknownAlias | None = None
        for length in range(min(len(segments) - 1, MOST_SEGMENTS), 0, -1):
            plain, at, asked = segments[length - 1].partition("@")
            alias = self.alias("/".join([*segments[: length - 1], plain]))
            if not alias:
                continue
            if descriptor := alias.descriptor(asked) if at else OWN:
                key = alias.prefix + "/".join(segments[length:])
                return Found(alias, descriptor, key, canonical=not at or asked == str(descriptor))
            refused = refused or not_allowed(alias, asked)
        if refused:
            raise refused
        raise self.unknown(segments)

    def unknown(self, segments: list[str]) -> UnknownAlias:
        """Why no alias matches, where no descriptor was refused."""
        plain, at, asked = segments[-1].partition("@")
        name = "/".join([*segments[:-1], plain])
        if name in self.aliases:
            if at and (alias := self.alias(name)) and not alias.descriptor(asked):
                return not_allowed(alias, asked)
            path = f"{name}{at}{asked}"
            sentence = f"“{path}” is an alias; after it comes the key of an original: /{path}/picture.jpg"
            return NoKey(sentence, name, asked)
        if not segments[0]:
            return UnknownAlias("The path begins with no alias: it is an alias's name, a / and the key of an original")
        return UnknownAlias(f"No live alias answers this path, which begins with “{excerpt(segments[0])}”")


#: A name of 100 characters has no more segments than this.
MOST_SEGMENTS = 50


def not_allowed(alias: Alias, text: str) -> UnknownAlias:
    """The error for a ratio or a width that an alias does not allow; it lists those that it does."""
    allowed = ", ".join(one.suffix for one in alias.descriptors if one != OWN) or "none"
    sentence = f"“{alias.name}” has no @{excerpt(text)}; the ratios and widths it allows: {allowed}"
    return (UnknownDescriptor if Descriptor.read(text) else UnknownAlias)(sentence, alias.name, text)


class CatalogueReader(Reader[Catalogue]):
    """Keeps the newest catalogue."""

    def __init__(self) -> None:
        super().__init__(NAME, self._succeeding)

    def _succeeding(self, content: bytes) -> Catalogue:
        """Read the catalogue, and hand on to it the parts that were read already."""
        found = Catalogue.read(content)
        if self.held and isinstance(found.aliases, Parts) and found.serial >= self.held.serial:
            found.aliases.succeed(self.held.aliases)
        check_thumbor_bucket({*found.buckets, *found.unreadable})
        embedded.count_aliases(0 if isinstance(found.aliases, Parts) else len(found.aliases))
        return found

    def may_be_behind(self) -> bool:
        """Whether there may be a newer catalogue, or part of it, that could not be read."""
        return self.stale or (self.held is not None and self.held.stale)

    def current(self) -> Catalogue:
        """The newest catalogue. Raises NoCatalogue if there is none, UnreadCatalogue if it could never be read."""
        newest = self.newest()
        if newest is not None:
            return newest
        if isinstance(self.trouble, Missing):
            raise NoCatalogue("Nothing is published yet; publish an alias, or run manage.py write_catalogue")
        if isinstance(self.trouble, StorageError):
            raise UnreadCatalogue("The catalogue of what is published cannot be read") from self.trouble
        if self.trouble is None:
            raise UnreadCatalogue("The catalogue of what is published is still being read; try again in a moment")
        raise UnreadCatalogue(
            "The catalogue is not in the form that this version of the service reads; manage.py write_catalogue "
            "writes it again"
        ) from self.trouble


READER = CatalogueReader()


def no_bucket(name: str) -> str:
    """The sentence for an unknown bucket's name. It says so where the name looks like something else."""
    if name.startswith("filters:"):
        return (
            f"“{excerpt(name)}” is no section of filters, so it was read as a bucket's name: write "
            "filters:one(argument):other()"
        )
    if name.lower() in ("http:", "https:"):
        return (
            "No bucket is known by the address in this URL, and nothing is fetched from elsewhere: name a bucket, a / "
            "and the original's key, or add the address in the bucket's page in the admin, under “also known as”"
        )
    return f"There is no bucket called “{excerpt(name)}”"
