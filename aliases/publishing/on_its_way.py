"""Publications that are not everywhere yet: how long that still takes, or what keeps them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from rendering import conf

from ..models import Outbox, Publication
from .sending import seconds_until_live, send_due

#: What viewers get while something cannot be sent.
NOT_WRITTEN = "Viewers still get the old pictures: the change could not be handed to the servers yet."
NOT_PURGED = "Some viewers still get the old pictures: the CDN refused to drop them."


@dataclass(frozen=True, slots=True)
class OnItsWay:
    publication: Publication
    #: Seconds until everybody sees it, if nothing fails.
    seconds: int
    #: How much of the way is done, 0 to 100.
    percent: int
    #: What viewers get because it cannot be sent; empty if nothing fails.
    trouble: str = ""
    #: The error itself, for engineers.
    error: str = ""


def on_its_way() -> list[OnItsWay]:
    """Those that are not everywhere yet, the newest first: two queries."""
    now, rows = timezone.now(), defaultdict(list)
    for row in unfinished(now):
        rows[row.publication_id].append(row)
    found = Publication.objects.filter(Q(pk__in=rows) | Q(together__in=rows)).select_related("alias", "revision", "by")
    return [way_of(one, rows[one.together_id or one.pk], now) for one in found] if rows else []


def unfinished(now: datetime) -> QuerySet[Outbox]:
    """What is not sent yet, or not read by every process."""
    read = Q(kind=Outbox.Kind.CATALOGUE, sent_at__gt=now - timedelta(seconds=seconds_until_live()))
    waiting = Q(sent_at=None)
    if not conf.purges():  # no CDN is asked, so nobody waits for one
        waiting &= Q(kind=Outbox.Kind.CATALOGUE)
    return Outbox.objects.filter(waiting | read, publication__isnull=False)


def way_of(publication: Publication, rows: Iterable[Outbox], now: datetime) -> OnItsWay:
    failing = sorted((row for row in rows if row.attempts), key=lambda row: row.kind != Outbox.Kind.CATALOGUE)
    if failing:
        written = failing[0].kind != Outbox.Kind.CATALOGUE
        return OnItsWay(
            publication, 0, 50 if written else 0, NOT_PURGED if written else NOT_WRITTEN, failing[0].last_error
        )
    seconds = max((left(row, now) for row in rows), default=0.0)
    begun = (now - publication.at).total_seconds()
    whole = max(begun + seconds, 1.0)
    return OnItsWay(publication, max(1, round(seconds)), min(99, round(100 * begun / whole)))


def left(row: Outbox, now: datetime) -> float:
    """Seconds until what the row sends has arrived."""
    due = max(0.0, (row.due_at - now).total_seconds())
    if row.kind != Outbox.Kind.CATALOGUE:
        return due
    sent = row.sent_at or now + timedelta(seconds=due)
    return max(0.0, (sent - now).total_seconds() + seconds_until_live())


def try_again() -> int:
    """Send what failed at once instead of later. Returns how many sends succeeded."""
    Outbox.objects.filter(sent_at=None, attempts__gt=0).update(due_at=timezone.now())
    return send_due()
