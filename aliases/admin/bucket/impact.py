"""What a change of a bucket would do to viewers: which live aliases it affects, and some of their samples, from the
present place and from the new one."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import QuerySet

from aliases.drafts.content import served
from aliases.models import Alias, Bucket
from aliases.pictures import kept, preview
from aliases.pictures.preview import NoPicture, Shot
from rendering.catalogue import catalogue
from rendering.imaging.encoding import Accept
from rendering.imaging.errors import BadRecipe
from rendering.pictures import originals
from rendering.storage.errors import (
    Away,
    BadCredentials,
    ClosedAccount,
    Misconfigured,
    StorageError,
    TooLate,
    WrongClock,
)
from rendering.storage.factory import probe
from rendering.storage.interface import Probe

logger = logging.getLogger(__name__)

#: Aliases whose samples are rendered, and seconds after which no further one is begun: gateways wait half a minute.
MOST_SAMPLES, MOST_SECONDS = 8, 10


#: Errors of a place itself, not of one original in it.
OUT_OF_REACH = (Away, TooLate, BadCredentials, WrongClock, ClosedAccount, Misconfigured)


class Verdict(StrEnum):
    BREAKS = "breaks"
    DIFFERS = "differs"
    MISSING = "missing before and after"
    MENDS = "mends"
    SAME = "same"


#: What the page says of each, worst first.
SENTENCES = {
    Verdict.BREAKS: "there now, and would be missing",
    Verdict.DIFFERS: "a different picture there",
    Verdict.MISSING: "cannot be made now, and could not be then",
    Verdict.MENDS: "cannot be made now, and would be there then",
    Verdict.SAME: "the same picture",
}


@dataclass(frozen=True, slots=True)
class ComparedSample:
    """One sample. For an alias that only lays a picture of the bucket over others there are no pictures to show."""

    alias: Alias
    key: str
    verdict: Verdict
    before: Shot | None = None
    after: Shot | None = None
    #: Why there is no picture before; else why there is none after.
    trouble: str = ""

    @property
    def sentence(self) -> str:
        return SENTENCES[self.verdict]


@dataclass(frozen=True, slots=True)
class Impact:
    """`probe` is None where the place stays as it is."""

    aliases: list[Alias]
    probe: Probe | None = None
    samples: list[ComparedSample] = field(default_factory=list)
    #: Samples left out because there are many or they take long.
    left_out: int = 0
    #: Whether the change affects which pictures are found.
    moves: bool = False

    def count(self, *verdicts: Verdict) -> int:
        return sum(sample.verdict in verdicts for sample in self.samples)

    @property
    def broken(self) -> int:
        return self.count(Verdict.BREAKS)

    @property
    def differing(self) -> int:
        return self.count(Verdict.DIFFERS)

    @property
    def found_now(self) -> int:
        return self.count(Verdict.BREAKS, Verdict.DIFFERS, Verdict.SAME)

    @property
    def found_after(self) -> int:
        return self.count(Verdict.DIFFERS, Verdict.SAME, Verdict.MENDS)

    @property
    def fails(self) -> bool:
        """Whether the new place gives nothing: its test failed or found nothing, and no sample could be rendered."""
        return self.probe is not None and not self.found_after and not (self.probe.ok and self.probe.keys)

    @property
    def dangerous(self) -> bool:
        return self.broken > 0 or self.fails


def affected_aliases(bucket: Bucket) -> list[Alias]:
    """The live aliases whose pictures come from a bucket: their originals, or what they lay over them."""
    live = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live", "live_bucket")
    others = live.filter(live_bucket__in=Bucket.objects.filter(overlays_from=bucket)).exclude(live_bucket=bucket)
    return [*live.filter(live_bucket=bucket), *overlaying(others, bucket.name)]


def overlaying(aliases: QuerySet[Alias], name: str) -> Iterator[Alias]:
    for alias in aliases:
        try:
            assert alias.live is not None
            overlays = served(alias.name, alias.live.content).recipe.overlays
        except BadRecipe:
            continue
        if any(path.startswith(f"{name}/") for path in overlays):
            yield alias


def impact(before: catalogue.Bucket, after: catalogue.Bucket, aliases: Sequence[Alias], accept: Accept) -> Impact:
    """Compare a bucket before and after a change, through its live aliases."""
    moves = (before.place, before.overlays_from) != (after.place, after.overlays_from)
    if not moves:
        return Impact(list(aliases))
    found = probe_place(after) if before.place != after.place else None
    samples, began = [], time.monotonic()
    named = [alias for alias in aliases if alias.sample or alias.live_bucket.name != before.name]  # type: ignore[union-attr]
    now, then = Sampler(before, accept), Sampler(after, accept)
    for alias in named[:MOST_SAMPLES]:
        if time.monotonic() - began > MOST_SECONDS:
            break
        samples.append(compare_sample(alias, now, then))
    samples.sort(key=lambda one: list(SENTENCES).index(one.verdict))
    return Impact(list(aliases), found, samples, len(named) - len(samples), moves=True)


def probe_place(bucket: catalogue.Bucket) -> Probe:
    """The automatic test of a place."""
    if bucket.place is None:
        return Probe(False, "The bucket would have no place in this environment: none of its pictures would be found")
    try:
        return probe(bucket.place)
    except StorageError as error:
        return Probe(False, f"The place could not be read: {error}")
    except Exception:  # the page reports a fault of ours, and is shown all the same
        logger.exception("probe failed")
        return Probe(False, f"The place could not be read: {preview.describe_fault().removesuffix('.')}")


class Sampler:
    """Renders samples from one place. Once that is known to be out of reach, it is not waited for again."""

    def __init__(self, bucket: catalogue.Bucket, accept: Accept) -> None:
        self.bucket, self.accept = bucket, accept
        self.away = ""

    def take(self, alias: Alias) -> Shot:
        """The sample by the alias's live revision. Raises NoPicture."""
        assert alias.live is not None
        if self.away:
            raise NoPicture(self.away)
        try:
            frozen = served(alias.name, alias.live.content)
            return preview.render_at(frozen, self.bucket, frozen.prefix + alias.sample, self.accept)
        except BadRecipe as error:
            raise NoPicture(str(error)) from None
        except NoPicture as error:
            if isinstance(error.__cause__, OUT_OF_REACH):
                self.away = str(error)
            raise


def compare_sample(alias: Alias, now: Sampler, then: Sampler) -> ComparedSample:
    if alias.live_bucket.name != now.bucket.name:  # type: ignore[union-attr]
        return compare_overlays(alias, now.bucket, then.bucket)
    old, new, trouble = None, None, ""
    try:
        old = now.take(alias)
    except NoPicture as error:
        trouble = str(error)
    try:
        new = then.take(alias)
    except NoPicture as error:
        trouble = trouble or str(error)
    if old and new:
        verdict = Verdict.SAME if old.content == new.content else Verdict.DIFFERS
    else:
        verdict = Verdict.BREAKS if old else Verdict.MENDS if new else Verdict.MISSING
    return ComparedSample(alias, alias.sample, verdict, old and kept.shrink(old), new and kept.shrink(new), trouble)


def compare_overlays(alias: Alias, before: catalogue.Bucket, after: catalogue.Bucket) -> ComparedSample:
    """An alias of another bucket: whether what it lays over its pictures is there."""
    assert alias.live is not None
    paths = served(alias.name, alias.live.content).recipe.overlays
    keys = [path.partition("/")[2] for path in paths if path.startswith(f"{before.name}/")]
    there = {bucket: all(can_be_read(bucket, key) for key in keys) for bucket in (before, after)}
    if there[before]:
        verdict = Verdict.SAME if there[after] else Verdict.BREAKS
    else:
        verdict = Verdict.MENDS if there[after] else Verdict.MISSING
    return ComparedSample(alias, ", ".join(keys), verdict)


def can_be_read(bucket: catalogue.Bucket, key: str) -> bool:
    try:
        with preview.raising_no_picture(key):
            originals.read(originals.find(bucket, key))
    except NoPicture:
        return False
    return True
