"""What needs attention on the desk, the worst first: what viewers get, and one next step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from aliases.models import Alias
from aliases.pictures import health

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
    chip: SafeString
    sentence: str
    #: What else there is to say, beside when it was found.
    more: str
    checked: datetime
    step: str
    url: str

    @property
    def since(self) -> str:
        return ago(self.checked)


def matters(request: HttpRequest, served: Iterable[Alias]) -> list[Matter]:
    """Of the live aliases, those that are broken; those of one unreachable bucket together."""
    by_cause: dict[health.Cause, list[tuple[Alias, health.Known]]] = defaultdict(list)
    for alias in served:
        if (found := health.known(alias)).cause:
            by_cause[found.cause].append((alias, found))
    unreachable: dict[int | None, list[tuple[Alias, health.Known]]] = defaultdict(list)
    for alias, found in by_cause[health.Cause.UNREACHABLE]:
        unreachable[alias.live_bucket_id].append((alias, found))
    return [
        *(of_bucket(request, some) for some in unreachable.values()),
        *(of_sample(request, *one) for one in by_cause[health.Cause.MISSING]),
        *(of_sample(request, *one) for one in by_cause[health.Cause.FAILED]),
    ]


def of_bucket(request: HttpRequest, some: list[tuple[Alias, health.Known]]) -> Matter:
    alias, found = some[0]
    others = f"{len(some)} aliases that read it were checked" if some[1:] else ""
    may_look = may(request, VIEW_BUCKET)
    url = reverse("admin:aliases_bucket_test", args=[alias.live_bucket_id]) if may_look else ""
    step = "Test the bucket" if may_look else ""
    return Matter(alias, chip_of(found), UNREACHABLE.format(alias.live_bucket), others, when(found), step, url)


def of_sample(request: HttpRequest, alias: Alias, found: health.Known) -> Matter:
    missing = found.cause is health.Cause.MISSING
    sentence = MISSING.format(alias.sample) if missing else FAILED.format(alias.sample, found.trouble)
    step, url = "", ""
    if may(request, CHANGE_ALIAS):
        step = "Choose another" if missing else "Look at it"
        url = f"{reverse('admin:aliases_alias_change', args=[alias.pk])}#id_sample"
    return Matter(alias, chip_of(found), sentence, "", when(found), step, url)


def chip_of(found: health.Known) -> SafeString:
    assert found.cause
    return chip("bad", "bad", found.cause.capitalize())


def when(found: health.Known) -> datetime:
    assert found.looked_at
    return found.looked_at
