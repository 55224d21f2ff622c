"""Deleting aliases: what is lost, told before; live ones are disabled first, and of many only those that may be go."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from aliases.models import Alias

from .history import AliasPages


class AliasDeleting(AliasPages):
    actions: tuple[str, ...] = ("delete_selected",)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        served = [f"Alias “{alias}” is live: disable it first" for alias in objs if alias.served]
        return deleted, counts, permissions, [*protected, *served]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        alias = self.get_object(request, object_id) if object_id.isdecimal() else None
        context = {"lost": lost(alias) if alias else "", "can_publish": self.may_publish(request)}
        return super().delete_view(request, object_id, {**context, **(extra_context or {})})

    @admin.action(description="Delete selected aliases", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
        """Django's, once none of them is live; else a page that says which are, and offers to delete the others."""
        live = [alias for alias in queryset.select_related("live") if alias.served]
        if not live:
            return delete_selected(self, request, queryset)
        others = queryset.exclude(pk__in=[alias.pk for alias in live])
        if not others:
            named = ", ".join(f"“{alias}”" for alias in live[:5]) + (f" and {len(live) - 5} more" if live[5:] else "")
            messages.error(request, f"Nothing was deleted: {named} {'are' if live[1:] else 'is'} live. Disable first.")
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Some of these are live",
            "live": live,
            "others": list(others),
            "can_publish": self.may_publish(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/aliases/alias/delete_some.html", context)


def lost(alias: Alias) -> str:
    """What goes with an alias, as a sentence."""
    revisions, lines = alias.revisions.count(), alias.publications.count()
    if not revisions:
        return "It was never published: only its draft is lost."
    return (
        f"With it go its draft, {revisions} revision{'s' if revisions > 1 else ''} and {lines} "
        f"line{'s' if lines > 1 else ''} of its history: nothing can be rolled back to any more. Every URL that begins "
        f"with /{alias}/ answers “404 not found”, or what another alias above it makes of it."
    )
