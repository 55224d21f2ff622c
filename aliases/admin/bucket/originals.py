"""The admin's page that tests a bucket: whether it can be read, with some of its originals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from aliases.models import Bucket
from aliases.pictures.browsing import describe_keys, names_picture, probe_bucket
from aliases.pictures.checking import look_at_bucket

from ..pages.page import render_page

#: Seconds for looking again at aliases that were broken because the bucket could not be read.
PATIENCE = 5


def test(request: HttpRequest, pk: int) -> HttpResponse:
    bucket = get_object_or_404(Bucket, pk=pk)
    found = probe_bucket(bucket)
    again = look_at_bucket(bucket, PATIENCE) if found.ok else 0
    context = {
        "title": f"Test of the bucket “{bucket}”",
        "place": bucket.place_here(),
        "probe": found,
        "again": again,
        "originals": describe_keys(found.keys),
        "sample": next((key for key in found.keys if names_picture(key)), ""),
    }
    return render_page(request, "bucket/test", bucket, context)
