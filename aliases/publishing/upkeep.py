"""What is done again and again beside sending: sample sets are found, and live aliases and drafts checked by them. One
process does that at a time, be it a server or `send_outbox`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Upkeep
from ..pictures import samples
from ..pictures.checking import check_drafts, check_some
from ..pictures.health import known
from ..pictures.sampling import work_some

#: Seconds for checking live aliases, and for drafts that wait, at each turn; at least one of each is checked.
LIVE, DRAFTS = 5, 3
#: Seconds for finding sample sets of buckets.
SEARCHING = 5
#: The time after which something is checked again.
AGAIN = timedelta(hours=1)
#: Between two turns of servers, where none is asked for.
PAUSE = timedelta(minutes=1)
#: For which a process has its turn. Longer than a turn takes, whatever hangs; after that another goes on.
CLAIM = timedelta(minutes=3)


def look_after(*, at_once: bool = False) -> list[str]:
    """Check and find for some seconds, unless another process does, or has done so within a minute; `at_once`, all the
    same after that. Returns what is broken and what was found, as lines."""
    if not claim(timezone.now(), at_once=at_once):
        return []
    try:
        return list(work())
    finally:
        Upkeep.objects.update(claimed_until=None, done_at=timezone.now())


def claim(now: datetime, *, at_once: bool) -> bool:
    Upkeep.objects.get_or_create(pk=1)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Q() if at_once else Q(done_at=None) | Q(done_at__lt=now - PAUSE)
    return bool(Upkeep.objects.filter(free, due).update(claimed_until=now + CLAIM))


def work() -> Iterator[str]:
    for search in work_some(SEARCHING):
        yield f"Samples of {search.bucket}: {search.trouble or f'{len(samples.of(search.bucket))} found'}"
    for alias in check_some(LIVE, again_after=AGAIN):
        found = known(alias)
        if found.trouble:
            yield f"Broken: {alias}: {found.trouble}"
        elif found.needs_attention:
            yield f"Rules: {alias}: {'; '.join(f'{one.key}: {one.badge}' for one in found.worst)}"
    check_drafts(DRAFTS, again_after=AGAIN)
