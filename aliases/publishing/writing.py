"""The documents that the data plane reads, as they are stored; and writing the overruled focus of buckets, always under
the catalogue's lock (`sending.py`)."""

import json
import logging
from collections.abc import Iterable

from django.conf import settings

from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled, name_of
from rendering.storage.errors import Archived, Missing
from rendering.storage.factory import configured

from ..models import Bucket, FocusDocument, OverruledFocus

logger = logging.getLogger(__name__)


def stored_document(name: str) -> tuple[bytes | None, str | None]:
    """A document as it is stored, and its ETag: None and an empty text where there is none. The content alone is None
    where it cannot be read; the ETag where the storage returns no version, so that the write cannot be conditional."""
    try:
        stored = configured("catalogue").read(name)
    except Missing:
        return None, ""
    except Archived as error:
        logger.error("the stored %s cannot be read and is replaced: %s", name, error)
        return None, configured("catalogue").stat(name).etag
    assert stored is not None  # only with `unless` is it None
    return stored.content, stored.etag or None


def serial_in(stored: bytes, name: str) -> int:
    """The serial in a stored document; 0 if it cannot be read."""
    try:
        return int(json.loads(stored)["serial"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        logger.error("the stored %s cannot be read and is replaced: %s", name, error)
        return 0


def stored_serial(name: str) -> int:
    """The serial of a document as the data plane reads it now; 0 when there is none."""
    stored, _ = stored_document(name)
    return serial_in(stored, name) if stored else 0


def write_focus(buckets: Iterable[Bucket], least: int) -> None:
    """Write the overruled focus of buckets as the database is now, each with a serial of at least `least`, which the
    next catalogue will name. Raises StorageError."""
    for bucket in buckets:
        name = name_of(bucket.name)
        stored, etag = stored_document(name)
        # A database restored from a backup knows too low a serial, which the data plane would ignore.
        serial = max((serial_in(stored, name) if stored else 0) + 1, least)
        document = build_focus_document(bucket, serial).encode()
        # A write that timed out may still arrive after the next process has the lock: then the storage refuses it.
        configured("catalogue").write(name, document, "application/json", replacing=etag)
        FocusDocument.objects.update_or_create(bucket=bucket, defaults={"serial": serial})


def build_focus_document(bucket: Bucket, serial: int) -> Overruled[list[str]]:
    frozen = bucket.frozen(settings.ENVIRONMENT)
    lines = OverruledFocus.objects.filter(bucket=bucket, newest=True, boxes__isnull=False).order_by("pk")
    return Overruled(serial, {hash_of(frozen, line.key): line.boxes or [] for line in lines.iterator()})
