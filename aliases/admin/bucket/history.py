"""The history of a bucket, and undoing a change of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.editing.forms import PublishForm
from aliases.models import Bucket, BucketChange
from aliases.publishing.bucket_state import State, differences, state_of, with_defaults

from ..pages.permissions import CHANGE_BUCKET, may
from .decisions import Proposal, announce, decide, decision_page

#: Changes on a page of the history.
PER_PAGE = 20


def context_of(bucket: Bucket, request: HttpRequest) -> dict[str, Any]:
    """What was changed, by whom, when and why, for the template of a bucket's history."""
    page = Paginator(bucket.changes.select_related("by"), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "title": f"History of “{bucket}”",
        "lines": [{"change": line, "differences": changes(line)} for line in page],
        "changes": page,
        "can_change": may(request, CHANGE_BUCKET),
    }


def changes(line: BucketChange) -> list[str]:
    """What a change changed, in words."""
    return differences(line.before and with_defaults(line.before), with_defaults(line.after)) if line.after else []


def undo(bucket_admin: Any, request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Make a bucket again as it was before a change of its history."""
    bucket = get_object_or_404(Bucket, pk=pk)
    line = get_object_or_404(BucketChange, pk=change, bucket=bucket)
    if line.before is None:
        raise Http404("Before this change there was no such bucket.")
    history = reverse("admin:aliases_bucket_history", args=[pk])
    proposal = Proposal(bucket, state_of(bucket), restorable(line.before), PublishForm())
    if proposal.before == proposal.after:
        messages.info(request, f"“{bucket}” is as it was before that change, so nothing changed.")
        return HttpResponseRedirect(history)
    if request.method == "POST":
        outcome = decide(request, bucket, proposal.after)
        if not isinstance(outcome, Proposal):
            bucket_admin.log_change(request, bucket, "Taken back to before a change of its history.")
            announce(request, outcome)
            return HttpResponseRedirect(history)
        proposal = outcome
    title = f"Take “{bucket}” back to before {line.at:%Y-%m-%d %H:%M}"
    return decision_page(request, proposal, title=title, hand_on={}, back=history)


def restorable(state: State) -> State:
    """A state of the history as it can be made today: fields that a later version added have defaults, and buckets
    deleted since lend no overlays."""
    said = with_defaults(state)
    names = set(Bucket.objects.filter(name__in=said["overlays_from"]).values_list("name", flat=True))
    return {**said, "overlays_from": [name for name in said["overlays_from"] if name in names]}
