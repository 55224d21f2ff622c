"""Originals: found and read, never written."""

import contextlib
import json
import logging
from collections.abc import Iterator
from hashlib import sha256

from msgspec import Struct

from .. import conf, trace
from ..catalogue.catalogue import READER, Bucket, UnknownBucket
from ..names import wrong_with_key
from ..storage.content_encoding import decode_content
from ..storage.errors import Archived, Denied, Misconfigured, Missing, StorageError
from ..storage.factory import at
from . import missing

logger = logging.getLogger(__name__)


class MissingOriginal(Exception):
    """There is no original with that key. The message is public."""

    code = "unknown_original"


class ArchivedOriginal(Exception):
    """The original is archived, so it must be restored before it can be read. The message is public."""

    code = "archived_original"


class DeniedOriginal(Exception):
    """The service has no permission to read a file, or the folder that it is in. The message is public."""

    code = "denied_original"


class NoPlace(Exception):
    """The bucket has no place in this environment. The message is public."""

    code = "no_place"


class LostFolder(Misconfigured):
    """The folder of a bucket does not exist, so its originals may. The message is for staff."""


class MissingOverlay(Exception):
    """An overlay that a recipe names does not exist, or is not allowed. The message is public."""

    code = "unknown_overlay"


class ArchivedOverlay(MissingOverlay):
    """The overlay is archived, so it must be restored before it can be read. The message is public."""

    code = "archived_overlay"


class LostOverlay(Exception):
    """An overlay that an alias names cannot be read, which is not the fault of the request. The message is public."""

    code = "lost_overlay"


class Original(Struct, frozen=True):
    """An original in its current version.

    `version` changes when the original's bytes or its bucket's place do. `etag` is the store's own version of the file;
    it is empty in an immutable bucket, where the store is not asked.
    """

    bucket: Bucket
    key: str
    version: str
    etag: str


def hash_of(bucket: Bucket, key: str) -> str:
    """32 hexadecimal digits that stand for an original in derivatives' keys and in tags, which cannot hold all keys."""
    return sha256(f"{bucket.name}/{key}".encode()).hexdigest()[:32]


def find(bucket: Bucket, key: str) -> Original:
    """Find the original with that key, by one HEAD request. An immutable bucket is not asked.

    Raises MissingOriginal, ArchivedOriginal, DeniedOriginal, NoPlace, LostFolder, and StorageError.
    """
    if bucket.place is None:
        raise NoPlace(f"The bucket “{bucket.name}” has no place in this environment")
    if wrong := bucket.place.wrong_with(key):
        raise MissingOriginal(f"There is no such original in the bucket “{bucket.name}”: its key {wrong}")
    if missing.is_remembered(bucket.place, key):
        raise MissingOriginal(f"There is no such original in the bucket “{bucket.name}”")
    etag = ""
    if not bucket.immutable:
        with trace.stage("find"), public_errors(bucket), missing.remembering(bucket.place, key):
            etag = at(bucket.place).stat(key).etag
    place = bucket.place
    # Without region and role: they say how to reach the place, not which one it is.
    identity = json.dumps([place.kind, place.endpoint_url, place.location, place.prefix, etag])
    return Original(bucket, key, sha256(identity.encode()).hexdigest()[:16], etag)


def find_overlay(bucket: Bucket, path: str) -> Original:
    """Find the overlay at a path, which is a bucket's name, a / and a key, for pictures of `bucket`.

    It comes from that bucket, or from one of those that its `overlays_from` lists. Raises MissingOverlay, and as `find`
    does.
    """
    name, _, key = path.partition("/")
    allowed = (bucket.name, *bucket.overlays_from)
    if name not in allowed:
        raise MissingOverlay(
            f"Overlays on pictures of “{bucket.name}” come from {' or '.join(allowed)}: {allowed[0]}/…"
        )
    if wrong := wrong_with_key(key):
        raise MissingOverlay(f"An overlay's path is a bucket's name, a / and a key. {wrong}")
    with overlay_errors(path):
        return find(bucket if name == bucket.name else READER.current().bucket(name), key)


def read_overlay(path: str, overlay: Original) -> bytes:
    """Read the overlay that `find_overlay` found at a path. Raises MissingOverlay, and as `read` does."""
    with overlay_errors(path):
        return read(overlay)


@contextlib.contextmanager
def overlay_errors(path: str) -> Iterator[None]:
    """Turn the errors of an original into those of an overlay."""
    try:
        yield
    except (MissingOriginal, UnknownBucket) as error:
        raise MissingOverlay(f"The overlay {path} cannot be read. {error}") from error
    except ArchivedOriginal as error:
        raise ArchivedOverlay(f"The overlay {path} is archived: restore it first") from error


def read(original: Original) -> bytes:
    """Read the bytes of an original, of just the version that was found, without the object's Content-Encoding.

    Raises Changed if it was overwritten since, TooLarge before reading what is over the limit, BrokenPicture and
    UnsupportedFormat for a Content-Encoding that cannot be decoded, MissingOriginal, ArchivedOriginal, DeniedOriginal,
    LostFolder, and StorageError.
    """
    assert original.bucket.place is not None
    with (
        trace.stage("read"),
        public_errors(original.bucket),
        missing.remembering(original.bucket.place, original.key),
    ):
        stored = at(original.bucket.place).read(original.key, version=original.etag, most=conf.limits().bytes)
    assert stored is not None  # it could be None only with `unless`
    return decode_content(stored.content, stored.coding, conf.limits().bytes)


def is_settled(original: Original) -> bool:
    """Whether what was read of an original can be kept as a picture of its version.

    Not if it is a file that was changed a moment ago: somebody may be writing it in place, so that what was read is
    half the old file and half the new one. To be asked after reading. Costs no request to S3, where writes are whole.
    """
    place = original.bucket.place
    if place is None or place.kind != "folder":
        return True
    try:
        found = at(place).stat(original.key)
    except StorageError:
        return False
    return found.settled and original.etag in ("", found.etag)


def is_being_written(bucket: Bucket, key: str) -> bool:
    """Whether an original that cannot be read may still be being written."""
    return not is_settled(Original(bucket, key, "", ""))


@contextlib.contextmanager
def public_errors(bucket: Bucket) -> Iterator[None]:
    """Turn a store's errors about one file into errors about an original, with messages for viewers.

    Without the permission s3:ListBucket, S3 answers 403 for a missing key. So Denied of S3 becomes MissingOriginal: a
    request for a missing key must not look like a fault of the service. The log has it as a warning, and not as an
    error, because visitors choose the key. A folder can tell what is missing, so Denied there is a fault of the
    service, as is a folder that does not exist.
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
                raise DeniedOriginal(
                    f"This service may not read that original in the bucket “{bucket.name}”"
                ) from error
        raise MissingOriginal(f"There is no such original in the bucket “{bucket.name}”") from error


def require_folder(bucket: Bucket) -> None:
    """Raise LostFolder if a bucket's place is a folder that does not exist, before an original is called missing."""
    if bucket.place is None or bucket.place.kind != "folder":
        return  # S3 answers differently for a missing bucket and a missing key
    try:
        at(bucket.place).reach()
    except Missing as error:
        folder = f"{bucket.place.location.rstrip('/')}/{bucket.place.prefix}".rstrip("/")
        raise LostFolder(f"The folder {folder} of the bucket “{bucket.name}” does not exist") from error
