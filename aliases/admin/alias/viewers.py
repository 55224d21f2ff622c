"""What viewers get of an alias, and how long browsers and CDNs go on with what they have, in words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from aliases.drafts import content
from aliases.models import Alias, Revision
from aliases.publishing import publishing
from rendering import conf
from rendering.catalogue.alias import UNPURGED
from rendering.http.caching import ERROR_AGE
from rendering.imaging.errors import BadRecipe

#: Units of time in seconds. An age is given in the largest that divides it.
UNITS = {"year": 31_536_000, "day": 86_400, "hour": 3600, "minute": 60}


def age(seconds: int) -> str:
    """“60 s”, “86400 s (1 day)”."""
    for unit, length in UNITS.items():
        if seconds > 60 and seconds % length == 0:
            count = seconds // length
            return f"{seconds} s ({count} {unit}{'s' if count > 1 else ''})"
    return f"{seconds} s"


def above(alias: Alias) -> Alias | None:
    """The live alias that answers this one's URLs while this one does not: the longest name above it."""
    parts = alias.name.split("/")
    names = ["/".join(parts[:length]) for length in range(1, len(parts))]
    aliases = Alias.objects.filter(name__in=names, enabled=True, live__isnull=False).select_related("live")
    return max(aliases, key=lambda other: len(other.name), default=None)


def without(alias: Alias) -> str:
    """What viewers get at its URLs while it does not answer."""
    other = above(alias)
    if other is None:
        return "404"
    rest = alias.name.removeprefix(f"{other}/")
    return f"what “{other}” makes of keys that begin with “{rest}/”, else 404"


def now(alias: Alias) -> str:
    """What viewers get, as a sentence."""
    if alias.live is None:
        return f"Viewers get {without(alias)} until it is published{'' if alias.enabled else ' and enabled'}."
    if not alias.enabled:
        return f"Viewers get {without(alias)}; revision {alias.live.number} is live again once it is enabled."
    if alias.live_bucket and not alias.live_bucket.place_here():
        return (
            f"Viewers get an error, 502: the bucket “{alias.live_bucket}”, which revision {alias.live.number} reads, "
            f"has no place in the environment “{settings.ENVIRONMENT}”."
        )
    return f"Viewers get revision {alias.live.number}."


def draft(alias: Alias) -> str:
    """When viewers get the draft, as the end of a sentence."""
    return "when it is published" if alias.enabled else "when it is published and the alias enabled"


def of_revision(alias: Alias, revision: Revision | None) -> str:
    """What viewers get instead of a revision that was made live; empty where they get it."""
    if revision is None or (alias.served and alias.live_id == revision.pk):
        return ""
    if alias.live_id == revision.pk:
        return f"Viewers get {without(alias)}; they get revision {revision.number} once the alias is enabled."
    return f"Another revision was made live since. {now(alias)}"


def kept(alias: Alias, new: Mapping[str, Any] | None) -> list[str]:
    """What CDNs and browsers keep when that content goes live or, without it, when an alias is enabled or disabled."""
    if new is not None and not alias.enabled:
        return ["Nobody gets its pictures now, so there is nothing to purge."]
    tags = publishing.tags_of(alias, new) if new is not None else publishing.toggled_tags(alias)
    old = alias.live.content if alias.served and alias.live else None
    return [*([by_cdns(tags, old, new)] if tags or new is not None else []), *by_browsers(alias, old)]


def by_cdns(tags: list[str], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    ages = ages_of(old)
    if not tags:
        kept = f" Cached responses keep the old lifetimes until they expire: {expiry(ages)}." if ages else ""
        return f"No picture changes and no lifetime gets shorter, so there is nothing to purge.{kept}"
    named = ", ".join(tags)
    if not conf.purges():
        until = f": {expiry(ages)}" if ages else ""
        return (
            f"No CDN that could be purged is set up here, so none is asked to purge {named}. "
            f"If there is a CDN all the same, it serves cached responses until they expire{until}."
        )
    falls = ages is not None and new is not None and content.ages_shorter(old or {}, new)
    return (
        f"The CDN is asked to purge {named} twice: at once, and again when no process can hold the old catalogue."
        f"{' Otherwise it would go on sending the old, longer lifetimes.' if falls else ''}"
    )


def expiry(ages: Mapping[str, int]) -> str:
    """When what CDNs hold expires: soon where none can be purged, except for what they cached while one could be."""
    longest = ages["shared_max_age"]
    if conf.purges() or longest <= UNPURGED:
        return f"after {age(longest)} at most"
    return f"after {age(UNPURGED)} at most, or {age(longest)} if it was cached while a CDN was set up here"


def by_browsers(alias: Alias, old: Mapping[str, Any] | None) -> list[str]:
    """What browsers keep, which no purge reaches. `old` is the content that viewers get now."""
    if old is not None:
        return browsers(old, f"the ages of revision {alias.live.number if alias.live else 0}")
    other, said = above(alias), [f"“404 not found” may be kept for up to {ERROR_AGE} s."]
    if other and other.live:
        said += browsers(other.live.content, f"the ages of “{other}”, which answers until then")
    return said


def browsers(live: Mapping[str, Any], by: str) -> list[str]:
    ages = ages_of(live)
    if ages is None:
        return []
    more = ages["stale_while_revalidate"]
    late = f", and may show it for {age(more)} more while they fetch it again" if more else ""
    return [f"Browsers keep what they have for up to {age(ages['max_age'])}{late}, by {by}."]


def ages_of(live: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """None where there is no content, or this version cannot read it."""
    try:
        return content.thawed(live) if live is not None else None
    except BadRecipe:
        return None
