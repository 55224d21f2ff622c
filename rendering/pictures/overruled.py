"""The overruled focus: what people set to be kept in sight of originals, in place of what a detector finds.

Each bucket with any has one JSON document, beside the catalogue, which holds the document's serial. So a bucket without
one costs no request, and a process reads a document when a smart crop first needs it, and after each change.
"""

import logging
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from ..catalogue.bucket import Bucket
from ..catalogue.reader import Reader
from ..imaging import documents
from ..imaging.box import Box
from ..imaging.focus.faces import PERSON, Face, Focus
from .originals import hash_of

logger = logging.getLogger(__name__)

SCHEMA = 1

Member = TypeVar("Member")


def name_of(bucket: str) -> str:
    """The document's name in STORAGES["catalogue"]."""
    return f"focus/{bucket}.json"


def focus_on(boxes: Sequence[Box]) -> Focus:
    """The focus of a person who set these boxes, in fractions of the sides of the upright original.

    Without boxes a smart crop follows the alignment.
    """
    return Focus(PERSON, tuple(Face(box) for box in boxes))


class Overruled(msgspec.Struct, Generic[Member], frozen=True):
    """The document of one bucket."""

    serial: documents.Serial
    #: Boxes as text, by the hash of the original (`originals.hash_of`). When read, each member is a `msgspec.Raw`, and
    #: is decoded when it is needed, since a process needs few of many.
    boxes: dict[str, Member]
    schema: int = SCHEMA

    def focus(self, original: str) -> Focus | None:
        """The focus set for the original with that hash. None if there is none, or if this version cannot read it."""
        if original not in self.boxes:
            return None
        try:
            return focus_on(documents.read(self.boxes[original], tuple[Box, ...]))
        except (ValueError, RecursionError) as error:
            logger.error("overruled focus of %s cannot be read: %s", original, error)
            return None

    def encode(self) -> bytes:
        """The document as JSON."""
        return documents.encode(self)

    @classmethod
    def read(cls, content: bytes) -> "Overruled[msgspec.Raw]":
        """Read the document. Raises ValueError if it is not one."""
        return msgspec.json.decode(content, type=Overruled[msgspec.Raw])


#: Readers by the bucket's name, each made when it is first needed.
READERS: dict[str, Reader[Overruled[msgspec.Raw]]] = {}


def forget() -> None:
    """Forget all documents, as in a new process. For tests."""
    READERS.clear()


def of(bucket: Bucket, key: str) -> Focus | None:
    """The focus that a person set for an original. None if there is none, or if it could not be read; see `stale`."""
    if not bucket.focus:
        return None
    reader = READERS.setdefault(bucket.name, Reader(name_of(bucket.name), Overruled.read))
    newest = reader.newest(bucket.focus)
    return newest.focus(hash_of(bucket, key)) if newest else None


def stale(bucket: Bucket) -> bool:
    """Whether there may be a newer document of a bucket that this process could not read."""
    return bool(bucket.focus) and bucket.name in READERS and READERS[bucket.name].stale
