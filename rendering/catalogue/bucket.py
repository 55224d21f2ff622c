"""A bucket, as the catalogue holds it."""

from typing import Any

from msgspec import Struct

from ..imaging import documents
from ..imaging.errors import BadDocument
from ..storage.place import Place, can_be_path


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


def read_bucket(name: str, data: object) -> Bucket:
    """Read the bucket of that name from its part of the catalogue. Raises BadDocument."""
    bucket = documents.read({**documents.read(data, dict[str, Any]), "name": name}, Bucket)
    if bucket.place and not all(map(can_be_path, (bucket.place.location, bucket.place.prefix))):
        raise BadDocument("The location or the prefix of a place cannot be part of a path")
    return bucket
