"""The list of aliases: which are shown, in which order, and how many there are of each kind.

Whether a draft differs, and whether a check still holds, no database can say. So all rows that the search leaves are
read at once and sorted here; what is dear, such as a recipe in words, is done for one page of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import HttpRequest

from aliases.models import Alias
from aliases.pictures import health
from aliases.pictures.findings import DEEDS, Cause
from aliases.publishing.on_its_way import OnItsWay, on_its_way

from . import rows, search
from .filters import FindingFilter, HealthFilter, OrderFilter, PublisherFilter, StateFilter

#: The parameters that the list applies itself.
APPLIED = ("state", "health", "finding")


@dataclass(frozen=True, slots=True)
class Pill:
    """A filter as a link: its name, how many it would show, its address, and whether it is the one that applies."""

    name: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    choices: list[dict[str, Any]]
    #: What is chosen in it; empty for all.
    chosen: str


class AliasList(ChangeList):
    rows: list[rows.Row]
    #: The health of each alias, by its key.
    known: dict[int, health.Known]
    pills: list[Pill]
    #: The alias that answers a URL in the search field.
    answering: Alias | None = None
    #: Where nothing was found, the alias whose name is nearest.
    nearest: Alias | None = None

    def get_results(self, request: HttpRequest) -> None:
        every = list(rows.with_publication(self.queryset))
        self.known = {alias.pk: health.known(alias) for alias in every}
        ways = {way.publication.alias_id: way for way in reversed(on_its_way())}
        differing = {alias.pk for alias in every if alias.live_id and alias.differs()}
        tests = self.tests(ways, differing)
        self.pills = self.counted(every, tests)
        shown = [alias for alias in every if all(tests[one](alias) for one in self.chosen(tests))]
        shown.sort(key=self.order())
        self.paginate(request, shown)
        self.rows = rows.rows(self.result_list, self.known, ways, differing, request.user)
        if self.query:
            self.answering = search.answering(self.query)
            self.nearest = None if shown else search.nearest(self.query)

    def paginate(self, request: HttpRequest, shown: list[Alias]) -> None:
        as_queryset: Any = shown  # a list will do for Django's paginator
        paginator = self.model_admin.get_paginator(request, as_queryset, self.list_per_page)
        try:
            self.result_list: Any = list(paginator.page(self.page_num).object_list)
        except InvalidPage:
            raise IncorrectLookupParameters from None
        self.paginator, self.result_count = paginator, paginator.count
        self.full_result_count = self.root_queryset.count()
        self.show_full_result_count = self.show_admin_actions = True
        self.can_show_all, self.multi_page = False, paginator.num_pages > 1

    def tests(self, ways: dict[int, OnItsWay], differing: set[int]) -> dict[str, Callable[[Alias], bool]]:
        """By the parameter and its value: whether an alias belongs."""
        states = {
            f"health={state.name.lower()}": lambda alias, state=state: self.known[alias.pk].state is state
            for state in health.State
        }
        found = {
            f"finding={rule}": lambda alias, rule=rule: any(one.rule == rule for one in self.known[alias.pk].worst)
            for rule in DEEDS
        }
        return {
            "state=live": lambda alias: alias.served,
            "state=differs": lambda alias: alias.pk in differing,
            "state=way": lambda alias: alias.pk in ways,
            "state=never": lambda alias: alias.live_id is None,
            "state=disabled": lambda alias: not alias.enabled,
            "health=attention": lambda alias: self.known[alias.pk].needs_attention,
            **states,
            **found,
        }

    def chosen(self, tests: dict[str, Callable[[Alias], bool]]) -> list[str]:
        asked = (f"{name}={self.params.get(name, '')}" for name in APPLIED)
        return [one for one in asked if one in tests]

    def counted(self, every: list[Alias], tests: dict[str, Callable[[Alias], bool]]) -> list[Pill]:
        chosen = self.chosen(tests)
        named = {
            "Needs attention": "health=attention",
            "With warnings": "health=warned",
            "Draft differs": "state=differs",
            "On its way": "state=way",
            "Never published": "state=never",
            "Disabled": "state=disabled",
        }
        pills = [Pill("All", len(every), self.get_query_string(remove=[*APPLIED, "p"]), not chosen)]
        for name, test in named.items():
            count, parameter = sum(map(tests[test], every)), dict([test.split("=")])
            url = self.get_query_string(parameter, remove=[*APPLIED, "p"])
            if count or test in chosen:
                pills.append(Pill(name, count, url, chosen == [test]))
        return pills

    def order(self) -> Callable[[Any], Any]:
        if self.params.get("order") == "name":
            return lambda alias: alias.name
        if self.params.get("order") == "newest":
            return lambda alias: (-last_change(alias).timestamp(), alias.name)
        return lambda alias: (self.badness(alias), alias.name)

    def badness(self, alias: Alias) -> int:
        """Its place in the order by which the worst comes first."""
        causes, known = list(Cause), self.known[alias.pk]
        return causes.index(known.cause) if known.cause else len(causes) + (not known.needs_attention)

    @property
    def pages(self) -> list[dict[str, str]]:
        """The links to the pages before and after this one."""
        number, last = int(self.page_num), self.paginator.num_pages
        links = [("Back", number - 1)] * (number > 1) + [("Next", number + 1)] * (number < last)
        return [{"words": words, "url": self.get_query_string({"p": page})} for words, page in links]

    @property
    def orders(self) -> list[dict[str, Any]]:
        return next(menu_of(one, self).choices for one in self.filter_specs if isinstance(one, OrderFilter))

    @property
    def menus(self) -> list[Menu]:
        own = (StateFilter, HealthFilter, FindingFilter, OrderFilter)
        return [menu_of(one, self) for one in self.filter_specs if not isinstance(one, own)]

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Alias]:
        found: QuerySet[Alias] = super().get_queryset(request, exclude_parameters)
        return found.order_by("name")


def menu_of(one: Any, aliases: AliasList) -> Menu:
    """The menu of a filter of Django's."""
    choices = [dict(choice) for choice in one.choices(aliases)]
    chosen = next((str(choice["display"]) for choice in choices[1:] if choice["selected"]), "")
    return Menu(str(one.title), choices, chosen)


def last_change(alias: Any) -> datetime:
    """When its draft was saved or it was published, whichever is later."""
    saved: datetime = alias.updated
    return max(saved, alias.published_at or saved)


FILTERS = (StateFilter, HealthFilter, FindingFilter, OrderFilter, "bucket", "format", PublisherFilter)
