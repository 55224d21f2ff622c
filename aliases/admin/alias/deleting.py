"""Deleting aliases: the pages say what is lost; live ones must be disabled first, so of many only the others go."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from aliases.models import Alias

from ..pages.permissions import PUBLISH_ALIAS, VIEW_ALIAS, may


def obstacles(aliases: Iterable[Alias]) -> list[str]:
    """Why some of them cannot be deleted."""
    return [f"Alias “{alias}” is live: disable it first" for alias in aliases if alias.served]


@admin.action(description="Delete…", permissions=["delete"])
def delete_selected(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
    """Django's action when none of them is live; else a page that names the live ones and offers to delete the rest."""
    live = [alias for alias in queryset.select_related("live") if alias.served]
    if not live:
        return actions.delete_selected(model_admin, request, queryset)
    others = queryset.exclude(pk__in=[alias.pk for alias in live])
    if not others:
        named = ", ".join(f"“{alias}”" for alias in live[:5]) + (f" and {len(live) - 5} more" if live[5:] else "")
        messages.error(request, f"Nothing was deleted: {named} {'are' if live[1:] else 'is'} live. Disable first.")
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Some of these are live",
        "live": live,
        "others": list(others),
        "can_publish": may(request, PUBLISH_ALIAS, VIEW_ALIAS),
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/aliases/alias/delete_some.html", context)


def loss(alias: Alias) -> str:
    """What is lost with an alias, in sentences."""
    revisions, lines = alias.revisions.count(), alias.publications.count()
    if not revisions:
        return "It was never published: only its draft is lost."
    return (
        f"With it go its draft, {revisions} revision{'s' if revisions > 1 else ''} and {lines} "
        f"line{'s' if lines > 1 else ''} of its history: no rollback is possible afterwards. Every URL that begins "
        f"with /{alias}/ answers “404 not found”, or what another alias above it makes of it."
    )
