"""Writing the documents that the data plane reads: the catalogue and the overruled focus of buckets. Always under the
catalogue's lock (`sending.py`)."""

import json
import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings

from rendering.catalogue.catalogue import Catalogue
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled, name_of
from rendering.storage.errors import Archived, Missing
from rendering.storage.factory import configured

from ..models import Bucket, FocusDocument, OverruledFocus

logger = logging.getLogger(__name__)


def replace_document(name: str, make: Callable[[int], Catalogue | Overruled[list[str]]], least: int) -> int:
    """Replace the stored document by the one that `make` returns for a serial; return the serial, which is higher than
    the stored one's and at least `least`. Raises StorageError; Changed when somebody else wrote in between."""
    # A database restored from a backup knows too low a serial, which the data plane would ignore.
    stored, etag = stored_serial(name)
    serial = max(stored + 1, least)
    # A write that timed out may still arrive after the next process has the lock: then the storage refuses it.
    configured("catalogue").write(name, make(serial).encode(), "application/json", replacing=etag)
    return serial


def stored_serial(name: str) -> tuple[int, str | None]:
    """The serial and the ETag of a document as the data plane reads it now; 0 and an empty text when there is none. The
    ETag is None where the storage returns no version, so that the write cannot be made conditional."""
    try:
        stored = configured("catalogue").read(name)
    except Missing:
        return 0, ""
    except Archived as error:
        logger.error("the stored %s cannot be read and is replaced: %s", name, error)
        return 0, configured("catalogue").stat(name).etag
    assert stored is not None  # only with `unless` is it None
    try:
        return int(json.loads(stored.content)["serial"]), stored.etag or None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        logger.error("the stored %s cannot be read and is replaced: %s", name, error)
        return 0, stored.etag or None


def write_focus(buckets: Iterable[Bucket], least: int) -> None:
    """Write the overruled focus of buckets as the database is now, each with a serial of at least `least`, which the
    next catalogue will name. Raises StorageError."""
    for bucket in buckets:
        serial = replace_document(name_of(bucket.name), partial(build_focus_document, bucket), least)
        FocusDocument.objects.update_or_create(bucket=bucket, defaults={"serial": serial})


def build_focus_document(bucket: Bucket, serial: int) -> Overruled[list[str]]:
    frozen = bucket.frozen(settings.ENVIRONMENT)
    lines = OverruledFocus.objects.filter(bucket=bucket, newest=True, boxes__isnull=False).order_by("pk")
    return Overruled(serial, {hash_of(frozen, line.key): line.boxes or [] for line in lines.iterator()})
