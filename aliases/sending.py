"""The outbox's sender: writes the catalogue, then has the CDN forget what it changed.

The catalogue is built, written and marked as written under one lock, in a transaction that begins after the one that
made the change has committed: so whoever writes last has seen every change, and an older catalogue never lands on top.
"""

import json
import logging
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from rendering import catalogue, derivatives
from rendering.storages import configured
from rendering.stores import Missing, StorageError

from .models import Alias, Bucket, CatalogueState, Outbox

logger = logging.getLogger(__name__)

#: Seconds to the next attempt after a failure: doubling from 2, never longer than 5 minutes.
LONGEST_PAUSE = 300


def send_due(now: datetime | None = None) -> int:
    """Send what is due: the catalogue first, then invalidations of what it made live. Returns how many sends succeeded.

    Never raises for what the outside does: a failure is noted in the row, which is due again a little later.
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
    """Write the catalogue as the database is now, and return its serial. Raises StorageError when it cannot be written.

    With `only_if_pending`, None when another process has just done it.
    """
    with transaction.atomic(durable=True):
        CatalogueState.objects.get_or_create(pk=1)
        state = CatalogueState.objects.select_for_update().get(pk=1)
        # Noted before the database is read: what comes in between is written now, and once more.
        rows = list(pending().values_list("pk", flat=True))
        if only_if_pending and not rows:
            return None
        failure = None
        try:
            # A database restored from a backup knows too low a serial, which the data plane would ignore.
            stored, etag = stored_serial()
            state.serial = max(state.serial, stored) + 1
            document = json.dumps(current(state.serial).to_json(), separators=(",", ":"))
            # A write that timed out may still arrive after the lock was given to the next: then it is refused.
            configured("catalogue").write(catalogue.NAME, document.encode(), "application/json", replacing=etag)
        except StorageError as error:
            failure = error
            for row in Outbox.objects.filter(pk__in=rows):
                failed(row, error)
        else:
            state.written_at = timezone.now()
            state.save()
            Outbox.objects.filter(pk__in=rows).update(sent_at=state.written_at, sends_left=0, attempts=0, last_error="")
    if failure:
        raise failure
    logger.info("catalogue %d written", state.serial)
    return state.serial


def current(serial: int) -> catalogue.Catalogue:
    """The catalogue as the database is now."""
    live = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live")
    # Aliases first: a bucket that is new since then does no harm, one that is missing would.
    aliases = {
        alias.name: {"revision": alias.live.number, **alias.live.content} for alias in live if alias.live is not None
    }
    buckets = Bucket.objects.prefetch_related("places", "overlays_from")
    frozen = {bucket.name: bucket.frozen(settings.ENVIRONMENT) for bucket in buckets}
    return catalogue.Catalogue(serial, frozen, aliases)


def stored_serial() -> tuple[int, str]:
    """The serial and the ETag of the catalogue that the data plane reads now; 0 and nothing when there is none."""
    try:
        stored = configured("catalogue").read(catalogue.NAME)
    except Missing:
        return 0, ""
    assert stored is not None  # nothing was said of `unless`
    try:
        return int(json.loads(stored.content)["serial"]), stored.etag
    except (ValueError, KeyError, TypeError) as error:
        logger.error("the stored catalogue cannot be read and is replaced: %s", error)
        return 0, stored.etag


def send_invalidation(pk: int, now: datetime) -> bool:
    """Send one row, unless another sender has it, it is not due any more, or its catalogue is not written yet.

    Derivatives go first: what the CDN forgets it asks for again at once.
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
            failed(row, error)
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
    """After this no request can still be answered by the catalogue before the one just written, nor by an original
    before the one just uploaded."""
    return timedelta(seconds=settings.CATALOGUE_MAX_AGE + settings.DEADLINE)


def failed(row: Outbox, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:1000]
    row.due_at = timezone.now() + timedelta(seconds=min(2 ** min(row.attempts, 10), LONGEST_PAUSE))
    row.save()


def invalidate(tags: list[str], reference: str) -> None:
    """Have the CDN forget everything with one of these tags. The same reference twice is one invalidation."""
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
    import boto3  # a fifth of a second, which only deployments with a CDN need pay
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    # CloudFront is a global service; its API is reached by the region us-east-1.
    return boto3.client("cloudfront", region_name="us-east-1", config=config)


def catalogue_in_words() -> str:
    """Whether what was just changed is in the catalogue, and what will be done if it is not."""
    row = pending().order_by("-attempts").first()
    if row is None:
        return f"The catalogue is written, serial {CatalogueState.objects.get(pk=1).serial}; live in {live_in():g} s."
    reason = f" ({row.last_error})" if row.last_error else ""
    return (
        f"The catalogue could not be written yet{reason}. Nothing is lost: it is tried again by the next "
        "publication, by the schedule, or now with: manage.py send_outbox"
    )


def live_in() -> float:
    """Seconds after which every process has read the catalogue just written."""
    return float(settings.CATALOGUE_MAX_AGE)
