"""The overruled focus: what persons say is to be kept in sight of originals, in place of what a detector finds.

One JSON document for each bucket that has any, beside the catalogue, which tells its serial: so a bucket without one
costs no request, and another is read once by each process, when a smart crop first needs it, and after each change.
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
    """The focus of a person who says that these boxes, in parts of the sides of the upright original, are to be kept in
    sight; without any, nothing is but what the alignment keeps."""
    return Focus(PERSON, tuple(Face(box) for box in boxes))


class Overruled(msgspec.Struct, Generic[Member], frozen=True):
    """The document."""

    serial: documents.Serial
    #: Boxes as text, by the hash of the original (`originals.hash_of`). As read each is a `msgspec.Raw`, known to be
    #: JSON and decoded when it is first needed, since most processes need few of many.
    boxes: dict[str, Member]
    schema: int = SCHEMA

    def focus(self, original: str) -> Focus | None:
        """The focus set for the original with that hash. None where nobody has set one, or what is written there is not
        understood, by a version that is too old."""
        if original not in self.boxes:
            return None
        try:
            return focus_on(documents.read(self.boxes[original], tuple[Box, ...]))
        except (ValueError, RecursionError) as error:
            logger.error("overruled focus of %s cannot be read: %s", original, error)
            return None

    def encoded(self) -> bytes:
        return documents.encoded(self)

    @classmethod
    def read(cls, content: bytes) -> "Overruled[msgspec.Raw]":
        """Read the document. Raises ValueError for what is none."""
        return msgspec.json.decode(content, type=Overruled[msgspec.Raw])


#: By bucket. A process reads few of many.
READERS: dict[str, Reader[Overruled[msgspec.Raw]]] = {}


def forget() -> None:
    """Begin again as in a new process. For tests."""
    READERS.clear()


def of(bucket: Bucket, key: str) -> Focus | None:
    """The focus that a person set for an original, or None; also when it could not be read, which `stale` then says."""
    if not bucket.focus:
        return None
    reader = READERS.setdefault(bucket.name, Reader(name_of(bucket.name), Overruled.read))
    newest = reader.newest(bucket.focus)
    return newest.focus(hash_of(bucket, key)) if newest else None


def stale(bucket: Bucket) -> bool:
    """Whether a focus may be set that this process cannot see."""
    return bool(bucket.focus) and bucket.name in READERS and READERS[bucket.name].stale
