"""The admin's index: what needs attention and what changed last, as far as the user may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ..models import Alias, BucketChange, Outbox, Publication
from ..pictures import health
from ..publishing.bucket_state import differences, with_defaults

#: Lines of each part.
LINES = 8


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A line of the newest changes: of an alias or a bucket, whose page is at `url` while it exists."""

    at: datetime
    by: str
    what: str
    url: str
    why: str
    differences: Sequence[str] = ()


def overview(request: HttpRequest) -> dict[str, Any]:
    may = request.user.has_perm
    sees_aliases = may("aliases.view_alias") or may("aliases.change_alias")
    sees_buckets = may("aliases.view_bucket") or may("aliases.change_bucket")
    changes = (publications() if sees_aliases else []) + (bucket_changes() if sees_buckets else [])
    return {
        "sees_aliases": sees_aliases,
        "changes": sorted(changes, key=lambda change: change.at, reverse=True)[:LINES],
        **(aliases() if sees_aliases else {}),
        **(unsent() if may("aliases.view_outbox") else {}),
    }


def aliases() -> dict[str, Any]:
    """Those whose sample was last found broken, and those whose drafts are not live."""
    broken = [(one, found.trouble) for one in health.served() if (found := health.known(one)).trouble]
    drafts = Alias.objects.select_related("bucket", "live").order_by("-updated")
    waiting = [alias for alias in drafts if alias.live is None or alias.differs()]
    return {
        "broken": broken[:LINES],
        "more_broken": max(0, len(broken) - LINES),
        "waiting": waiting[:LINES],
        "more_waiting": max(0, len(waiting) - LINES),
    }


def unsent() -> dict[str, Any]:
    """What could not be sent to the storage or to the CDN, and is retried."""
    failing = Outbox.objects.filter(sent_at=None, attempts__gt=0)
    return {"failing": failing.count(), "last_failure": failing.exclude(last_error="").first()}


def publications() -> list[RecentChange]:
    newest = Publication.objects.select_related("alias", "revision", "by")[:LINES]
    return [
        RecentChange(one.at, name_of(one.by), f"{one.alias}: {one}", page("alias_history", one.alias_id), one.why)
        for one in newest
    ]


def bucket_changes() -> list[RecentChange]:
    return [
        RecentChange(
            one.at,
            name_of(one.by),
            f"bucket {one.name}: {'deleted' if one.after is None else 'changed' if one.before else 'added'}",
            page("bucket_history", one.bucket_id) if one.bucket_id else "",
            one.why,
            # A deleted bucket has no page, so what it was is said here.
            differences(with_defaults(one.before), with_defaults({})) if one.before and one.after is None else (),
        )
        for one in BucketChange.objects.select_related("by").order_by("-pk")[:LINES]
    ]


def name_of(user: Any) -> str:
    return str(user.get_username()) if user else "from the command line, or by a user deleted since"


def page(name: str, key: Any) -> str:
    return reverse(f"admin:aliases_{name}", args=[key])
