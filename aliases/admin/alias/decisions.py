"""The admin's pages that ask before something is made live: publish, roll back, enable, disable.

Each change is first a page that says, in words and pictures, what it will do, and then a POST of that page. What the
page showed comes with the POST; if anything changed in between, the page asks again and keeps the reason typed.
"""

from collections.abc import Callable, Iterable, Sequence
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
from aliases.pictures import checking, health, verdicts
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

#: Seconds for checking what has just gone live. The schedule looks at the rest.
PATIENCE = 5
#: Alias, who, why, what the page showed, and what it is done against.
Act = Callable[[Alias, User, str, str, Sequence[str]], publishing.Outcome]


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.publish(alias, by, why, seen=seen, against=against)

    done, wrong, broken = carry_out(request, pk, act, broken_rules)
    if done:
        return done
    alias = alias_to_publish(pk)
    title = f"Publish “{alias}”"
    if objected := objections(alias):
        saved = drafted_since(alias, request.POST.get("seen", "")) if "seen" in request.POST else ""
        return ask(request, alias, title=title, button="Look again", wrong=[saved, *objected], looks=True)
    if calibration := measurements.due(alias):
        return measuring.page(request, alias, calibration, wrong)
    return ask(
        request, alias, title=title, button="Publish", new=alias.content(), wrong=wrong, broken=broken, which="draft"
    )


def roll_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    revision = revision_numbered(alias_to_publish(pk), number)

    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.roll_back(alias, revision, by, why, seen=seen, against=against)

    done, wrong, broken = carry_out(request, pk, act, lambda alias: verdicts.broken_by(alias, revision.content))
    alias = alias_to_publish(pk)
    title = f"Roll “{alias}” back to revision {number}"
    try:
        publishing.require_readable(revision)
    except ValidationError as error:
        return ask(request, alias, title=title, button="", wrong=refusals(error))
    note = (
        "The draft stays as it is. Pictures that this revision made before are kept, so viewers wait for none of them."
    )
    return done or ask(
        request,
        alias,
        title=title,
        button="Roll back",
        new=revision.content,
        note=note,
        wrong=wrong,
        broken=broken,
        which=str(number),
    )


def enable(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.set_enabled(alias, True, by, why, seen=seen, against=against)

    done, wrong, broken = carry_out(request, pk, act, broken_again)
    alias = alias_to_publish(pk)
    note = (
        f"Its URLs will answer again, with revision {alias.live.number}, which was live last."
        if alias.live
        else "It was never published: its URLs answer once it is."
    )
    which = str(alias.live.number) if alias.live else ""
    title = f"Enable “{alias}”"
    return done or ask(request, alias, title=title, button="Enable", note=note, wrong=wrong, broken=broken, which=which)


def disable(request: HttpRequest, pk: int) -> HttpResponse:
    def act(alias: Alias, by: User, why: str, seen: str, against: Sequence[str]) -> publishing.Outcome:
        return publishing.set_enabled(alias, False, by, why, seen=seen)

    done, wrong, _ = carry_out(request, pk, act)
    alias = alias_to_publish(pk)
    note = f"They will get {viewers.without(alias)} until it is enabled again. Draft, history and pictures stay."
    return done or ask(request, alias, title=f"Disable “{alias}”", button="Disable", note=note, wrong=wrong)


def carry_out(
    request: HttpRequest, pk: int, act: Act, against: Callable[[Alias], Sequence[str]] = lambda _: ()
) -> tuple[HttpResponse | None, list[str], bool]:
    """Do what a posted page asks for and redirect to the outcome; or return why it cannot be done, and whether a rule
    is in its way. `against` says, as sentences, which rules it breaks, which whoever decides has to pass over by a tick
    and a reason."""
    alias, form = alias_to_publish(pk), PublishForm(request.POST)
    if request.method != "POST" or "_look" in request.POST or not form.is_valid():
        return None, [], False
    assert isinstance(request.user, User)
    said = form.cleaned_data
    try:
        objections = against(alias)
        if objections and not said["anyway"]:
            return None, [*objections, "Change that, or tick the box to go on all the same."], True
        if objections and not said["why"]:
            return None, ["Say why it should go live all the same: the history keeps the reason.", *objections], True
        outcome = act(alias, request.user, said["why"], said["seen"], objections)
    except ValidationError as error:
        return None, refusals(error), False
    except BadRecipe:
        return None, [], False  # the page itself says so
    if outcome.publication and outcome.publication.revision_id:
        check_what_is_live(pk)
        return (
            HttpResponseRedirect(reverse("admin:aliases_alias_publication", args=[outcome.publication.pk])),
            [],
            False,
        )
    messages.info(request, outcome.sentence)
    return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[pk])), [], False


def ask(
    request: HttpRequest,
    alias: Alias,
    *,
    title: str,
    button: str,
    new: dict[str, Any] | None = None,
    note: str = "",
    wrong: Iterable[str] = (),
    broken: bool = False,
    which: str = "",
    looks: bool = False,
) -> HttpResponse:
    """The page that asks. `new` is the content that would go live. `which` names what viewers would get in the contact
    sheet, where it is set against the rules; `looks`: the only thing to do now is to look again."""
    old = alias.live.content if alias.live else None
    unchanged = new is not None and old is not None and not content.differ(old, new)
    judged = bool(which) and not unchanged
    context = {
        "title": title,
        "form": form_of(request, page_token(alias, new)),
        "button": "" if unchanged else button,
        "looks": looks,
        "note": note,
        "wrong": [sentence for sentence in wrong if sentence],
        "unchanged": unchanged,
        "new": new,
        "rules": titles(alias) if judged else {},
        "broken": broken,
        "differences": differences(old, new) if new else [],
        "calibration": calibration_of(new) if new else None,
        "of_draft": which == "draft",
        "can_change": may(request, CHANGE_ALIAS),
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
    return () if measurements.due(alias) else verdicts.broken_by(alias)


def broken_again(alias: Alias) -> Sequence[str]:
    """What is broken by the revision that viewers get again once the alias is enabled, as sentences."""
    return verdicts.broken_by(alias, alias.live.content) if alias.live else ()


def check_what_is_live(pk: int) -> None:
    """Store, for lists and for the next page, what viewers get. What the page has shown is not rendered again."""
    if alias := health.served().filter(pk=pk).first():
        checking.check(alias, PATIENCE)
