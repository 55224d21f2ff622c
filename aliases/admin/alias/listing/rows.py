"""What a row of the list of aliases says, and the state of an alias as its chip says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString

from aliases.drafts.words import parts_in_words
from aliases.models import Alias, Publication
from aliases.pictures import health
from aliases.publishing.on_its_way import OnItsWay
from rendering.imaging.errors import BadRecipe

from ...pages.moments import ago
from ...pages.people import Person, person
from ...pages.signs import chip, line

#: By the state of its health: the kind and the sign of its line.
SIGNS = {
    health.State.UNKNOWN: ("", "clock"),
    health.State.WELL: ("good", "check"),
    health.State.NO_SAMPLE: ("", "pic"),
}
#: The publications that put a revision where viewers get it.
MADE_LIVE = (Publication.Action.PUBLISH, Publication.Action.ROLL_BACK)


@dataclass(frozen=True, slots=True)
class Row:
    alias: Alias
    #: The small picture of the sample; empty where there is none, and then the name of the sign in its place.
    thumbnail: str
    sign: str
    state: SafeString
    #: The lines under the state: what the last check found; and more of the worst of it.
    health: list[SafeString]
    worst: str
    #: When that was.
    checked: datetime | None
    #: The picture in words, and its format and the rest.
    picture: str
    more: str
    #: Who published it, and when; None where nobody did.
    by: Person | None
    at: datetime | None
    #: The path of the sample's URL; empty without a sample.
    path: str

    @property
    def when(self) -> str:
        return ago(self.at) if self.at else ""


def with_publication(aliases: QuerySet[Alias]) -> QuerySet[Alias]:
    """Have each alias say who made its live revision live last (`published_by`, a key), and when (`published_at`)."""
    newest = Publication.objects.filter(alias=OuterRef("pk"), revision=OuterRef("live"), action__in=MADE_LIVE).order_by(
        "-pk"
    )
    return aliases.annotate(
        published_at=Subquery(newest.values("at")[:1]), published_by=Subquery(newest.values("by")[:1])
    )


def rows(
    aliases: Iterable[Any],
    known: dict[int, health.Known],
    ways: dict[int, OnItsWay],
    differing: set[int],
    looking: Any,
) -> list[Row]:
    """The rows of aliases that `with_publication` read. `known`: their health, and `ways`: what is on its way, by the
    alias's key; `differing`: the keys of those whose draft differs. One query, for the names of publishers."""
    aliases = list(aliases)
    users = User.objects.in_bulk({alias.published_by for alias in aliases} - {None})
    return [
        row(
            alias,
            known[alias.pk],
            ways.get(alias.pk),
            alias.pk in differing,
            person(users.get(alias.published_by), looking),
        )
        for alias in aliases
    ]


def row(alias: Any, found: health.Known, way: OnItsWay | None, differs: bool, by: Person) -> Row:
    picture, *more = parts_of(alias)
    has_picture = alias.served and bool(alias.sample) and not found.trouble
    url = (
        f"{reverse('admin:aliases_alias_thumbnail', args=[alias.pk])}?v={health.subject(alias)}" if has_picture else ""
    )
    return Row(
        alias=alias,
        thumbnail=url,
        sign="off" if alias.live and not alias.enabled else "pic",
        state=state_of(alias, differs=differs, way=way),
        health=health_lines(alias, found),
        worst=worst_in_words(found),
        checked=found.looked_at,
        picture=capitalised(picture),
        more=capitalised("; ".join(more)),
        by=by if alias.published_at else None,
        at=alias.published_at,
        path=alias.sample_path() if alias.sample else "",
    )


def parts_of(alias: Alias) -> list[str]:
    """What viewers get in words or, of what was never published, what they would get."""
    try:
        content = alias.live.content if alias.live else alias.content()
    except BadRecipe as error:
        return [str(error)]
    return parts_in_words(content) or ["as the original"]


def health_lines(alias: Alias, found: health.Known) -> list[SafeString]:
    if found.state is health.State.NOT_LIVE:
        return [line("", "off", "Answers 404")] if alias.live else []
    if found.cause:
        return [line("bad", "bad", found.cause.badge)]
    if found.worst:
        return [line(found.worst[0].level, found.worst[0].level, found.worst[0].badge)]
    return [line(*SIGNS[found.state], capitalised(found.state.value))]


def worst_in_words(found: health.Known) -> str:
    """Of which sample the first finding is the worst, and what there is beside it."""
    if not found.worst or found.cause:
        return ""
    worst, *others = found.worst
    more = f", and {len(others)} more finding{'s' if others[1:] else ''}" if others else ""
    return f"{worst.key}{', ' if worst.figure else ''}{worst.figure}{more}"


def state_of(alias: Alias, *, differs: bool | None = None, way: OnItsWay | None = None) -> SafeString:
    """What viewers get of it, in two or three words, as a chip."""
    if alias.live is None:
        return chip("", "pen", "Never published" if alias.enabled else "Never published, disabled")
    if way and way.trouble:
        return chip("bad", "bad", "Not everywhere yet")
    if way:
        return chip("info", "spin", f"On its way, {way.seconds} s")
    if not alias.enabled:
        return chip("", "off", "Disabled")
    differs = alias.differs() if differs is None else differs
    return chip("info", "pen", "Live, draft differs") if differs else chip("good", "check", "Live")


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
