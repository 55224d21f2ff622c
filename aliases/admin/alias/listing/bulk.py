"""What can be done to many aliases at once: the actions of the list, and the page that asks before drafts go live or
URLs stop answering. What cannot be done to some is said of each, and done to the others."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from aliases.drafts.words import differences, refusals
from aliases.editing.documents import export
from aliases.editing.forms import PublishForm
from aliases.models import Alias
from aliases.pictures import checking, health, verdicts
from aliases.publishing import publishing
from aliases.publishing.page_tokens import page_token
from aliases.publishing.sending import seconds_until_live
from rendering.imaging.errors import BadRecipe

#: The most aliases that one page decides on.
MOST = 100
#: Seconds in which the samples of drafts are looked at before they are published together.
PATIENCE = 15
#: Seconds in which they are checked afterwards, which renders hardly anything again.
CHECKING = 5
#: Characters of an alias's name.
LONGEST_NAME = 100
#: Names that a message lists.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """An alias on the page that asks. `obstacle` says why it is left out, else it is empty; `url` leads to the page on
    which it can be done all the same."""

    alias: Alias
    differences: list[str]
    token: str
    obstacle: str = ""
    url: str = ""


@admin.action(description="Publish drafts…", permissions=["publish"])
def publish_drafts(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
    return to_page(request, "publish_some", queryset)


@admin.action(description="Enable", permissions=["publish"])
def enable(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    """Enable those whose live revision breaks no rule that is a must; the others have a page that asks."""
    done, left, end = [], [], time.monotonic() + PATIENCE
    for alias in queryset.filter(enabled=False).select_related("live", "bucket"):
        obstacle = "There was no time to look at its samples."
        if time.monotonic() < end:
            obstacle = " ".join(verdicts.broken_by(alias, alias.live.content)) if alias.live else ""
        try:
            if not obstacle:
                publishing.set_enabled(alias, True, user_of(request))
                done.append(alias)
        except ValidationError as error:
            obstacle = " ".join(refusals(error))
        if obstacle:
            url = reverse("admin:aliases_alias_enable", args=[alias.pk])
            left.append(format_html('“{}” stays disabled: {} <a href="{}">Enable…</a>', alias, obstacle, url))
    if done:
        messages.success(request, f"Enabled: {named(done)}. Everybody sees it within {seconds_until_live():g} s.")
        check_those(done)
    for sentence in left[:NAMED]:
        messages.warning(request, sentence)
    if left[NAMED:]:
        messages.warning(request, f"{len(left) - NAMED} more stay disabled: tick them again.")
    if not done and not left:
        messages.info(request, "All of these were enabled already.")


@admin.action(description="Disable…", permissions=["publish"])
def disable(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
    return to_page(request, "disable_some", queryset)


@admin.action(description="Duplicate", permissions=["add"])
def duplicate(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    """Copies of the drafts, under the next free names; nothing goes live."""
    made = []
    for twin in queryset[:MOST]:
        fields = [one.attname for one in Alias._meta.concrete_fields if one.editable and not one.primary_key]
        values = {name: getattr(twin, name) for name in fields}
        copy = Alias(**{**values, "name": free_name(twin.name)})
        copy.save()
        model_admin.log_addition(request, copy, f"Duplicated from {twin}.")
        made.append(copy)
    messages.success(request, f"Made as drafts: {named(made)}. Viewers get none of it until it is published.")


@admin.action(description="Export", permissions=["view"])
def export_some(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse:
    """The drafts as a document, which `manage.py import_aliases` reads."""
    document, _ = export(queryset)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    response = HttpResponse(text.encode("utf-8", "backslashreplace"), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="aliases-{timezone.now():%Y-%m-%d}.json"'
    return response


@admin.action(description="Check now", permissions=["view"])
def look_now(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    sentence, well = checking.check_and_report(health.served().filter(pk__in=queryset.values("pk")))
    (messages.success if well else messages.warning)(request, sentence)


def to_page(request: HttpRequest, name: str, queryset: QuerySet[Alias]) -> HttpResponse | None:
    keys = list(queryset.values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        messages.error(request, f"Nothing was done: tick at most {MOST} aliases.")
        return None
    return HttpResponseRedirect(f"{reverse(f'admin:aliases_alias_{name}')}?{urlencode({'pk': keys}, doseq=True)}")


def publish_some(request: HttpRequest) -> HttpResponse:
    def act(alias: Alias, why: str, seen: str) -> None:
        publishing.publish(alias, user_of(request), why, seen=seen)

    end = time.monotonic() + PATIENCE

    def line_of(alias: Alias) -> Line:
        line = publishing_line(alias)
        return line if line.obstacle else judged(line, time.monotonic() < end)

    return decide(request, "Publish", line_of, act)


def disable_some(request: HttpRequest) -> HttpResponse:
    def act(alias: Alias, why: str, seen: str) -> None:
        publishing.set_enabled(alias, False, user_of(request), why, seen=seen)

    return decide(request, "Disable", disabling_line, act)


def decide(
    request: HttpRequest, verb: str, line_of: Callable[[Alias], Line], act: Callable[[Alias, str, str], None]
) -> HttpResponse:
    """The page that asks, and what its POST does: all of it, or nothing."""
    lines = [line_of(alias) for alias in asked(request)]
    ready, left = [one for one in lines if not one.obstacle], [one for one in lines if one.obstacle]
    wrong: list[str] = []
    form = PublishForm(request.POST) if request.method == "POST" else PublishForm()
    if request.method == "POST" and form.is_valid() and ready:
        try:
            with publishing.together(f"{verb.lower()} {len(ready)} aliases"):
                for one in ready:
                    act(one.alias, form.cleaned_data["why"], request.POST.get(f"seen-{one.alias.pk}", "")[:200])
        except ValidationError as error:
            wrong = [*refusals(error), "Nothing was done. Look again, then decide."]
        else:
            words = "is live" if verb == "Publish" else "answers 404"
            names = named([one.alias for one in ready])
            check_those([one.alias for one in ready] if verb == "Publish" else [])
            messages.success(request, f"{names} {words} everywhere within {seconds_until_live():g} s.")
            return HttpResponseRedirect(reverse("admin:aliases_alias_changelist"))
    count = f"{len(ready)} alias{'es' if len(ready) != 1 else ''}"
    context = {
        **admin.site.each_context(request),
        "opts": Alias._meta,
        "title": f"{verb} {'the drafts of ' if verb == 'Publish' else ''}{count}"
        if ready
        else f"Nothing to {verb.lower()}",
        "verb": verb,
        "lines": ready,
        "left": left,
        "form": form,
        "wrong": wrong,
        "seconds": f"{seconds_until_live():g}",
    }
    return TemplateResponse(request, "admin/aliases/alias/many.html", context)


def asked(request: HttpRequest) -> list[Alias]:
    """The aliases that the query names."""
    keys = [int(one) for one in request.GET.getlist("pk") if one.isdecimal() and len(one) < 19][:MOST]
    aliases = list(Alias.objects.filter(pk__in=keys).select_related("live", "bucket"))
    if not aliases:
        raise Http404("None of these aliases exists any more.")
    return aliases


def publishing_line(alias: Alias) -> Line:
    try:
        new = alias.content()
        alias.full_clean()
    except (BadRecipe, ValidationError) as error:
        said = " ".join(refusals(error)) if isinstance(error, ValidationError) else str(error)
        return Line(alias, [], "", f"Its draft cannot be published. {said}")
    if alias.live and not alias.differs():
        return Line(alias, [], "", "Its draft is live already.")
    if alias.ssim is not None and not alias.measured():
        return Line(alias, [], "", "Its visual quality has to be measured first, which its own publish page does.")
    return Line(alias, differences(alias.live.content if alias.live else None, new), page_token(alias, new))


def judged(line: Line, in_time: bool) -> Line:
    """The line of a draft that could be published, with what speaks against it: rules are passed over one by one."""
    if not in_time:
        return replace(line, obstacle="There was no time to look at its samples; publish the others first.")
    if broken := verdicts.broken_by(line.alias):
        url = reverse("admin:aliases_alias_publish", args=[line.alias.pk])
        return replace(line, obstacle=f"{' '.join(broken)} To publish it all the same takes a reason.", url=url)
    return line


def check_those(aliases: list[Alias]) -> None:
    """Store, for lists, what viewers get of aliases that went live, as far as there is time."""
    checking.until(health.served().filter(pk__in=[alias.pk for alias in aliases]), checking.check, CHECKING)


def disabling_line(alias: Alias) -> Line:
    return Line(alias, [], page_token(alias), "" if alias.enabled else "It is disabled already.")


def named(aliases: list[Alias]) -> str:
    """“hero”, “avatar” and 3 more."""
    more = f" and {len(aliases) - NAMED} more" if len(aliases) > NAMED else ""
    return ", ".join(f"“{alias}”" for alias in aliases[:NAMED]) + more


def free_name(name: str) -> str:
    """The next name for a duplicate: “ios” gives “ios-2” or, where there is that, “ios-3”."""
    stem, number = re.sub(r"-[0-9]{1,6}$", "", name), 2
    taken = set(Alias.objects.filter(name__startswith=stem[:90]).values_list("name", flat=True))
    while (found := f"{stem[: LONGEST_NAME - len(str(number)) - 1]}-{number}") in taken:
        number += 1
    return found


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


ACTIONS = (publish_drafts, enable, disable, duplicate, export_some, look_now)
