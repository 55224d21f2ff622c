"""The contact sheet: every sample of an alias as its draft makes it, with what is found in it.

Its samples are the alias's own and those of its bucket that its prefix reaches.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from msgspec.structs import replace

from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.encoding import Accept
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives
from rendering.workers import jobs
from rendering.workers.facts import Reviewed

from ..drafts.choices import Rule
from ..models import Alias, Bucket
from . import preview, samples
from .findings import Finding, Level, judge, titles
from .preview import Facts, NoPicture, Shot

#: The most samples of a sheet.
MOST = 16
#: Seconds for which a review is remembered: whoever publishes has just seen the same on the page.
REMEMBERED = 600
#: Seconds after which no further sample is looked at before publishing.
MOST_SECONDS = 20
#: The kind of browser by which rules are judged: most viewers have one.
JUDGED: Accept = "avif"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of a sheet: its key as it follows the alias's name in a URL, and why it is one, for people."""

    key: str
    why: str
    own: bool = False

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What breaks the rules of a draft, a sentence for each rule; and how many samples could not be looked at."""

    broken: tuple[str, ...]
    left_out: int = 0


def samples_of(bucket: Bucket, prefix: str, sample: str) -> list[Sample]:
    """The samples of an alias with that bucket, prefix and sample: its own first, then those of the bucket that the
    prefix reaches."""
    own = [Sample(sample, "the alias's own", own=True)] if sample else []
    reached = [one for one in samples.of(bucket) if one.key.startswith(prefix) and len(one.key) > len(prefix)]
    others = [Sample(one.key.removeprefix(prefix), one.why) for one in reached if one.key != prefix + sample]
    return [*own, *others][:MOST]


def draft(alias: Alias, sample: str, accept: Accept) -> tuple[Shot, list[Finding]]:
    """One sample as the draft makes it, and what is found in it. Raises NoPicture."""
    shot = preview.drafted(alias, lambda frozen: reviewed(alias, frozen, sample, accept))
    assert shot.reviewed is not None
    return shot, judge(alias, shot.reviewed, len(shot.content))


def reviewed(alias: Alias, frozen: catalogue.Alias, sample: str, accept: Accept) -> Shot:
    """One sample as an alias makes it, reviewed for the rules of `alias`. Raises NoPicture."""
    wanted, faces = want(alias, frozen, sample, accept), alias.faces_rule != Rule.OFF
    with preview.raising_no_picture(wanted.original.key):
        found, content = review(wanted, faces=faces)
    cache.set(remembered(wanted, faces=faces), (found, len(content)), REMEMBERED)
    made = found.rendered
    return Shot(content, made.type, Facts(made.type, made.width, made.height, len(content)), found)


def want(alias: Alias, frozen: catalogue.Alias, sample: str, accept: Accept) -> derivatives.Wanted:
    """The derivative of a sample. Raises NoPicture."""
    bucket, key = preview.locate(alias.bucket, frozen.prefix, sample)
    with preview.raising_no_picture(key):
        return derivatives.want(bucket, key, frozen.recipe.settled(accept, conf.defaults()))


def review(wanted: derivatives.Wanted, *, faces: bool) -> tuple[Reviewed, bytes]:
    """Render a derivative and review it; with `faces`, its faces are found where the crop may cut one. Raises as
    rendering does."""
    found, files, _ = derivatives.do(
        looking_for_faces(wanted) if faces and may_cut(wanted.recipe.geometry) else wanted,
        lambda look: jobs.ReviewRecipe(
            limits=conf.limits(), recipe=wanted.recipe, overlays=tuple(wanted.overlays), look=look
        ),
        with_overlays=True,
        always=True,
    )
    return found, files[0]


def may_cut(geometry: Geometry) -> bool:
    cuts = geometry.fit is Fit.COVER and bool(geometry.width and geometry.height)
    return cuts or geometry.crop is not None or geometry.trim is not None


def looking_for_faces(wanted: derivatives.Wanted) -> derivatives.Wanted:
    """The same with a smart crop, for which faces are looked for, unless it has one."""
    geometry = wanted.recipe.geometry
    if geometry.smart:
        return wanted
    settled = Recipe(Geometry(smart=Smart())).settled("any", conf.defaults()).geometry.smart
    recipe = replace(wanted.recipe, geometry=replace(geometry, smart=settled))
    original = wanted.original
    overruled = derivatives.overruled_recipe(original.bucket, original.key, recipe)
    return derivatives.Wanted(original, overruled, wanted.overlays)


def remembered(wanted: derivatives.Wanted, *, faces: bool) -> str:
    """The name under which a review is cached."""
    return f"review:{wanted.key}:{faces}"


def verdict(alias: Alias) -> Verdict:
    """What a draft would be published against. Samples of the bucket that cannot be rendered are no fault of the draft;
    the alias's own is what viewers are known to ask for."""
    end = time.monotonic() + MOST_SECONDS
    found: dict[str, list[str]] = {}
    left_out = 0
    for sample in samples_of(alias.bucket, alias.prefix, alias.sample):
        if time.monotonic() > end:
            left_out += 1
            continue
        try:
            findings = findings_of(alias, sample.key)
        except NoPicture as error:
            if sample.key == alias.sample:
                found["readable"] = [f"The sample cannot be made: {error}"]
            left_out += sample.key != alias.sample
            continue
        for finding in findings:
            if finding.level is Level.BAD:
                found.setdefault(finding.rule, []).append(f"{sample.key} ({finding.badge.lower()})")
    return Verdict(tuple(in_words(alias, found)), left_out)


def in_words(alias: Alias, found: dict[str, list[str]]) -> Iterator[str]:
    said = titles(alias)
    for rule, keys in found.items():
        if rule == "readable":
            yield keys[0]
        else:
            yield f"“{said.get(rule, rule)}” is broken by {', '.join(keys)}."


def findings_of(alias: Alias, sample: str) -> list[Finding]:
    """What is found in one sample of the draft, as its page has shown it or by rendering it. Raises NoPicture."""
    if alias.ssim is None or alias.measured():
        known: Any = None
        with preview.raising_no_picture(sample):
            wanted = want(alias, alias.frozen(0), sample, JUDGED)
            known = cache.get(remembered(wanted, faces=alias.faces_rule != Rule.OFF))
        if known:
            return judge(alias, *known)
    return draft(alias, sample, JUDGED)[1]
