"""The outbox's sender: writes the catalogue, then has the CDN purge what it changed.

The catalogue is built, written and marked as written under one lock, in a transaction that begins after the one that
made the change has committed. So the last writer has seen every change, and no older catalogue replaces a newer one.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from rendering.catalogue import catalogue
from rendering.pictures import derivatives
from rendering.storage.errors import StorageError

from ..models import Bucket, CatalogueState, Outbox
from . import catalogue_document
from .cdns import purgers
from .cdns.http import NotPurged
from .writing import stored_serial, write_focus

logger = logging.getLogger(__name__)

#: Seconds to the next attempt after a failure: doubling from 2, never longer than 5 minutes.
LONGEST_PAUSE = 300
#: For how long a publication may wait to be written before /readyz says so.
GRACE = timedelta(minutes=1)
#: The most tags in one call, of CloudFront's the largest. It takes 150 paths or tags a second:
#: docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_TAGS = 150


def send_due(now: datetime | None = None) -> int:
    """Send what is due: the catalogue first, then invalidations of what it made live. Returns how many sends succeeded.

    Never raises for failures outside: they are recorded in the row, which is due again a little later.
    """
    now = now or timezone.now()
    sent = 0
    if pending().filter(due_at__lte=now).exists():
        try:
            sent += write_catalogue(only_if_pending=True) is not None
        except StorageError as error:
            logger.error("catalogue not written: %s: %s", type(error).__name__, error)
    due = Outbox.objects.exclude(kind=Outbox.Kind.CATALOGUE).filter(sent_at=None, due_at__lte=now).order_by("pk")
    for call in calls(list(due.values_list("pk", "kind", "tags"))):
        sent += send_invalidations(call, now)
    return sent


def longest_wait() -> timedelta:
    """For how long the oldest change has waited: since it was due, or since it was made if it has failed meanwhile."""
    now = timezone.now()
    left = Outbox.objects.filter(sent_at=None).values_list("made_at", "due_at", "attempts")
    waits = [now - (made_at if attempts else due_at) for made_at, due_at, attempts in left]
    return max([timedelta(), *waits])


def outbox_age() -> float | None:
    """Seconds for which the oldest change has waited, for whoever watches; None while the database is away."""
    try:
        return longest_wait().total_seconds()
    except DatabaseError as error:
        logger.error("the outbox could not be looked at: %s", error)
        return None


def outbox_unsent() -> float | None:
    """How many changes are not sent yet; None while the database is away."""
    try:
        return Outbox.objects.filter(sent_at=None).count()
    except DatabaseError as error:
        logger.error("the outbox could not be looked at: %s", error)
        return None


def calls(rows: list[tuple[int, str, list[str]]]) -> Iterator[list[int]]:
    """The rows that are sent in one call to the CDN each: as many as it takes tags. A row that removes derivatives is
    sent alone, since that can take long, or fail."""
    call: list[int] = []
    room = MOST_TAGS
    for pk, kind, tags in rows:
        alone = kind == Outbox.Kind.REMOVE
        if call and (alone or len(tags) > room):
            yield call
            call, room = [], MOST_TAGS
        if alone:
            yield [pk]
        else:
            call.append(pk)
            room -= len(tags)
    if call:
        yield call


def pending() -> Any:
    return Outbox.objects.filter(kind=Outbox.Kind.CATALOGUE, sent_at=None)


def write_catalogue(*, only_if_pending: bool = False) -> int | None:
    """Write the catalogue as the database is now, and before it the overruled focus of the buckets where that changed;
    return the catalogue's serial. Raises StorageError when something cannot be written.

    With `only_if_pending`, only what the outbox says has changed is made anew, and it is None when another process has
    just done it; without, all aliases and the focus of every bucket are written.
    """
    with transaction.atomic(durable=True):
        CatalogueState.objects.get_or_create(pk=1)
        state = CatalogueState.objects.select_for_update().get(pk=1)
        # Listed before the database is read: a change in between is written now, and once more.
        rows = list(pending().values_list("pk", flat=True))
        if only_if_pending and not rows:
            return None
        changed = Bucket.objects.filter(pk__in=Outbox.objects.filter(pk__in=rows).values("bucket"))
        if not only_if_pending:
            changed = Bucket.objects.filter(overruled__isnull=False).distinct()
        failure = None
        try:
            # Before the catalogue, because a document whose serial is read there must exist.
            write_focus(changed, least=state.serial + 1)
            catalogue_document.replace(state, names_in(rows) if only_if_pending else None)
        except StorageError as error:
            failure = error
            for row in Outbox.objects.filter(pk__in=rows):
                record_failure(row, error)
        else:
            state.written_at = timezone.now()
            state.save()
            Outbox.objects.filter(pk__in=rows).update(sent_at=state.written_at, sends_left=0, attempts=0, last_error="")
    if failure:
        raise failure
    logger.info("catalogue %d written", state.serial)
    return state.serial


def names_in(rows: list[int]) -> set[str] | None:
    """The names of the aliases that these rows of the outbox are about; None if a row does not say."""
    said = list(Outbox.objects.filter(pk__in=rows).values_list("aliases", flat=True))
    return None if None in said else {name for names in said for name in names or ()}


def send_invalidations(pks: list[int], now: datetime) -> int:
    """Send these rows in one call, but for those that another sender has, that are not due any more, or whose catalogue
    is not written yet. Returns how many were sent.

    Derivatives are removed first: what the CDN purges it requests again at once.
    """
    with transaction.atomic(durable=True):
        skip = connection.features.has_select_for_update_skip_locked
        locked = Outbox.objects.select_for_update(skip_locked=skip).filter(pk__in=pks, sent_at=None, due_at__lte=now)
        unwritten = pending().order_by("pk").values_list("pk", flat=True).first()
        rows = [
            row
            for row in locked.order_by("pk")
            if row.kind != Outbox.Kind.INVALIDATE or unwritten is None or row.pk < unwritten
        ]
        if not rows:
            return 0
        try:
            for folder in (folder for row in rows for folder in row.folders):
                derivatives.remove(folder)
            purgers.purge(list(dict.fromkeys(tag for row in rows for tag in row.tags)), reference(rows))
        except (NotPurged, StorageError) as error:
            for row in rows:
                logger.error("not sent: %s: %s", row, error)
                record_failure(row, error)
            return 0
        for row in rows:
            record_success(row)
        return len(rows)


def reference(rows: list[Outbox]) -> str:
    """What CloudFront tells apart calls by: the same for the same send of the same rows."""
    each = [f"{row.pk}-{row.made_at:%Y%m%dT%H%M%S%f}-{row.sends_left}" for row in rows]
    return each[0] if len(each) == 1 else f"{each[0]}-{sha256(' '.join(each).encode()).hexdigest()[:16]}"


def record_success(row: Outbox) -> None:
    row.sends_left -= 1
    row.attempts, row.last_error = 0, ""
    if row.sends_left:
        row.due_at = timezone.now() + oldest_catalogue()
    else:
        row.sent_at = timezone.now()
    row.save()


def oldest_catalogue() -> timedelta:
    """After this time no request can still be answered from the previous catalogue, or from an original that was just
    overwritten."""
    return timedelta(seconds=settings.CATALOGUE_MAX_AGE + settings.DEADLINE)


def record_failure(row: Outbox, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:1000]
    row.due_at = timezone.now() + timedelta(seconds=min(2 ** min(row.attempts, 10), LONGEST_PAUSE))
    row.save()


def catalogue_in_words() -> str:
    """Whether the last change is in the catalogue, and what happens if it is not. Reads the stored catalogue."""
    row = pending().order_by("-attempts").first()
    if row is None:
        return written_in_words()
    reason = f" ({row.last_error})" if row.last_error else ""
    failed = f"could not be written yet{reason}" if row.attempts else "is still to be written"
    return (
        f"The catalogue {failed}. Nothing is lost: it is tried again by the next publication, by the schedule, or now "
        "with: manage.py send_outbox"
    )


def unwritten() -> str:
    """What /readyz says of publications: "ok", or why viewers do not get what the database says."""
    try:
        row = pending().filter(made_at__lt=timezone.now() - GRACE).order_by("made_at").first()
    except DatabaseError as error:
        logger.error("the database does not answer: %s", error)
        return "unknown: the database does not answer"
    if row is None:
        return "ok"
    return f"behind: the catalogue is older than the database since {row.made_at:%Y-%m-%dT%H:%M:%SZ}, {row.why}"


def written_in_words() -> str:
    """Whether the catalogue last written is the one that the data plane reads: CATALOGUE_URL may have changed, or
    another service may have written there."""
    state = CatalogueState.objects.filter(pk=1).first()
    serial = state.serial if state else 0
    try:
        stored = stored_serial(catalogue.NAME)
    except StorageError as error:
        return (
            f"The catalogue was last written with serial {serial}; whether it is there could not be looked up "
            f"({type(error).__name__}: {error}). See CATALOGUE_URL."
        )
    if stored >= serial > 0:
        return f"The catalogue is written, serial {serial}; live in {seconds_until_live():g} s."
    found = f"has serial {stored}" if stored else "has none that can be read"
    return (
        f"The catalogue is not written: the one last written has serial {serial}, and CATALOGUE_URL {found}. Write it "
        "there with: manage.py write_catalogue"
    )


def write_where_missing() -> None:
    """Write the catalogue to CATALOGUE_URL unless the last one is there: the setting may have changed. Failures are
    logged and reported by `catalogue_in_words`."""
    if pending().exists():
        return
    try:
        state = CatalogueState.objects.filter(pk=1).first()
        if state is None or stored_serial(catalogue.NAME) < state.serial:
            write_catalogue()
    except StorageError as error:
        logger.error("catalogue not written: %s: %s", type(error).__name__, error)


def seconds_until_live() -> float:
    """Seconds after which every process has read the catalogue just written."""
    return float(settings.CATALOGUE_MAX_AGE)
