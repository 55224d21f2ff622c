"""The desk: everything that its template shows, as far as the user may see it."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from aliases.models import Alias, Bucket, Outbox
from aliases.pictures import health
from aliases.publishing.on_its_way import on_its_way

from ..pages.moments import ago
from ..pages.permissions import ADD_ALIAS, CHANGE_ALIAS, PUBLISH_ALIAS, VIEW_ALIAS, VIEW_BUCKET, may
from . import changes, drafts
from .attention import matters
from .suggestions import suggestions

#: The lines of a part.
LINES = 8
#: Checks older than that are said to be old.
OLD = timedelta(hours=1)


def desk(request: HttpRequest) -> dict[str, Any]:
    sees_aliases, sees_buckets = may(request, VIEW_ALIAS), may(request, VIEW_BUCKET)
    looking = request.user
    newest = [
        *(changes.publications(looking) if sees_aliases else []),
        *(changes.of_buckets(looking) if sees_buckets else []),
        *(changes.of_focus(looking) if sees_buckets else []),
    ]
    newest.sort(key=lambda change: change.at, reverse=True)
    return {
        "title": "Desk",
        "sees_aliases": sees_aliases,
        "changes": newest[: changes.LINES],
        "can_add": may(request, ADD_ALIAS),
        "can_change": may(request, CHANGE_ALIAS),
        "can_publish": may(request, PUBLISH_ALIAS, VIEW_ALIAS),
        "unsent": unsent() if sees_aliases or request.user.has_perm("aliases.view_outbox") else 0,
        **(of_aliases(request) if sees_aliases else {}),
    }


def of_aliases(request: HttpRequest) -> dict[str, Any]:
    served = list(health.served())
    known = {alias.pk: health.known(alias) for alias in served}
    attention, waiting, ways = matters(request, served, known), drafts.waiting(request.user), on_its_way()
    checked = [found.looked_at for found in known.values() if found.looked_at]
    broken = sum(found.state is health.State.BROKEN for found in known.values())
    breaking = sum(found.state is health.State.BREAKS_RULES for found in known.values())
    return {
        "attention": attention[:LINES],
        "more_attention": max(0, len(attention) - LINES),
        "broken": broken,
        "breaking": breaking,
        "suggestions": suggestions(served, known),
        "waiting": [drafts.with_words(one) for one in waiting[:LINES]],
        "more_waiting": max(0, len(waiting) - LINES),
        "drafts": len(waiting),
        "yours": sum(one.by.you for one in waiting),
        "ways": [(way, ago(way.publication.at)) for way in ways[:LINES]],
        "way_count": len(ways),
        "longest": max((way.seconds for way in ways), default=0),
        "refused": sum(bool(way.trouble) for way in ways),
        "live": len(served),
        "aliases": Alias.objects.count(),
        "buckets": Bucket.objects.count(),
        "lead": lead(len(attention), len(served), min(checked, default=None)),
        "calm": not (attention or waiting or ways),
    }


def lead(attention: int, live: int, oldest: Any) -> str:
    """Whether anything needs whoever looks, in a sentence."""
    if not live:
        return "No alias is live yet."
    checked = f" It was checked {ago(oldest)}." if oldest else " It was not checked yet."
    if oldest and timezone.now() - oldest > OLD:
        checked = f" Some of it was last checked {ago(oldest)}."
    if attention:
        return f"{count(attention, 'thing needs', 'things need')} attention. Everything else is well.{checked}"
    return f"Nothing is broken.{checked}"


def count(number: int, one: str, many: str) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return f"{words[number] if number < len(words) else number} {one if number == 1 else many}"


def unsent() -> int:
    """How many changes, other than of aliases, could not be handed to the servers or the CDN."""
    return Outbox.objects.filter(sent_at=None, attempts__gt=0, publication=None).count()
