"""The admin's page on which a change of a bucket is decided: it shows what the change does to viewers, then makes it.

A change that affects no live alias is saved at once. Any other leads from the form to a page that shows what changes,
for which aliases and with which pictures; posted from there with a reason, it is live.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from aliases.drafts.content import hashed
from aliases.editing.forms import PublishForm
from aliases.models import Bucket, BucketChange
from aliases.pictures import preview
from aliases.publishing.bucket_changes import change, fingerprint
from aliases.publishing.bucket_state import State, differences, freeze, state_of, where_in_words, with_defaults
from aliases.publishing.sending import catalogue_in_words

from ..pages.page import render_page
from ..pages.permissions import VIEW_ALIAS, may
from .impact import Impact, affected_aliases, impact, probe_place

#: The page's own fields; all others posted to it belong to the bucket's form, and it hands them on.
OWN = ("csrfmiddlewaretoken", "why", "seen", "anyway", "_edit")
SALT = "aliases.admin.bucket.decisions"
#: Names of aliases that the page lists; it counts the others.
MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a bucket that awaits a decision."""

    bucket: Bucket
    before: State
    after: State
    form: PublishForm
    #: Why it was not done although the decision was posted.
    wrong: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return hashed([self.before, self.after])


def decide(request: HttpRequest, bucket: Bucket, after: State) -> BucketChange | Proposal | None:
    """Change the bucket where nobody has to be asked, or the decision was posted; else return what is to be decided.
    None where nothing differs."""
    before = state_of(bucket)
    if before == after:
        return None
    form = PublishForm(request.POST if "seen" in request.POST else None)
    proposal = Proposal(bucket, before, after, form)
    if form.is_bound:
        if wrong := objection(proposal):
            return Proposal(bucket, before, after, form, (wrong,))
    elif has_to_ask(bucket, before, after):
        return proposal
    assert isinstance(request.user, User)
    why = form.cleaned_data["why"] if form.is_bound else ""
    try:
        return change(bucket, after, request.user, why, seen=fingerprint(before))
    except ValidationError as error:
        return Proposal(bucket, before, after, form, tuple(error.messages))


def objection(proposal: Proposal) -> str:
    """Why a decision that was posted cannot be carried out; empty when it can."""
    if not proposal.form.is_valid():
        return "See the reason below."
    try:
        seen = signing.loads(proposal.form.cleaned_data["seen"], salt=SALT)
    except signing.BadSignature:
        return "This page was not made by this service. Look again, then decide."
    if seen["of"] != proposal.fingerprint:
        return "The bucket, or the requested change, was changed while you looked at it. Look again, then decide."
    if seen["dangerous"] and not proposal.form.cleaned_data["anyway"]:
        return "Pictures would be missing: tick the box to confirm that, or go back."
    return ""


def decision_page(
    request: HttpRequest, proposal: Proposal, *, title: str, hand_on: Mapping[str, list[str]], back: str
) -> HttpResponse:
    """The page that asks. `hand_on` is what its form posts along with the decision, `back` the URL to leave it by."""
    bucket, here = proposal.bucket, settings.ENVIRONMENT
    found = impact_of(request, proposal)
    seen = signing.dumps({"of": proposal.fingerprint, "dangerous": found.dangerous}, salt=SALT)
    places = [state["places"].get(here) for state in (proposal.before, proposal.after)]
    context = {
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
        "sees_aliases": may(request, VIEW_ALIAS),
        "hand_on": [(name, value) for name, values in hand_on.items() for value in values],
        "back": back,
        "seconds": int(settings.CATALOGUE_MAX_AGE),
        "unsafe": proposal.after["unsafe_allowed"] and not proposal.before["unsafe_allowed"],
    }
    return render_page(request, "bucket/decision", bucket, context)


def announce(request: HttpRequest, line: BucketChange | None) -> None:
    """Say, once a change is committed, whether the catalogue has it."""
    if line is None or not changes_this_environment(line):
        return
    # On commit, after the callback that sends.
    transaction.on_commit(lambda: messages.info(request, catalogue_in_words()))


def has_to_ask(bucket: Bucket, before: State, after: State) -> bool:
    """Whether a change needs a decision: viewers of live aliases would get something else."""
    # No alias is found by an address.
    states = [freeze(bucket.name, {**state, "known_as": ""}, settings.ENVIRONMENT) for state in (before, after)]
    if states[0] == states[1]:
        return False
    return bool(affected_aliases(bucket))


def impact_of(request: HttpRequest, proposal: Proposal) -> Impact:
    bucket, environment = proposal.bucket, settings.ENVIRONMENT
    focus = bucket.frozen(environment).focus
    states = [freeze(bucket.name, state, environment, focus) for state in (proposal.before, proposal.after)]
    return impact(states[0], states[1], affected_aliases(bucket), preview.accept_of(request))


def changes_this_environment(line: BucketChange) -> bool:
    """Whether a change alters what the data plane of this environment gets."""
    states = [
        state and freeze(line.name, with_defaults(state), settings.ENVIRONMENT) for state in (line.before, line.after)
    ]
    return bool(states[0] != states[1])


def probe_in_words(bucket: Bucket) -> tuple[bool, str]:
    """What the automatic test of a bucket finds: whether it works, and a sentence."""
    found = probe_place(bucket.frozen(settings.ENVIRONMENT))
    return found.ok, found.sentence
