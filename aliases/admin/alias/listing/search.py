"""Finding the alias that answers a URL which somebody pasted into the search field, and the nearest name to one
that was not found."""

import re
from difflib import SequenceMatcher
from urllib.parse import unquote

from aliases.inspecting import address as addresses
from aliases.inspecting.parts import INFO
from aliases.models import Alias
from rendering.catalogue.catalogue import MOST_SEGMENTS
from rendering.names import wrong_with_alias_name

#: How much a name has to be like a text, from 0 to 1, to be offered in its place.
LEAST_ALIKE = 0.6
#: Characters of a text that are compared with names.
LONGEST = 100


def names_in(text: str) -> list[str]:
    """The names of aliases that may answer a text, if it is a URL or a path: its first segments, the last one without a
    ratio or width. The longest of them that exists answers."""
    address = addresses.read(text)
    if address is None:
        return []
    segments = unquote(address.raw).lstrip("/").removeprefix(INFO).split("/")[:MOST_SEGMENTS]
    names = {re.sub(r"@[^/]*$", "", "/".join(segments[:length])) for length in range(1, len(segments) + 1)}
    return sorted(name for name in names if not wrong_with_alias_name(name))


def answering(text: str) -> Alias | None:
    """The alias that answers a URL or a path; None for other texts, or where none does."""
    found = Alias.objects.filter(name__in=names_in(text)).select_related("live", "live_bucket")
    return max(found.prefetch_related("live_bucket__places"), key=lambda alias: len(alias.name), default=None)


def nearest(text: str) -> Alias | None:
    """The alias whose name is most like a text that found none, or like the beginning of a URL."""
    tried, best, found = names_in(text) or [text.strip().lower()[:LONGEST]], LEAST_ALIKE, ""
    for name in Alias.objects.values_list("name", flat=True):
        for one in tried:
            alike = SequenceMatcher(None, one, name)
            if alike.real_quick_ratio() > best and alike.quick_ratio() > best and (ratio := alike.ratio()) > best:
                best, found = ratio, name
    return Alias.objects.filter(name=found).select_related("live").first() if found else None
