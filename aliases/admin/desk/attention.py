"""What needs attention, the worst first: what viewers get, and one next step. For the desk, and for the page of an
alias."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from aliases.models import Alias
from aliases.pictures import health
from aliases.pictures.findings import Cause, needs_attention
from aliases.pictures.verdicts import Worst

from ..pages.moments import ago
from ..pages.permissions import CHANGE_ALIAS, VIEW_BUCKET, may
from ..pages.signs import chip

#: Why an alias with a missing sample may serve others: viewers ask for other keys.
MISSING = "Its sample {} is not in the bucket. Other pictures of the alias are served as ever."
FAILED = "Viewers get no picture of its sample {}: {}"
UNREACHABLE = "The bucket “{}” cannot be read. Pictures made before are still served; new ones fail."


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that needs attention. `step` is the name of its button, `url` where that leads; both are empty for
    those who may do nothing about it."""

    alias: Alias
    chips: list[SafeString]
    sentence: str
    #: What else there is to say, beside when it was found.
    more: str
    checked: datetime
    step: str
    url: str
    #: Whether viewers get a picture of the sample.
    pictured: bool = False

    @property
    def since(self) -> str:
        return ago(self.checked)


def matters(request: HttpRequest, served: Iterable[Alias], known: Mapping[int, health.Known]) -> list[Matter]:
    """Of the live aliases, those that need attention; those of one unreachable bucket together. `known`: their health,
    by the alias's key."""
    by_cause: dict[Cause | None, list[Alias]] = defaultdict(list)
    for alias in served:
        if known[alias.pk].needs_attention:
            by_cause[known[alias.pk].cause].append(alias)
    unreachable: dict[int | None, list[Alias]] = defaultdict(list)
    for alias in by_cause.pop(Cause.UNREACHABLE, ()):
        unreachable[alias.live_bucket_id].append(alias)
    ordered = [alias for cause in (Cause.MISSING, Cause.FAILED, None) for alias in by_cause[cause]]
    return [
        *(of_bucket(request, some[0], known[some[0].pk], len(some)) for some in unreachable.values()),
        *(matter(request, alias, known[alias.pk]) for alias in ordered),
    ]


def matter(request: HttpRequest, alias: Alias, found: health.Known) -> Matter:
    """What is the matter with one alias: it is broken, or breaks its rules."""
    if found.cause is Cause.UNREACHABLE:
        return of_bucket(request, alias, found, 1)
    return of_sample(request, alias, found) if found.cause else of_rules(request, alias, found)


def of_bucket(request: HttpRequest, alias: Alias, found: health.Known, count: int) -> Matter:
    others = f"{count} aliases that read it were checked" if count > 1 else ""
    may_look = may(request, VIEW_BUCKET)
    url = reverse("admin:aliases_bucket_test", args=[alias.live_bucket_id]) if may_look else ""
    step = "Test the bucket" if may_look else ""
    return Matter(alias, chips_of(found), UNREACHABLE.format(alias.live_bucket), others, when(found), step, url)


def of_sample(request: HttpRequest, alias: Alias, found: health.Known) -> Matter:
    missing = found.cause is Cause.MISSING
    sentence = MISSING.format(alias.sample) if missing else FAILED.format(alias.sample, found.trouble)
    step, url = "", ""
    if may(request, CHANGE_ALIAS):
        step = "Choose another" if missing else "Look at it"
        url = f"{reverse('admin:aliases_alias_change', args=[alias.pk])}#id_sample"
    return Matter(alias, chips_of(found), sentence, "", when(found), step, url)


def of_rules(request: HttpRequest, alias: Alias, found: health.Known) -> Matter:
    """Whoever may see an alias may look at its samples."""
    named = [one for one in found.worst if needs_attention(one.rule, one.level)] or found.worst[:1]
    sentence = " ".join(in_sentence(one, found) for one in named)
    url = f"{reverse('admin:aliases_alias_change', args=[alias.pk])}#sheet"
    chips, more, pictured = chips_of(found), counted(found), bool(alias.sample)
    return Matter(alias, chips, sentence, more, when(found), "See the samples", url, pictured)


def in_sentence(worst: Worst, found: health.Known) -> str:
    """“people/ann.jpg: The file has 55.3 kB; at most 40 kB were asked for. It is so in 2 of 9 samples.”"""
    others = f" It is so in {worst.count} of {found.samples} samples." if worst.count > 1 else ""
    return f"{worst.key}: {worst.why}{others}"


def counted(found: health.Known) -> str:
    """How many samples were looked at, where there was no time for all."""
    return f"{found.samples} of {found.samples + found.left_out} samples were looked at" if found.left_out else ""


def chips_of(found: health.Known) -> list[SafeString]:
    if found.cause:
        return [chip("bad", "bad", found.cause.badge)]
    return [chip(one.level, one.level, one.badge) for one in found.worst]


def when(found: health.Known) -> datetime:
    assert found.looked_at
    return found.looked_at
