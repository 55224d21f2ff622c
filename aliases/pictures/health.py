"""Whether viewers get their pictures: for each live alias, whether its live revision can make its sample.

A check renders the sample. So it is made when the sample is shown or published anyway, and by the schedule, but never
for all rows of a list. Its result is stored with the time. Before the first check, and once something else is live,
health is unknown.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from rendering.imaging import documents
from rendering.imaging.encoding import Accept
from rendering.pictures.originals import MissingOriginal
from rendering.storage.errors import StorageError
from rendering.workers.errors import Busy

from ..drafts.content import hashed
from ..models import Alias, Health
from . import kept, preview
from .preview import NoPicture, Shot

#: An unchanged result is written again only after this time, so that not every view of a list writes rows.
FRESH = timedelta(minutes=10)


class State(StrEnum):
    BROKEN = "broken"
    UNKNOWN = "not checked yet"
    WELL = "sample fine"
    NO_SAMPLE = "no sample"
    NOT_LIVE = "not live"


class Cause(StrEnum):
    """What is the matter with a broken alias, the worst first."""

    UNREACHABLE = "bucket unreachable"
    MISSING = "sample missing"
    FAILED = "sample cannot be made"


CAUSES = {cause.value: cause for cause in Cause}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an alias's health. `looked_at` is None where it was never checked."""

    state: State
    trouble: str = ""
    looked_at: datetime | None = None
    #: Of a broken alias.
    cause: Cause | None = None


def served() -> QuerySet[Alias]:
    """The live aliases, with the related rows that this module reads."""
    live = Alias.objects.filter(enabled=True, live__isnull=False)
    return live.select_related("live", "live_bucket", "health").prefetch_related("live_bucket__places")


def known(alias: Alias) -> Known:
    """The result of the last check; makes none."""
    if not alias.served:
        return Known(State.NOT_LIVE)
    if not alias.sample:
        return Known(State.NO_SAMPLE)
    found: Health | None = getattr(alias, "health", None)
    if found is None or found.of != subject(alias):
        return Known(State.UNKNOWN)
    if not found.trouble:
        return Known(State.WELL, looked_at=found.looked_at)
    cause = CAUSES.get(found.cause, Cause.FAILED)  # earlier versions stored none
    return Known(State.BROKEN, found.trouble, found.looked_at, cause)


def subject(alias: Alias) -> str:
    """A short text that changes when the live revision, the sample or the place of the bucket does."""
    place = alias.live_bucket.place_in(settings.ENVIRONMENT) if alias.live_bucket else None
    return hashed([alias.live_id, alias.sample, documents.to_builtins(place.frozen()) if place else None])


def look(alias: Alias, accept: Accept = "any") -> Shot:
    """Render the sample as viewers get it and record the result. Raises NoPicture."""
    assert alias.live is not None
    with recording(alias):
        return preview.revision(alias, alias.live.content, accept)


def look_at_small(alias: Alias, accept: Accept = "any") -> Shot:
    """The small picture of the sample as viewers get it; whether there is one is recorded. Raises NoPicture."""
    assert alias.live is not None
    with recording(alias):
        frozen, bucket = preview.frozen_revision(alias, alias.live.content)
        return kept.small(frozen, *preview.locate(bucket, frozen.prefix, alias.sample), accept)


@contextmanager
def recording(alias: Alias) -> Iterator[None]:
    """Record whether what is done within raises NoPicture."""
    try:
        yield
    except NoPicture as error:
        if not isinstance(error.__cause__, Busy):  # which says nothing about the alias
            record(alias, error)
        raise
    record(alias, None)


def cause_of(error: NoPicture) -> Cause:
    if isinstance(error.__cause__, StorageError):
        return Cause.UNREACHABLE
    return Cause.MISSING if isinstance(error.__cause__, MissingOriginal) else Cause.FAILED


def record(alias: Alias, error: NoPicture | None) -> None:
    """Store the result of a check; without an error all is well."""
    if not alias.served or not alias.sample:
        return
    before, now = known(alias), timezone.now()
    trouble = str(error) if error else ""
    if before.looked_at and before.trouble == trouble and now - before.looked_at < FRESH:
        return
    cause = cause_of(error) if error else ""
    found = {"of": subject(alias), "trouble": trouble, "cause": cause, "looked_at": now}
    with suppress(IntegrityError), transaction.atomic():  # the alias was deleted in between
        alias.health, _ = Health.objects.update_or_create(alias=alias, defaults=found)


def look_at_some(seconds: float, *, again_after: timedelta | None = None) -> list[Alias]:
    """Check aliases whose health is unknown, then those last checked before `again_after`, the oldest first, until
    `seconds` have passed. Returns those that were checked."""
    waiting = list(served().exclude(sample="").order_by(F("health__looked_at").asc(nulls_first=True), "pk"))
    waiting.sort(key=lambda alias: known(alias).state != State.UNKNOWN)  # a stable sort
    end = time.monotonic() + seconds
    done: list[Alias] = []
    for alias in waiting:
        last = known(alias).looked_at
        if (done and time.monotonic() > end) or (last and (not again_after or timezone.now() - last < again_after)):
            break
        with suppress(NoPicture):  # which is stored
            look(alias)
        done.append(alias)
    return done


def look_and_report(aliases: QuerySet[Alias], seconds: float = 15) -> tuple[str, bool]:
    """Check live aliases now, for up to `seconds`; return the result as a sentence, and whether all is well."""
    chosen, end = list(aliases.exclude(sample="")), time.monotonic() + seconds
    looked = broken = 0
    for alias in chosen:
        if looked and time.monotonic() > end:
            break
        try:
            look(alias)
        except NoPicture:
            broken += 1
        looked += 1
    if not chosen:
        return "None of these is live and has a sample, so there was nothing to look at.", False
    left = len(chosen) - looked
    samples = f"{looked} sample{'s' if looked > 1 else ''}"
    found = f"{broken} of them cannot be made" if broken else ("all are well" if looked > 1 else "it is well")
    rest = f" There was no time for {left} more: tick them again." if left else ""
    return f"Looked at {samples}: {found}.{rest}", not broken and not left
