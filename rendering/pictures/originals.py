"""Originals: found, read, never written."""

import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from .. import conf, trace
from ..catalogue.catalogue import READER, Bucket, UnknownBucket
from ..names import wrong_with_key
from ..storage.content_encoding import decode_content
from ..storage.errors import Archived, Denied, Misconfigured, Missing
from ..storage.factory import at

logger = logging.getLogger(__name__)


class MissingOriginal(Exception):
    """There is no original with that key. The message is public."""

    code = "unknown_original"


class ArchivedOriginal(Exception):
    """The original is there, but has to be restored before it can be read. The message is public."""

    code = "archived_original"


class DeniedOriginal(Exception):
    """The service's user has no right to a file, or to the folder that it is in. The message is public."""

    code = "denied_original"


class NoPlace(Exception):
    """The bucket exists, but not in this environment. The message is public."""

    code = "no_place"


class LostFolder(Misconfigured):
    """The folder of a bucket is not there, so nothing can be said of its originals. The message is for staff."""


class MissingOverlay(Exception):
    """A recipe lays a picture over others that is not there, or may not be. The message is public."""

    code = "unknown_overlay"


class ArchivedOverlay(MissingOverlay):
    """It is there, but has to be restored before it can be read. The message is public."""

    code = "archived_overlay"


class LostOverlay(Exception):
    """An overlay cannot be had that an alias names: whoever asks for the alias cannot know. The message is public."""

    code = "lost_overlay"


@dataclass(frozen=True, slots=True)
class Original:
    """An original as it is now. `version` changes when its bytes or its bucket's physical place do; `etag` is the
    store's word for it, empty in an immutable bucket, where nobody has to ask."""

    bucket: Bucket
    key: str
    version: str
    etag: str


def hash_of(bucket: Bucket, key: str) -> str:
    """32 hexadecimal digits for an original: in derivatives' keys and in tags, where keys themselves cannot stand."""
    return sha256(f"{bucket.name}/{key}".encode()).hexdigest()[:32]


def find(bucket: Bucket, key: str) -> Original:
    """The original with that key: one HEAD, or nothing when the bucket is immutable. Raises MissingOriginal,
    ArchivedOriginal, DeniedOriginal and NoPlace."""
    if bucket.place is None:
        raise NoPlace(f"The bucket “{bucket.name}” has no place in this environment")
    if wrong := bucket.place.wrong_with(key):
        raise MissingOriginal(f"There is no such original in the bucket “{bucket.name}”: its key {wrong}")
    etag = ""
    if not bucket.immutable:
        with trace.stage("find"), absent(bucket):
            etag = at(bucket.place).stat(key).etag
    place = bucket.place
    # Not its region or role: they say how to get there, not where it is.
    identity = json.dumps([place.kind, place.endpoint_url, place.location, place.prefix, etag])
    return Original(bucket, key, sha256(identity.encode()).hexdigest()[:16], etag)


def overlay(bucket: Bucket, path: str) -> Original:
    """The original at `bucket's name/key` that is to be laid over pictures of a bucket: its own, or of a bucket that
    its settings list. Raises MissingOverlay."""
    name, _, key = path.partition("/")
    allowed = (bucket.name, *bucket.overlays_from)
    if name not in allowed:
        raise MissingOverlay(
            f"Overlays on pictures of “{bucket.name}” come from {' or '.join(allowed)}: {allowed[0]}/…"
        )
    if wrong := wrong_with_key(key):
        raise MissingOverlay(f"An overlay's path is a bucket's name, a / and a key. {wrong}")
    with lost(path):
        return find(bucket if name == bucket.name else READER.current().bucket(name), key)


def read_overlay(path: str, overlay: Original) -> bytes:
    """The bytes of what `overlay` found. Raises MissingOverlay, and what `read` raises beside."""
    with lost(path):
        return read(overlay)


@contextlib.contextmanager
def lost(path: str) -> Iterator[None]:
    """Say of an overlay what is said of an original."""
    try:
        yield
    except (MissingOriginal, UnknownBucket) as error:
        raise MissingOverlay(f"The overlay cannot be had. {error}") from error
    except ArchivedOriginal as error:
        raise ArchivedOverlay(f"The overlay {path} is archived: restore it first") from error


def read(original: Original) -> bytes:
    """Its bytes, of just that version. Raises Changed when it was overwritten since, TooLarge before they are taken,
    MissingOriginal and ArchivedOriginal. A Content-Encoding of the stored object is undone, which may raise
    BrokenPicture and UnsupportedFormat."""
    assert original.bucket.place is not None
    with trace.stage("read"), absent(original.bucket):
        stored = at(original.bucket.place).read(original.key, version=original.etag, most=conf.limits().bytes)
    assert stored is not None  # nothing was said of `unless`
    return decode_content(stored.content, stored.coding, conf.limits().bytes)


@contextlib.contextmanager
def absent(bucket: Bucket) -> Iterator[None]:
    """Turn what a store says of an original into the sentence for viewers.

    Without s3:ListBucket S3 answers 403 for a missing key, and a viewer asking for one must not look like our fault: so
    its Denied is told the same way to them, and to the log as what it is. No ERROR, since visitors choose the key.
    Folders know what is missing, and what they deny is our fault; so is a folder that is not there itself.
    """
    try:
        yield
    except Archived as error:
        raise ArchivedOriginal(
            f"This original is archived in the bucket “{bucket.name}”: restore it first, or wait until it is restored"
        ) from error
    except (Missing, Denied) as error:
        if isinstance(error, Missing):
            require_folder(bucket)
        if isinstance(error, Denied):
            logger.warning("bucket denies", extra={"facts": {"bucket": bucket.name, "error": str(error)}})
            if bucket.place and bucket.place.kind != "s3":
                raise DeniedOriginal(f"This service has no right to read that in the bucket “{bucket.name}”") from error
        raise MissingOriginal(f"There is no such original in the bucket “{bucket.name}”") from error


def require_folder(bucket: Bucket) -> None:
    """Raise what is wrong with a bucket's folder as a whole, before one of its originals is called missing."""
    if bucket.place is None or bucket.place.kind != "folder":
        return  # S3's own answer tells the one from the other
    try:
        at(bucket.place).reach()
    except Missing as error:
        folder = f"{bucket.place.location.rstrip('/')}/{bucket.place.prefix}".rstrip("/")
        raise LostFolder(f"The folder {folder} of the bucket “{bucket.name}” is not there") from error
