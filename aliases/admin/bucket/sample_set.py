"""The sample set on the page of a bucket's originals: seeing it, pinning, taking out, and finding it anew."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timesince import timesince

from aliases.models import Bucket, SampleSearch
from aliases.pictures import samples, sampling

from ..pages.permissions import CHANGE_ALIAS, require

#: Seconds that one request works on a search.
STEP = 2.0
A_MINUTE = 60


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The set as it is; by POST, after pinning each `pin` and taking out each `out`."""
    bucket = get_object_or_404(Bucket, pk=pk)
    if request.method == "POST":
        require(request, CHANGE_ALIAS)
        assert isinstance(request.user, User)
        for key in request.POST.getlist("out"):
            samples.take_out(bucket, key)
        try:
            samples.pin(bucket, request.POST.getlist("pin"), request.user)
        except samples.BadSample as error:
            return JsonResponse({"message": str(error)}, status=422)
    return JsonResponse(state_of(bucket))


def search(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a search for the set, or go on with it for STEP seconds; `new` begins another one."""
    bucket = get_object_or_404(Bucket, pk=pk)
    known = SampleSearch.objects.filter(bucket=bucket).first()
    if "new" in request.POST or (known and not known.finished_at):
        sampling.step(sampling.ask(bucket), STEP)
    return JsonResponse(state_of(bucket))


def state_of(bucket: Bucket) -> dict[str, Any]:
    """The set, and how far its search has got, as the script shows it."""
    known = SampleSearch.objects.filter(bucket=bucket).first()
    return {
        "samples": [
            {"key": one.key, "why": one.why, "pinned": one.pinned, "trouble": one.trouble} for one in samples.of(bucket)
        ],
        "searching": bool(known and not known.finished_at),
        "done": len(known.found) if known else 0,
        "of": len(known.keys or ()) if known else 0,
        "found": found_in_words(known),
        "trouble": known.trouble if known else "",
        "most": samples.MOST,
    }


def found_in_words(search: SampleSearch | None) -> str:
    """When the set was found: “found 2 days ago”; empty where it is not known."""
    if search is None or search.finished_at is None:
        return ""
    recent = (timezone.now() - search.finished_at).total_seconds() < A_MINUTE
    return "found just now" if recent else f"found {timesince(search.finished_at, depth=1)} ago"
