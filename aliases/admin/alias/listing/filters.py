"""The parameters of the list of aliases: by state, health and publisher, and in which order.

The list itself applies state, health and order to what the others leave, because it counts them all (`alias_list.py`).
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from aliases.models import Alias, Publication
from aliases.pictures import health
from aliases.pictures.findings import DEEDS

from .rows import MADE_LIVE, with_publication


class Applied(admin.SimpleListFilter):
    """A parameter that the list applies itself."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        return queryset


class StateFilter(Applied):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, word) for word in ("live", "differs", "way", "never", "disabled")]


class HealthFilter(Applied):
    """By what was found when the samples were last checked; renders none."""

    title = "health"
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        states = [(state.name.lower(), state.value) for state in health.State if state is not health.State.NOT_LIVE]
        return [("attention", "needs attention"), *states]


class FindingFilter(Applied):
    """By a rule that what is live breaks. The links of the desk have it."""

    title = "finding"
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(rule, deed) for rule, (deed, _) in DEEDS.items()]


class OrderFilter(Applied):
    title = "order"
    parameter_name = "order"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("newest", "Newest change first"), ("name", "Name")]


class PublisherFilter(admin.SimpleListFilter):
    title = "published by"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        publishers = Publication.objects.filter(action__in=MADE_LIVE).values("by")
        return [
            (str(one.pk), one.get_full_name() or one.get_username()) for one in User.objects.filter(pk__in=publishers)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        if not (self.value() or "").isdecimal():
            return queryset
        published: Any = with_publication(queryset)  # `Any`: the stubs do not know what it adds
        return published.filter(published_by=int(str(self.value())[:18]))  # type: ignore[no-any-return]
