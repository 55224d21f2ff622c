"""Whether viewers get their pictures as they should: for each live alias, whether its live revision can make its
sample, and what it does to the whole sample set; for drafts that wait, what publishing them would do to it.

This module reports what `checking.py` has found and stored, and renders nothing. Health is unknown before the first
check, and again once something else is live or other rules apply.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from rendering.imaging import documents
from rendering.imaging.errors import BadDocument, BadRecipe

from ..drafts.content import hashed
from ..drafts.rules import Rules
from ..models import Alias, Bucket, DraftHealth, Health
from .findings import Cause, needs_attention
from .verdicts import Worst

RULES = tuple(field.name for field in Rules._meta.local_fields)
CAUSES = {cause.value: cause for cause in Cause}


class State(StrEnum):
    BROKEN = "broken"
    #: Samples break a rule that is a must, or a budget; or only rules that are warnings.
    BREAKS_RULES = "rules broken"
    WARNED = "with warnings"
    UNKNOWN = "not checked yet"
    WELL = "samples fine"
    NO_SAMPLE = "no sample"
    NOT_LIVE = "not live"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the health of a live alias, or of a draft. `looked_at` is None where it was never checked."""

    state: State
    trouble: str = ""
    looked_at: datetime | None = None
    #: Of a broken alias.
    cause: Cause | None = None
    #: The worst of each rule that is broken, the worst rule first.
    worst: tuple[Worst, ...] = ()
    #: Samples that were judged, those for which there was no time, and the median of the pictures' bytes.
    samples: int = 0
    left_out: int = 0
    median: int | None = None

    @property
    def needs_attention(self) -> bool:
        return self.state in (State.BROKEN, State.BREAKS_RULES)


def served() -> QuerySet[Alias]:
    """The live aliases, with the related rows that this module reads."""
    live = Alias.objects.filter(enabled=True, live__isnull=False)
    return live.select_related("live", "live_bucket", "health").prefetch_related("live_bucket__places")


def known(alias: Alias) -> Known:
    """The result of the last check of what is live; makes none."""
    if not alias.served:
        return Known(State.NOT_LIVE)
    found: Health | None = getattr(alias, "health", None)
    nothing = Known(State.UNKNOWN if alias.sample else State.NO_SAMPLE)
    if found is None:
        return nothing
    of = subject(alias)
    if found.of == of and found.trouble:
        cause = CAUSES.get(found.cause, Cause.FAILED)  # earlier versions stored none, or in other words
        return Known(State.BROKEN, found.trouble, found.looked_at, cause)
    return judged(found, nothing) if found.judged == basis(alias, of) else nothing


def judged(found: Health | DraftHealth, nothing: Known) -> Known:
    """The health that a row describes, which must still hold; `nothing` if this version cannot read it."""
    try:
        worst = tuple(documents.read(one, Worst) for one in found.findings)
    except BadDocument:  # of another version
        return nothing
    state = State.WARNED if worst else State.WELL
    if any(needs_attention(one.rule, one.level) for one in worst):
        state = State.BREAKS_RULES
    if not found.samples:
        state = State.UNKNOWN if found.left_out else State.NO_SAMPLE
    return Known(state, "", found.judged_at, None, worst, found.samples, found.left_out, found.median)


def subject(alias: Alias) -> str:
    """A short text that changes when the live revision, the sample or the place of the bucket does."""
    return hashed([alias.live_id, alias.sample, described_place(alias.live_bucket)])


def basis(alias: Alias, of: str) -> str:
    """A short text that changes when `of`, the alias's subject, or one of its rules does."""
    return hashed([of, rules_of(alias)])


def rules_of(alias: Alias) -> list[Any]:
    return [getattr(alias, name) for name in RULES]


def described_place(bucket: Bucket | None) -> Any:
    place = bucket.place_in(settings.ENVIRONMENT) if bucket else None
    return documents.to_builtins(place.frozen()) if place else None


def waiting_drafts() -> list[Alias]:
    """The drafts that differ from what is live, or were never published, the newest first. Two queries."""
    aliases = Alias.objects.select_related("bucket", "live", "draft_health").prefetch_related("bucket__places")
    return [alias for alias in aliases.order_by("-updated") if alias.live is None or alias.differs()]


def basis_of_draft(alias: Alias) -> str:
    """A short text that changes when what would be published does, or its sample, rules or place. Raises BadRecipe."""
    return hashed([alias.content(), alias.sample, rules_of(alias), described_place(alias.bucket)])


def known_of_draft(alias: Alias) -> Known:
    """The result of the last check of the draft; makes none."""
    found: DraftHealth | None = getattr(alias, "draft_health", None)
    nothing = Known(State.UNKNOWN)
    try:
        return judged(found, nothing) if found and found.judged == basis_of_draft(alias) else nothing
    except BadRecipe:
        return nothing
