"""What is published of a bucket."""

from typing import Any

from msgspec import Struct

from ..imaging import documents
from ..imaging.errors import BadDocument
from ..storage.place import Place, can_be_path


class Bucket(Struct, frozen=True):
    """A named place that originals come from."""

    #: Its public name; the catalogue lists buckets by it.
    name: str
    #: None where this environment has none for it.
    place: Place | None = None
    #: Originals in it never change under their key, so their version need not be asked for.
    immutable: bool = False
    #: Whether unsigned Thumbor URLs may read from it, where the deployment allows any.
    unsafe_allowed: bool = False
    #: Names of the buckets, beside itself, that overlays may come from.
    overlays_from: tuple[str, ...] = ()
    #: The serial of its document of overruled focus (`overruled.py`); 0: there is none to be read.
    focus: documents.Serial = 0


def read_bucket(name: str, data: object) -> Bucket:
    """What the catalogue says of the bucket of that name. Raises BadDocument."""
    bucket = documents.read({**documents.read(data, dict[str, Any]), "name": name}, Bucket)
    if bucket.place and not all(map(can_be_path, (bucket.place.location, bucket.place.prefix))):
        raise BadDocument("The location or the prefix of a place cannot be part of a path")
    return bucket
