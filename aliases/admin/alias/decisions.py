"""The admin's pages that ask before something is made live: publish, roll back, enable, disable.

Each change is first a page that says, in words and pictures, what it will do, and then a POST of that page. What the
page showed comes with the POST; if anything changed in between, the page asks again and keeps the reason typed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from aliases.drafts import content
from aliases.drafts.calibration import calibration_of
from aliases.drafts.words import differences, refusals
from aliases.editing.forms import PublishForm
from aliases.models import Alias
from aliases.pictures import contact_sheet, health, preview
from aliases.pictures import measuring as measurements
from aliases.pictures.findings import titles
from aliases.publishing import publishing
from aliases.publishing.page_tokens import drafted_since, page_token
from aliases.publishing.sending import seconds_until_live
from rendering.imaging.errors import BadRecipe

from ..pages.page import render_page
from ..pages.permissions import CHANGE_ALIAS, may
from . import measuring, viewers
from .measuring import alias_to_publish, objections
from .pictures import revision_numbered, sheet_context

#: Alias, who, why, what the page showed, and what it is done against.
Act = Callable[[Alias, User, str, str, Sequence[str]], publishing.Outcome]


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.publish(alias, by, why, seen=seen, against=against)

    done, wrong = carry_out(request, pk, act, broken_rules)
    if done:
        return done
    alias = alias_to_publish(pk)
    title = f"Publish “{alias}”"
    if objected := objections(alias):
        saved = drafted_since(alias, request.POST.get("seen", "")) if "seen" in request.POST else ""
        return ask(request, alias, title=title, button="Look again", wrong=[saved, *objected], looks=True)
    if calibration := measurements.due(alias):
        return measuring.page(request, alias, calibration, wrong)
    return ask(request, alias, title=title, button="Publish", new=alias.content(), wrong=wrong, which="draft")


def roll_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    revision = revision_numbered(alias_to_publish(pk), number)

    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.roll_back(alias, revision, by, why, seen=seen)

    done, wrong = carry_out(request, pk, act, lambda alias: sample_lost(alias, revision.content))
    alias = alias_to_publish(pk)
    title = f"Roll “{alias}” back to revision {number}"
    try:
        publishing.require_readable(revision)
    except ValidationError as error:
        return ask(request, alias, title=title, button="", wrong=refusals(error))
    note = "The draft stays as it is. Pictures that this revision made before are kept, so nothing is rendered again."
    return done or ask(
        request, alias, title=title, button="Roll back", new=revision.content, note=note, wrong=wrong, which=str(number)
    )


def enable(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.set_enabled(alias, True, by, why, seen=seen)

    done, wrong = carry_out(
        request, pk, act, lambda alias: sample_lost(alias, alias.live.content if alias.live else None)
    )
    alias = alias_to_publish(pk)
    note = (
        f"Its URLs will answer again, with revision {alias.live.number}, which was live last."
        if alias.live
        else "It was never published: its URLs answer once it is."
    )
    viewed = alias.live.content if alias.live else None
    return done or ask(
        request, alias, title=f"Enable “{alias}”", button="Enable", viewed=viewed, note=note, wrong=wrong
    )


def disable(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.set_enabled(alias, False, by, why, seen=seen)

    done, wrong = carry_out(request, pk, act)
    alias = alias_to_publish(pk)
    note = f"They will get {viewers.without(alias)} until it is enabled again. Draft, history and pictures stay."
    return done or ask(request, alias, title=f"Disable “{alias}”", button="Disable", note=note, wrong=wrong)


def carry_out(
    request: HttpRequest, pk: int, act: Act, against: Callable[[Alias], Sequence[str]] = lambda _: ()
) -> tuple[HttpResponse | None, list[str]]:
    """Do what a posted page asks for and redirect to the outcome; or return why it cannot be done. `against` says, as
    sentences, what speaks against it, which whoever decides has to pass over by a tick."""
    alias, form = alias_to_publish(pk), PublishForm(request.POST)
    if request.method != "POST" or "_look" in request.POST or not form.is_valid():
        return None, []
    assert isinstance(request.user, User)
    said = form.cleaned_data
    try:
        objections = against(alias)
        if objections and not said["anyway"]:
            return None, [*objections, "Change that, or tick the box to go on all the same."]
        if objections and against is broken_rules and not said["why"]:
            return None, ["Say why it should go live all the same: the history keeps the reason.", *objections]
        outcome = act(alias, request.user, said["why"], said["seen"], objections)
    except ValidationError as error:
        return None, refusals(error)
    except BadRecipe:
        return None, []  # the page itself says so
    if outcome.publication and outcome.publication.revision_id:
        look_at_what_is_live(pk)
        return HttpResponseRedirect(reverse("admin:aliases_alias_publication", args=[outcome.publication.pk])), []
    messages.info(request, outcome.sentence)
    return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[pk])), []


def ask(
    request: HttpRequest,
    alias: Alias,
    *,
    title: str,
    button: str,
    new: dict[str, Any] | None = None,
    viewed: dict[str, Any] | None = None,
    note: str = "",
    wrong: Iterable[str] = (),
    which: str = "",
    looks: bool = False,
) -> HttpResponse:
    """The page that asks. `new` is the content that would go live, and `which` names it in the contact sheet; `viewed`
    is the content that viewers would get again; `looks`: the only thing to do now is to look again."""
    old = alias.live.content if alias.live else None
    unchanged = new is not None and old is not None and not content.differ(old, new)
    of_draft = which == "draft"
    context = {
        "title": title,
        "form": form_of(request, page_token(alias, new)),
        "button": "" if unchanged else button,
        "looks": looks,
        "note": note,
        "wrong": [sentence for sentence in wrong if sentence],
        "unchanged": unchanged,
        "new": new,
        "rules": titles(alias) if of_draft and not unchanged else {},
        "broken": of_draft and bool(wrong) and bool(broken_rules(alias)),
        "differences": differences(old, new) if new else [],
        "calibration": calibration_of(new) if new else None,
        "of_draft": of_draft,
        "can_change": may(request, CHANGE_ALIAS),
        "trouble": "" if unchanged or looks or of_draft else trouble_with(alias, viewed or new),
        **(sheet_context(alias, which) if which else {}),
        "viewers": viewers.now(alias),
        "kept": [] if looks else viewers.kept(alias, new),
        "seconds": f"{seconds_until_live():g}",
    }
    return render_page(request, "alias/decision", alias, context)


def form_of(request: HttpRequest, seen: str) -> PublishForm:
    """The form with what was typed, and a token of what is shown now."""
    if request.method != "POST":
        return PublishForm(initial={"seen": seen, "why": request.GET.get("why", "")[:300]})
    return PublishForm({"why": request.POST.get("why", ""), "seen": seen})


def broken_rules(alias: Alias) -> Sequence[str]:
    """What a draft breaks, as sentences. Empty where its visual quality has to be measured first."""
    return () if measurements.due(alias) else contact_sheet.verdict(alias).broken


def sample_lost(alias: Alias, viewed: Mapping[str, Any] | None) -> Sequence[str]:
    """That the sample cannot be made by what viewers would get, as a sentence; empty where it can."""
    trouble = trouble_with(alias, viewed)
    return [f"The sample cannot be made: {trouble}"] if trouble else ()


def trouble_with(alias: Alias, viewed: Mapping[str, Any] | None) -> str:
    """Why the sample cannot be made by what viewers would get; empty where it can, or none is named."""
    if viewed is None or not alias.sample:
        return ""
    try:
        preview.revision(alias, dict(viewed))
    except preview.NoPicture as error:
        return str(error)
    return ""


def look_at_what_is_live(pk: int) -> None:
    """Store, for lists and for the next page, whether viewers get the sample."""
    alias = health.served().filter(pk=pk).exclude(sample="").first()
    if alias:
        with suppress(preview.NoPicture):  # which is stored, too
            health.look(alias)
