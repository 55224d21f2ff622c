"""Checking live aliases, and drafts that wait: rendering samples, and storing what `health.py` then says.

A check renders. It is therefore made when something is published, and by the schedule, but never for every row of a
list; and a sample is rendered again only if something that decides its picture has changed.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from rendering.imaging import documents
from rendering.imaging.encoding import Accept
from rendering.imaging.errors import BadRecipe
from rendering.workers.errors import Busy

from ..models import Alias, Bucket, DraftHealth, Health, Sample
from . import kept, measuring, preview, verdicts
from .findings import Cause, cause_of
from .health import Known, State, basis, basis_of_draft, known, known_of_draft, served, subject, waiting_drafts
from .preview import NoPicture, Shot
from .verdicts import Verdict

#: An unchanged result is written again only after this time, so that not every view of a list writes rows. A check that
#: had no time for all samples is continued after this time, too.
FRESH = timedelta(minutes=10)
#: The most drafts that are checked; the newest come first.
MOST_DRAFTS = 50
#: Seconds for the samples of one alias where several aliases are checked. What is left out is checked next time.
EACH = 10


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
        record(alias, error)
        raise
    record(alias, None)


def record(alias: Alias, error: NoPicture | None) -> None:
    """Store whether the sample can be made; without an error it can."""
    if not alias.served or not alias.sample or is_busy(error):
        return
    found, now, trouble = getattr(alias, "health", None), timezone.now(), str(error) if error else ""
    if found and found.of == subject(alias) and found.trouble == trouble and now - found.looked_at < FRESH:
        return
    # What is known of the other samples dates from before this one changed.
    outdated = {"judged": ""} if found and found.trouble != trouble else {}
    store(alias, **of_sample(alias, error, now), **outdated)


def of_sample(alias: Alias, error: NoPicture | None, now: datetime) -> dict[str, Any]:
    cause, trouble = (cause_of(error), str(error)) if error else ("", "")
    return {"of": subject(alias), "trouble": trouble, "cause": cause, "looked_at": now}


def is_busy(error: NoPicture | None) -> bool:
    """Whether an error is about too many requests, and so says nothing about the alias."""
    return error is not None and isinstance(error.__cause__, Busy)


def store(alias: Alias, **values: Any) -> None:
    with suppress(IntegrityError), transaction.atomic():  # the alias was deleted in between
        alias.health, _ = Health.objects.update_or_create(alias=alias, defaults=values)


def check(alias: Alias, seconds: float = verdicts.MOST_SECONDS) -> Known:
    """Look at all samples of what is live, and store what is found. Where nothing has changed since the last check, the
    sample of the alias alone is rendered."""
    assert alias.live is not None
    found, now = getattr(alias, "health", None), timezone.now()
    of = basis(alias, subject(alias))
    whole = found is not None and found.judged == of and not found.left_out
    try:
        verdict = verdicts.of(alias, alias.live.content, seconds=seconds, unless=found.read if found and whole else "")
    except NoPicture as error:
        store(alias, **of_sample(alias, error, now))
        return known(alias)
    if verdict is None:
        if alias.sample:
            look_quietly(alias)
        store(alias, judged_at=now)
    elif is_busy(verdict.error):
        return known(alias)
    else:
        store(alias, **of_sample(alias, verdict.error, now), **of_samples(of, verdict, now))
    return known(alias)


def of_samples(of: str, verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "judged": of,
        "judged_at": now,
        "read": verdict.read,
        "findings": [documents.to_builtins(one) for one in verdict.worst],
        "samples": verdict.samples,
        "left_out": verdict.left_out,
        "median": verdict.median,
    }


def look_at_some(seconds: float) -> None:
    """Look at the samples of live aliases whose own was never looked at, until `seconds` have passed."""
    end = time.monotonic() + seconds
    for number, alias in enumerate(served().exclude(sample="")):
        found = getattr(alias, "health", None)
        if found and found.of == subject(alias):
            continue
        if number and time.monotonic() > end:
            break
        look_quietly(alias)


def check_some(seconds: float, *, again_after: timedelta | None = None) -> list[Alias]:
    """Check live aliases whose health is unknown, or whose bucket has gained samples since, then those last checked
    more than `again_after` ago, the oldest first, until `seconds` have passed. Returns those that were checked: at
    least one if any is due."""
    waiting = list(served().order_by(F("health__judged_at").asc(nulls_first=True), "pk"))
    grown = newest_samples()
    due = [alias for alias in waiting if is_due(alias, again_after, grown.get(alias.live_bucket_id))]
    return until(due, partial(check, seconds=EACH), seconds)


def newest_samples() -> dict[int | None, datetime]:
    """When the newest sample of each bucket was put into its set, by the bucket's key."""
    return dict(Sample.objects.order_by().values_list("bucket").annotate(newest=Max("added_at")))


def is_due(alias: Alias, again_after: timedelta | None, grown: datetime | None) -> bool:
    said, found = known(alias), getattr(alias, "health", None)
    last = found.judged_at if found else None
    if last and grown and last < grown:
        return True
    if found is None or last is None or found.judged != basis(alias, subject(alias)):
        # The other samples of a broken alias were not judged; it is checked again when others are.
        return said.looked_at is None or (again_after is not None and timezone.now() - said.looked_at >= again_after)
    pause = min(again_after, FRESH) if again_after and said.left_out else again_after
    return pause is not None and timezone.now() - last >= pause


def until(aliases: Iterable[Alias], act: Callable[[Alias], object], seconds: float) -> list[Alias]:
    """Call `act` with the aliases until `seconds` have passed, at least with one. Returns those that were acted on."""
    end, done = time.monotonic() + seconds, list[Alias]()
    for alias in aliases:
        if done and time.monotonic() > end:
            break
        act(alias)
        done.append(alias)
    return done


def check_draft(alias: Alias, seconds: float = verdicts.MOST_SECONDS) -> None:
    """Look at what publishing the draft would do to its samples, and store that, unless nothing has changed. A visual
    quality must have been measured before, which the page that publishes does."""
    found: DraftHealth | None = getattr(alias, "draft_health", None)
    try:
        of = basis_of_draft(alias)
        whole = found is not None and found.judged == of and not found.left_out
        verdict = verdicts.of(alias, seconds=seconds, unless=found.read if found and whole else "")
    except (BadRecipe, NoPicture):  # the form says so
        return
    values = of_samples(of, verdict, timezone.now()) if verdict else {"judged_at": timezone.now()}
    with suppress(IntegrityError), transaction.atomic():  # the alias was deleted in between
        alias.draft_health, _ = DraftHealth.objects.update_or_create(alias=alias, defaults=values)


def check_drafts(seconds: float, *, again_after: timedelta) -> list[Alias]:
    """Check drafts that wait, as `check_some` does live aliases."""
    grown, old = newest_samples(), timezone.now() - again_after

    def is_due(alias: Alias) -> bool:
        last = known_of_draft(alias).looked_at
        return last is None or last <= max(old, grown.get(alias.bucket_id, old))

    due = [alias for alias in waiting_drafts()[:MOST_DRAFTS] if is_due(alias) and not measuring.due(alias)]
    return until(due, partial(check_draft, seconds=EACH), seconds)


def look_at_bucket(bucket: Bucket, seconds: float) -> int:
    """Check again the live aliases that were broken because that bucket could not be read, now that it can be, until
    `seconds` have passed; the health of the rest becomes unknown. Returns how many were broken."""
    rows = served().filter(live_bucket=bucket, health__cause=Cause.UNREACHABLE)
    broken = [alias for alias in rows if known(alias).cause is Cause.UNREACHABLE]
    done = {alias.pk for alias in until(broken, partial(check, seconds=EACH), seconds)}
    Health.objects.filter(alias__in=[alias for alias in broken if alias.pk not in done]).update(of="", judged="")
    return len(broken)


def look_quietly(alias: Alias) -> None:
    with suppress(NoPicture):  # which is stored
        look(alias)


def check_and_report(aliases: QuerySet[Alias], seconds: float = 15) -> tuple[str, bool]:
    """Check live aliases now, for up to `seconds`; return the result as a sentence, and whether all is well."""
    chosen = list(aliases)
    if not chosen:
        return "None of these is live, so there was nothing to check.", False
    looked = until(chosen, partial(check, seconds=EACH), seconds)
    left, states = len(chosen) - len(looked), [known(alias).state for alias in looked]
    said = [
        (states.count(State.BROKEN), "broken"),
        (states.count(State.BREAKS_RULES), "breaking rules"),
        (states.count(State.WARNED), "with warnings"),
        (states.count(State.NO_SAMPLE), "without a sample"),
    ]
    found = ", ".join(f"{count} {words}" for count, words in said if count)
    well = "it is well" if len(looked) == 1 else "all are well"
    rest = f" There was no time for {left} more: tick them again." if left else ""
    return f"Checked {len(looked)} alias{'es' if looked[1:] else ''}: {found or well}.{rest}", not found and not left
