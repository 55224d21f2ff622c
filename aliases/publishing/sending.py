"""The outbox's sender: writes the catalogue, then has the CDN purge what it changed.

The catalogue is built, written and marked as written under one lock, in a transaction that begins after the one that
made the change has committed. So the last writer has seen every change, and no older catalogue replaces a newer one.
"""

import logging
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from rendering.catalogue import catalogue
from rendering.pictures import derivatives
from rendering.storage.errors import StorageError

from ..drafts import content
from ..models import Alias, Bucket, CatalogueState, Outbox
from .writing import replace_document, stored_serial, write_focus

logger = logging.getLogger(__name__)

#: Seconds to the next attempt after a failure: doubling from 2, never longer than 5 minutes.
LONGEST_PAUSE = 300


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
    due = Outbox.objects.exclude(kind=Outbox.Kind.CATALOGUE).filter(sent_at=None, due_at__lte=now)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        sent += send_invalidation(pk, now)
    return sent


def pending() -> Any:
    return Outbox.objects.filter(kind=Outbox.Kind.CATALOGUE, sent_at=None)


def write_catalogue(*, only_if_pending: bool = False) -> int | None:
    """Write the catalogue as the database is now, and before it the overruled focus of the buckets where that changed;
    return the catalogue's serial. Raises StorageError when something cannot be written.

    With `only_if_pending`, None when another process has just done it; without, the focus of every bucket is written.
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
            state.serial = replace_document(catalogue.NAME, build_catalogue, least=state.serial + 1)
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


def build_catalogue(serial: int) -> catalogue.Catalogue:
    """The catalogue as the database is now."""
    live = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live")
    # Aliases first: a bucket added in between does no harm, a missing one would.
    aliases = {
        alias.name: {"revision": alias.live.number, **content.public(alias.live.content)}
        for alias in live
        if alias.live is not None
    }
    buckets = Bucket.objects.select_related("focus_document").prefetch_related("places", "overlays_from")
    frozen = {bucket.name: bucket.frozen(settings.ENVIRONMENT) for bucket in buckets}
    return catalogue.Catalogue(serial, frozen, aliases, purged=bool(settings.CLOUDFRONT_DISTRIBUTION_ID))


def send_invalidation(pk: int, now: datetime) -> bool:
    """Send one row, unless another sender has it, it is not due any more, or its catalogue is not written yet.

    Derivatives are removed first: what the CDN purges it requests again at once.
    """
    with transaction.atomic(durable=True):
        skip = connection.features.has_select_for_update_skip_locked
        row = Outbox.objects.select_for_update(skip_locked=skip).filter(pk=pk, sent_at=None, due_at__lte=now).first()
        if row is None or (row.kind == Outbox.Kind.INVALIDATE and pending().filter(pk__lt=row.pk).exists()):
            return False
        try:
            for folder in row.folders:
                derivatives.remove(folder)
            invalidate(row.tags, f"{row.pk}-{row.made_at:%Y%m%dT%H%M%S%f}-{row.sends_left}")
        except (BotoCoreError, ClientError, StorageError) as error:
            logger.error("not sent: %s: %s", row, error)
            record_failure(row, error)
            return False
        row.sends_left -= 1
        row.attempts, row.last_error = 0, ""
        if row.sends_left:
            row.due_at = timezone.now() + oldest_catalogue()
        else:
            row.sent_at = timezone.now()
        row.save()
        return True


def oldest_catalogue() -> timedelta:
    """After this time no request can still be answered from the previous catalogue, or from an original that was just
    overwritten."""
    return timedelta(seconds=settings.CATALOGUE_MAX_AGE + settings.DEADLINE)


def record_failure(row: Outbox, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:1000]
    row.due_at = timezone.now() + timedelta(seconds=min(2 ** min(row.attempts, 10), LONGEST_PAUSE))
    row.save()


def invalidate(tags: list[str], reference: str) -> None:
    """Have the CDN purge everything with one of these tags. The same reference twice is one invalidation."""
    if not settings.CLOUDFRONT_DISTRIBUTION_ID:
        logger.info("tags to invalidate, were there a CDN: %s", ", ".join(tags))
        return
    items = [f"#{tag}" for tag in tags]
    cloudfront().create_invalidation(
        DistributionId=settings.CLOUDFRONT_DISTRIBUTION_ID,
        InvalidationBatch={"Paths": {"Quantity": len(items), "Items": items}, "CallerReference": reference},
    )


@lru_cache(maxsize=1)
def cloudfront() -> Any:
    import boto3  # it takes 0.2 s to import, which only deployments with a CDN need
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    # CloudFront is a global service; its API is reached by the region us-east-1.
    return boto3.client("cloudfront", region_name="us-east-1", config=config)


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


def written_in_words() -> str:
    """Whether the catalogue last written is the one that the data plane reads: CATALOGUE_URL may have changed, or
    another service may have written there."""
    state = CatalogueState.objects.filter(pk=1).first()
    serial = state.serial if state else 0
    try:
        stored, _ = stored_serial(catalogue.NAME)
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
        if state is None or stored_serial(catalogue.NAME)[0] < state.serial:
            write_catalogue()
    except StorageError as error:
        logger.error("catalogue not written: %s: %s", type(error).__name__, error)


def seconds_until_live() -> float:
    """Seconds after which every process has read the catalogue just written."""
    return float(settings.CATALOGUE_MAX_AGE)
