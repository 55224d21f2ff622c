"""The newest changes: who did what, why and when, with the address of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from aliases.models import BucketChange, OverruledFocus, Publication
from aliases.publishing.bucket_state import differences, with_defaults

from ..pages.moments import ago
from ..pages.people import Person, person

#: The lines on the desk.
LINES = 8


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    by: Person
    #: What was done, before and after the name of what it was done to: “published”, “hero”, “, revision 3”.
    did: str
    name: str
    rest: str
    #: The page of that; empty once it is gone.
    url: str
    why: str
    #: The address of a small picture; empty where there is none.
    picture: str = ""
    differences: Sequence[str] = ()

    @property
    def since(self) -> str:
        return ago(self.at)

    @property
    def who(self) -> str:
        return "You" if self.by.you else self.by.name[:1].upper() + self.by.name[1:]


def publications(looking: Any) -> list[Change]:
    newest = Publication.objects.select_related("alias", "revision", "by")[:LINES]
    return [publication(one, looking) for one in newest]


def publication(one: Publication, looking: Any) -> Change:
    alias, revision, action = one.alias, one.revision, Publication.Action(one.action)
    did = {Publication.Action.ROLL_BACK: "rolled"}.get(action, str(action.label))
    rest = ""
    if revision and action is Publication.Action.ROLL_BACK:
        rest = f" back to revision {revision.number}"
    elif revision and action is Publication.Action.PUBLISH:
        rest = f", revision {revision.number}"
    url = reverse("admin:aliases_alias_history", args=[alias.pk])
    picture = ""
    if revision and alias.sample and action is not Publication.Action.DISABLE:
        picture = f"{reverse('admin:aliases_alias_sample', args=[alias.pk, revision.number])}?small"
    return Change(one.at, person(one.by, looking), did, str(alias), rest, url, one.why, picture)


def of_buckets(looking: Any) -> list[Change]:
    changes = []
    for one in BucketChange.objects.select_related("by").order_by("-pk")[:LINES]:
        did = "deleted" if one.after is None else "changed" if one.before else "added"
        url = reverse("admin:aliases_bucket_history", args=[one.bucket_id]) if one.bucket_id else ""
        # A deleted bucket has no page, so what it was is said here.
        gone = differences(with_defaults(one.before), with_defaults({})) if one.before and one.after is None else ()
        by = person(one.by, looking)
        changes.append(Change(one.at, by, f"{did} the bucket", one.name, "", url, one.why, differences=gone))
    return changes


def of_focus(looking: Any) -> list[Change]:
    changes = []
    for one in OverruledFocus.objects.select_related("bucket", "by")[:LINES]:
        page = reverse("admin:aliases_bucket_focus", args=[one.bucket_id])
        did = "took back the focus of" if one.boxes is None else "set the focus of"
        changes.append(Change(one.at, person(one.by, looking), did, one.key.rpartition("/")[2], "", page, one.why))
    return changes
