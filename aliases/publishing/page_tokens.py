"""Tokens of what a page about an alias showed: its form posts one back, so that nobody decides on what they never saw.

A token has three parts: the fingerprint of the content that would go live, the newest line of the alias's history, and
when its draft was saved. An empty one, as from a command, matches everything.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from ..drafts import content
from ..models import Alias, Publication
from ..models.last_saved import last_saved


def page_token(alias: Alias, new: Mapping[str, Any] | None = None) -> str:
    """For a page that shows that content; without it, for one that asks whether to enable or disable the alias."""
    return "/".join([content.fingerprint(new) if new is not None else "", newest_of(alias), saved_at(alias)])


def require_unchanged(alias: Alias, seen: str, new: Mapping[str, Any] | None = None) -> None:
    """Raise ValidationError, saying what happened and by whom, when the token is not of the present state."""
    if not seen:
        return
    fingerprint, newest, saved = (*seen.split("/"), "", "")[:3]
    if newest != newest_of(alias):
        change = published_since(alias)
    elif new is None or fingerprint == content.fingerprint(new):
        return
    elif saved == saved_at(alias):
        change = "Its visual quality was measured again."
    else:
        change = drafted_since(alias, seen)
    raise ValidationError(f"“{alias}” was changed while you looked at it. {change} Look again, then decide.")


def drafted_since(alias: Alias, seen: str) -> str:
    """Who saved the draft since a page showed it, and when, in a sentence; empty if nobody did."""
    if seen.endswith(f"/{saved_at(alias)}"):
        return ""
    return f"The draft was saved by {last_saved(alias) or 'somebody'}."


def published_since(alias: Alias) -> str:
    last: Publication | None = alias.publications.select_related("by", "revision").first()
    if last is None:
        return ""
    who = f" by {last.by.get_username()}" if last.by else ""
    return f"It was {last}{who}, on {date_format(timezone.localtime(last.at), 'DATETIME_FORMAT')}."


def newest_of(alias: Alias) -> str:
    return str(alias.publications.values_list("pk", flat=True).first() or 0)


def saved_at(alias: Alias) -> str:
    return f"{alias.updated.timestamp():.6f}"
