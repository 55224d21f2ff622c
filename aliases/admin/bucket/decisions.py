"""The admin's page on which a change of a bucket is decided: what it does to viewers, then the deed; and its history.

What alters no live alias is saved at once. Else the form leads to a page that shows what changes, for which aliases and
with which pictures; posted from there with a reason, it is live.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from aliases.drafts.content import hashed
from aliases.editing.forms import PublishForm
from aliases.models import Bucket, BucketChange
from aliases.pictures import preview
from aliases.publishing.bucket_changes import change, fingerprint
from aliases.publishing.bucket_state import State, differences, filled, frozen, state_of, where_in_words
from aliases.publishing.sending import catalogue_in_words

from ..focus.pages import FocusPages
from ..pages.permissions import require
from .impact import Impact, impact, looked_at, touched

#: Fields of the page itself; all others that are posted to it are the form's, which it hands on.
OWN = ("csrfmiddlewaretoken", "why", "seen", "anyway", "_edit")
SALT = "aliases.admin.bucket.decisions"
#: Names of aliases that are written out; the others are counted.
MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a bucket that is still to be decided."""

    bucket: Bucket
    before: State
    after: State
    form: PublishForm
    #: Why it was not done yet, though it was asked for.
    wrong: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return hashed([self.before, self.after])


class BucketDecisions(FocusPages):
    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "POST"])(self.undo_view)
        page: Any = path("<int:pk>/undo/<int:change>/", self.admin_site.admin_view(view), name="aliases_bucket_undo")
        return [page, *super().get_urls()]

    def decided(self, request: HttpRequest, bucket: Bucket, after: State) -> BucketChange | Proposal | None:
        """Change the bucket where nobody need be asked, or was; None where nothing differs."""
        before = state_of(bucket)
        if before == after:
            return None
        form = PublishForm(request.POST if "seen" in request.POST else None)
        proposal = Proposal(bucket, before, after, form)
        if form.is_bound:
            if wrong := self.refused(proposal):
                return Proposal(bucket, before, after, form, (wrong,))
        elif asks(bucket, before, after):
            return proposal
        assert isinstance(request.user, User)
        why = form.cleaned_data["why"] if form.is_bound else ""
        try:
            return change(bucket, after, request.user, why, seen=fingerprint(before))
        except ValidationError as error:
            return Proposal(bucket, before, after, form, tuple(error.messages))

    def refused(self, proposal: Proposal) -> str:
        """Why a decision that was posted cannot be carried out; empty when it can."""
        if not proposal.form.is_valid():
            return "See the reason below."
        try:
            seen = signing.loads(proposal.form.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature:
            return "This page was not made by this service. Look again, then decide."
        if seen["of"] != proposal.fingerprint:
            return "The bucket, or what is asked for, changed while you looked at it. Look again, then decide."
        if seen["dangerous"] and not proposal.form.cleaned_data["anyway"]:
            return "Pictures would be missing: tick that this is meant, or go back."
        return ""

    def decision_page(
        self, request: HttpRequest, proposal: Proposal, *, title: str, hand_on: Mapping[str, list[str]], back: str
    ) -> HttpResponse:
        """The page that asks. `hand_on` is what its form posts with the decision, `back` where it leads without one."""
        bucket, here = proposal.bucket, settings.ENVIRONMENT
        found = impact_of(request, proposal)
        seen = signing.dumps({"of": proposal.fingerprint, "dangerous": found.dangerous}, salt=SALT)
        places = [state["places"].get(here) for state in (proposal.before, proposal.after)]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": bucket,
            "title": title,
            "is_popup": "_popup" in request.POST or "_popup" in request.GET,
            "wrong": proposal.wrong,
            "differences": differences(proposal.before, proposal.after),
            "impact": found,
            "named": found.aliases[:MOST_NAMES],
            "more": max(0, len(found.aliases) - MOST_NAMES),
            "place_before": where_in_words(places[0]),
            "place_after": where_in_words(places[1]),
            "form": proposal.form,
            "seen": seen,
            "sees_aliases": any(request.user.has_perm(f"aliases.{may}_alias") for may in ("view", "change")),
            "hand_on": [(name, value) for name, values in hand_on.items() for value in values],
            "back": back,
            "seconds": int(settings.CATALOGUE_MAX_AGE),
            "unsafe": proposal.after["unsafe_allowed"] and not proposal.before["unsafe_allowed"],
        }
        return TemplateResponse(request, "admin/aliases/bucket/decision.html", context)

    def undo_view(self, request: HttpRequest, pk: int, change: int) -> HttpResponse:
        """Make a bucket again as it was before a change of its history."""
        require(request, "aliases.change_bucket")
        bucket = get_object_or_404(Bucket, pk=pk)
        line = get_object_or_404(BucketChange, pk=change, bucket=bucket)
        if line.before is None:
            raise Http404("Before this change there was no such bucket.")
        history = reverse("admin:aliases_bucket_history", args=[pk])
        proposal = Proposal(bucket, state_of(bucket), restored(line.before), PublishForm())
        if proposal.before == proposal.after:
            messages.info(request, f"“{bucket}” is as it was before that change, so nothing changed.")
            return HttpResponseRedirect(history)
        if request.method == "POST":
            outcome = self.decided(request, bucket, proposal.after)
            if not isinstance(outcome, Proposal):
                self.log_change(request, bucket, "Taken back to before a change of its history.")
                self.tell_outcome(request, outcome)
                return HttpResponseRedirect(history)
            proposal = outcome
        title = f"Take “{bucket}” back to before {line.at:%Y-%m-%d %H:%M}"
        return self.decision_page(request, proposal, title=title, hand_on={}, back=history)

    def tell_outcome(self, request: HttpRequest, line: BucketChange | None) -> None:
        """Say what became of a change, once it is committed; and what the test finds where nobody saw it before."""
        if line is None or not here(line):
            return
        # After the sender, which comes first on commit.
        transaction.on_commit(lambda: messages.info(request, catalogue_in_words()))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """What was changed, by whom, when and why."""
        bucket = self.get_object(request, unquote(object_id))
        if bucket is None or not self.has_view_or_change_permission(request, bucket):
            return super().history_view(request, object_id, extra_context)
        page = Paginator(bucket.changes.select_related("by"), 20).get_page(request.GET.get("page"))
        lines = [{"change": line, "told": told(line)} for line in page]
        context = {
            "title": f"History of “{bucket}”",
            "lines": lines,
            "changes": page,
            "can_change": self.has_change_permission(request, bucket),
        }
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


def asks(bucket: Bucket, before: State, after: State) -> bool:
    """Whether a change is to be decided on a page of its own: viewers of live aliases would get something else."""
    environment = settings.ENVIRONMENT
    if frozen(bucket.name, before, environment) == frozen(bucket.name, after, environment):
        return False
    return bool(touched(bucket))


def impact_of(request: HttpRequest, proposal: Proposal) -> Impact:
    bucket, environment = proposal.bucket, settings.ENVIRONMENT
    focus = bucket.frozen(environment).focus
    states = [frozen(bucket.name, state, environment, focus) for state in (proposal.before, proposal.after)]
    return impact(states[0], states[1], touched(bucket), preview.accepted(request))


def restored(state: State) -> State:
    """A state of the history as it can be today: what a later version added has its default, and buckets that are gone
    lend no overlays."""
    said = filled(state)
    names = set(Bucket.objects.filter(name__in=said["overlays_from"]).values_list("name", flat=True))
    return {**said, "overlays_from": [name for name in said["overlays_from"] if name in names]}


def here(line: BucketChange) -> bool:
    """Whether the data plane of this environment gets something else by a change."""
    states = [state and frozen(line.name, filled(state), settings.ENVIRONMENT) for state in (line.before, line.after)]
    return bool(states[0] != states[1])


def told(line: BucketChange) -> list[str]:
    """What a change changed, in words."""
    return differences(line.before and filled(line.before), filled(line.after)) if line.after else []


def test_in_words(bucket: Bucket) -> tuple[bool, str]:
    """What the automatic test of a bucket finds: whether it works, and a sentence."""
    found = looked_at(bucket.frozen(settings.ENVIRONMENT))
    return found.ok, found.sentence
