"""The drafts that wait: what publishing each would change, and who saved it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from aliases.drafts.words import differences, in_words
from aliases.models import Alias
from aliases.pictures import health
from rendering.imaging.errors import BadRecipe

from ..pages.moments import ago
from ..pages.people import Person, person

#: Differences and findings that a line names.
NAMED, FINDINGS = 3, 2


@dataclass(frozen=True, slots=True)
class Draft:
    alias: Alias
    #: What publishing it would change, in words.
    sentence: str
    by: Person
    at: datetime
    #: What a check found that it does to samples, the worst first, each with how bad it is; and when that was.
    findings: tuple[tuple[str, str], ...] = ()
    checked: str = ""

    @property
    def since(self) -> str:
        return ago(self.at)


def waiting(looking: Any) -> list[Draft]:
    """Those that differ from what is live, or were never published: one's own first, then the newest. Four queries."""
    found = health.waiting_drafts()
    saved = who_saved(found)
    drafts = [Draft(one, "", person(saved.get(str(one.pk)), looking), one.updated) for one in found]
    return sorted(drafts, key=lambda draft: not draft.by.you)


def with_words(draft: Draft) -> Draft:
    """With what publishing it would change, and what was found in its samples."""
    known = health.known_of_draft(draft.alias)
    findings = tuple(
        (
            one.level,
            f"{one.badge} in {one.count} of {known.samples} samples" if one.count > 1 else f"{one.badge}: {one.key}",
        )
        for one in known.worst[:FINDINGS]
    )
    checked = f"checked {ago(known.looked_at)}" if known.looked_at else "samples not checked yet"
    return replace(draft, sentence=in_sentence(draft.alias), findings=findings, checked=checked)


def in_sentence(alias: Alias) -> str:
    try:
        new = alias.content()
    except BadRecipe as error:
        return str(error)
    if alias.live is None:
        return f"Never published: {in_words(new)}."
    found = differences(alias.live.content, new)
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{'; '.join(found[:NAMED])}{more}."


def who_saved(aliases: Iterable[Alias]) -> dict[str, Any]:
    """The user who saved each draft last in the admin, by the alias's key as text."""
    kind = ContentType.objects.get_for_model(Alias)
    entries = LogEntry.objects.filter(
        content_type=kind, object_id__in=[str(alias.pk) for alias in aliases], action_flag__in=(ADDITION, CHANGE)
    )
    newest = entries.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    return {str(one.object_id): one.user for one in LogEntry.objects.filter(pk__in=newest).select_related("user")}
