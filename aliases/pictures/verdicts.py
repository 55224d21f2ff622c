"""Verdicts: what a draft or a revision of an alias does to its whole sample set, judged by the alias's own rules."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.core.cache import cache
from msgspec import Struct

from rendering.pictures import derivatives
from rendering.storage.errors import StorageError
from rendering.workers.errors import Busy

from ..drafts.choices import Rule
from ..drafts.content import hashed
from ..models import Alias
from . import contact_sheet
from .contact_sheet import JUDGED, Sample, Version
from .findings import Finding, Level, judge, titles, unmade
from .preview import NoPicture

#: Seconds after which no further sample is rendered.
MOST_SECONDS = 20


class Worst(Struct, frozen=True, omit_defaults=True):
    """A broken rule: in how many samples, and the finding in the worst of them, as in `findings.Finding`."""

    rule: str
    badge: str
    level: str
    why: str
    key: str
    count: int = 1
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    #: What breaks a rule that is a must, a sentence for each rule.
    broken: tuple[str, ...]
    #: The worst of each rule that is broken, the worst rule first.
    worst: tuple[Worst, ...]
    #: Samples that were judged, and those for which there was no time.
    samples: int
    left_out: int
    #: The median of the pictures' bytes; None if no picture was made.
    median: int | None
    #: Changes whenever anything that decides the pictures does.
    read: str
    #: Why no picture can be made of the alias's own sample or, if it names none, of any.
    error: NoPicture | None


def of(
    alias: Alias, said: Mapping[str, Any] | None = None, *, seconds: float = MOST_SECONDS, unless: str = ""
) -> Verdict | None:
    """Judge the draft, whose visual quality must have been measured, or the revision with the content `said`. `unless`
    is the `read` of an earlier verdict: if nothing has changed since, nothing is rendered, and None is returned.
    Raises NoPicture if the draft or revision cannot be read."""
    version, end = contact_sheet.version(alias, said), time.monotonic() + seconds
    samples = contact_sheet.samples_of(version.bucket, version.frozen.prefix, alias.sample)
    wanted, errors = find(version, samples)
    read = hashed([[one.key for one in wanted.values()], [[key, str(error)] for key, error in errors.items()]])
    if read == unless:
        return None
    found: list[tuple[str, Finding]] = []
    sizes: list[int] = []
    left_out = 0
    for sample in samples:
        if sample.key not in errors and (sample.key not in wanted or time.monotonic() > end):
            left_out += 1
            continue
        try:
            if sample.key in errors:
                raise errors[sample.key]
            findings, size = findings_of(version, sample.key, wanted[sample.key])
        except NoPicture as error:
            errors[sample.key] = error
            if isinstance(error.__cause__, Busy) and not sample.own:
                left_out += 1
            else:
                found.append((sample.key, unmade(error, own=sample.own)))
            continue
        found += [(sample.key, finding) for finding in findings]
        sizes.append(size)
    own = errors.get(alias.sample) if alias.sample else None
    if not alias.sample and not sizes:
        own = next((error for error in errors.values() if isinstance(error.__cause__, StorageError)), None)
    return Verdict(
        tuple(in_words(version.alias, found)),
        tuple(worst_of(found)),
        len(samples) - left_out,
        left_out,
        round(median(sizes)) if sizes else None,
        read,
        own,
    )


def of_sample(alias: Alias, said: Mapping[str, Any] | None, sample: str) -> list[Finding]:
    """What is found in one sample of the draft, or of the revision with that content, also if it cannot be made."""
    own = sample == alias.sample
    try:
        version = contact_sheet.version(alias, said)
        return findings_of(version, sample, contact_sheet.want(version, sample, JUDGED))[0]
    except NoPicture as error:
        return [unmade(error, own=own)]


def broken_by(alias: Alias, said: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """What breaks rules that are a must, a sentence for each rule; one of them may be that there is no picture."""
    try:
        verdict = of(alias, said)
    except NoPicture as error:
        return (f"The sample cannot be made: {error}",)
    assert verdict is not None
    return verdict.broken


def find(version: Version, samples: list[Sample]) -> tuple[dict[str, derivatives.Wanted], dict[str, NoPicture]]:
    """The derivative wanted of each sample, by the sample's key, and why others have none. Stops at the first failure
    of the bucket, because each further sample would take as long to fail."""
    wanted: dict[str, derivatives.Wanted] = {}
    errors: dict[str, NoPicture] = {}
    for sample in samples:
        try:
            wanted[sample.key] = contact_sheet.want(version, sample.key, JUDGED)
        except NoPicture as error:
            errors[sample.key] = error
            if isinstance(error.__cause__, StorageError):
                break
    return wanted, errors


def findings_of(version: Version, sample: str, wanted: derivatives.Wanted) -> tuple[list[Finding], int]:
    """What is found in one sample, and its bytes: as its page has shown it, or by rendering it. Raises NoPicture."""
    known: Any = cache.get(contact_sheet.remembered(wanted, faces=version.alias.faces_rule != Rule.OFF))
    if known is None:
        shot = contact_sheet.reviewed(version, sample, JUDGED)
        known = shot.reviewed, len(shot.content)
    return judge(version.alias, *known), known[1]


def in_words(alias: Alias, found: list[tuple[str, Finding]]) -> Iterator[str]:
    said, keys = titles(alias), defaultdict(list)
    for key, finding in found:
        if finding.level is Level.BAD:
            if finding.rule == "readable":
                yield f"The sample cannot be made: {finding.why}"
            else:
                keys[finding.rule].append(f"{key} ({finding.badge.lower()})")
    for rule, some in keys.items():
        yield f"“{said.get(rule, rule)}” is broken by {', '.join(some)}."


def worst_of(found: list[tuple[str, Finding]]) -> list[Worst]:
    order, by_rule = list(Level), defaultdict(list)
    for key, finding in found:
        if finding.level is not Level.PLAIN:
            by_rule[finding.rule].append((order.index(finding.level), -finding.weight, key, finding))
    worst = []
    for rule, some in by_rule.items():
        *_, key, finding = min(some, key=lambda one: one[:2])
        worst.append(Worst(rule, finding.badge, finding.level, finding.why, key, len(some), finding.figure))
    return sorted(worst, key=lambda one: order.index(Level(one.level)))
