"""What is worth a look though nothing is broken, as far as it was measured: warnings, and heavy pictures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from aliases.models import Alias
from aliases.pictures import health
from aliases.pictures.findings import DEEDS

#: The most lines, and the names of aliases in one.
MOST, NAMED = 3, 3
#: The bytes in the middle of a sample set from which an alias is said to be heavy: a second on a slow mobile connection
#: (1.6 Mbit/s, as Lighthouse has it).
HEAVY = 200_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    sentence: str
    url: str


def suggestions(served: Iterable[Alias], known: Mapping[int, health.Known]) -> list[Suggestion]:
    """Of the live aliases that need no attention. `known`: their health, by the alias's key."""
    calm = [alias for alias in served if not known[alias.pk].needs_attention]
    rules = Counter(one.rule for alias in calm for one in known[alias.pk].worst)
    return [*heaviest(calm, known), *(of_rule(rule, calm, known) for rule, _ in rules.most_common())][:MOST]


def of_rule(rule: str, calm: list[Alias], known: Mapping[int, health.Known]) -> Suggestion:
    aliases = [alias for alias in calm if any(one.rule == rule for one in known[alias.pk].worst)]
    one, several = DEEDS[rule]
    url = f"{reverse('admin:aliases_alias_changelist')}?finding={rule}"
    if not aliases[1:]:
        worst = next(found for found in known[aliases[0].pk].worst if found.rule == rule)
        return Suggestion(f"{aliases[0]} {one}", f"{worst.badge}: {worst.key}.", url)
    more = f" and {len(aliases) - NAMED} more" if len(aliases) > NAMED else ""
    names = f"{', '.join(str(alias) for alias in aliases[:NAMED])}{more}."
    return Suggestion(f"{len(aliases)} aliases {several}", names, url)


def heaviest(calm: list[Alias], known: Mapping[int, health.Known]) -> list[Suggestion]:
    """The alias whose pictures weigh most, if that is much."""
    alias = max(calm, key=lambda alias: known[alias.pk].median or 0, default=None)
    found = known[alias.pk] if alias else None
    if alias is None or found is None or (found.median or 0) < HEAVY:
        return []
    title = f"{alias} costs {(found.median or 0) / 1000:.0f} kB a picture"
    sentence = f"So much has the picture in the middle of its {found.samples} samples, for browsers with AVIF."
    return [Suggestion(title, sentence, f"{reverse('admin:aliases_alias_change', args=[alias.pk])}#sheet")]
