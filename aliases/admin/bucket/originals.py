"""The admin's pages that look into a bucket: whether it can be read, which originals there are, what one looks like."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from aliases.models import Bucket
from aliases.pictures import preview
from aliases.pictures.browsing import browse, describe_keys, names_picture, probe_bucket

from ..pages.page import render_page


def test(request: HttpRequest, pk: int) -> HttpResponse:
    bucket = get_object_or_404(Bucket, pk=pk)
    found = probe_bucket(bucket)
    context = {
        "title": f"Test of the bucket “{bucket}”",
        "place": bucket.place_here(),
        "probe": found,
        "originals": describe_keys(found.keys),
        "sample": next((key for key in found.keys if names_picture(key)), ""),
    }
    return render_page(request, "bucket/test", bucket, context)


def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """For fields that take a key: the keys and folders that begin with `prefix`, a page of them, `more` being what the
    page before returned. `trouble` is a sentence where the bucket cannot be listed."""
    bucket = get_object_or_404(Bucket, pk=pk)
    listing, trouble = browse(bucket, request.GET.get("prefix", ""), request.GET.get("more", ""))
    return JsonResponse({"keys": listing.keys, "folders": listing.folders, "more": listing.more, "trouble": trouble})


def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A small copy of one original."""
    bucket = get_object_or_404(Bucket, pk=pk)
    try:
        return preview.answer(preview.original(bucket, "", request.GET.get("key", ""), preview.SMALL), max_age=300)
    except preview.NoPicture as error:
        return preview.refusal(error)
