"""The filters beside the list of aliases: by state, and by health."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from aliases.models import Alias
from aliases.pictures import health


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("live", "live"), ("differs", "draft differs"), ("never", "never published"), ("disabled", "disabled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        match self.value():
            case "live":
                return queryset.filter(enabled=True, live__isnull=False)
            case "never":
                return queryset.filter(live=None)
            case "disabled":
                return queryset.filter(enabled=False)
            case "differs":
                aliases = queryset.filter(live__isnull=False).select_related("bucket", "live")
                return queryset.filter(pk__in=[alias.pk for alias in aliases if alias.differs()])
        return queryset


class HealthFilter(admin.SimpleListFilter):
    """By what was found when the samples were last rendered; renders none."""

    title = "health"
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.name.lower(), state.value) for state in health.State if state is not health.State.NOT_LIVE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        if (self.value() or "").upper() not in health.State.__members__:
            return queryset
        wanted = health.State[str(self.value()).upper()]
        return queryset.filter(pk__in=[one.pk for one in health.served() if health.known(one).state == wanted])
