"""A bucket, as the catalogue holds it."""

import logging
from collections.abc import Collection, Iterable
from typing import Any

from msgspec import Struct

from .. import conf
from ..imaging import documents
from ..imaging.errors import BadDocument
from ..storage.place import Place, can_be_path

logger = logging.getLogger(__name__)


class Bucket(Struct, frozen=True):
    """A named place that originals come from."""

    #: Its public name; the catalogue lists buckets by it.
    name: str
    #: None if the bucket has no place in this environment.
    place: Place | None = None
    #: Whether originals never change under their key, so that the store need not be asked for their version.
    immutable: bool = False
    #: Whether unsigned Thumbor URLs may read from it, if the deployment allows such URLs at all.
    unsafe_allowed: bool = False
    #: Names of the other buckets that overlays may come from.
    overlays_from: tuple[str, ...] = ()
    #: The serial of its document of overruled focus (`overruled.py`). 0 if there is none.
    focus: documents.Serial = 0
    #: The addresses that stand for it in Thumbor URLs, such as `cdn.acme.com/media/`: without a scheme, and with a / at
    #: the end.
    known_as: tuple[str, ...] = ()
    #: Whether SVG drawings are passed on as they are, instead of being refused.
    svg_allowed: bool = False


def read_bucket(name: str, data: object) -> Bucket:
    """Read the bucket of that name from its part of the catalogue. Raises BadDocument."""
    bucket = documents.read({**documents.read(data, dict[str, Any]), "name": name}, Bucket)
    if bucket.place and not all(map(can_be_path, (bucket.place.location, bucket.place.prefix))):
        raise BadDocument("The location or the prefix of a place cannot be part of a path")
    return bucket


def by_address(buckets: Iterable[Bucket]) -> dict[str, str]:
    """The name of the bucket by each address that stands for one."""
    return {address: bucket.name for bucket in buckets for address in bucket.known_as}


def check_thumbor_bucket(names: Collection[str]) -> None:
    """Log a warning if THUMBOR_BUCKET is none of these buckets, which are all there are. No check at start can say so:
    starting reads no catalogue."""
    bucket = conf.thumbor_bucket()
    if bucket and bucket not in names:
        there = ", ".join(sorted(names)) or "none yet"
        hint = f"THUMBOR_BUCKET names no bucket of this service: correct it to one of these, or add it: {there}"
        logger.warning("unknown bucket", extra={"facts": {"bucket": bucket, "hint": hint}})
