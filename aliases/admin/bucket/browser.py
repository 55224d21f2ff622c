"""The bucket browser: folders and pictures of a bucket, as a page; and what its script asks, also in dialogs."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from aliases.models import Alias, Bucket, OverruledFocus, Sample
from aliases.pictures import preview
from aliases.pictures.browsing import MOST, PAGE, browse, names_picture, nearest, thumbnail
from aliases.pictures.sampling import probe
from rendering.imaging.pillow.formats import spelled
from rendering.names import wrong_with_key
from rendering.storage.interface import Entry

from ..focus.urls import focus_url
from ..pages.page import render_page
from ..pages.permissions import ADD_ALIAS, CHANGE_ALIAS, may
from ..pages.picker import browser_urls
from . import sample_set

#: Seconds for which a browser keeps thumbnails and facts.
AGE = 300
#: Aliases that are named as using an original.
MOST_ALIASES = 5


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a bucket's originals; `?key=` or `?prefix=` says where it opens."""
    bucket = get_object_or_404(Bucket, pk=pk)
    place = bucket.place_here()
    context = {
        "title": f"Pictures in {bucket}",
        "place": place.where if place else "",
        "buckets": Bucket.objects.all(),
        "browser": {
            "urls": browser_urls(bucket.pk),
            "bucket": bucket.name,
            "alias": reverse("admin:aliases_alias_add") if may(request, ADD_ALIAS) else "",
            "pins": may(request, CHANGE_ALIAS),
            "set": sample_set.state_of(bucket),
        },
    }
    return render_page(request, "bucket/browse", bucket, context)


def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the keys and folders that begin with `prefix`, `more` being what the page before returned. `trouble` is
    a sentence where the bucket cannot be listed; `nearest` a folder, where nothing begins so."""
    bucket = get_object_or_404(Bucket, pk=pk)
    prefix, more = request.GET.get("prefix", ""), request.GET.get("more", "")
    listing, trouble = browse(bucket, prefix, more, MOST if more else PAGE)
    nothing = not (trouble or more or listing.entries or listing.folders)
    return JsonResponse(
        {
            "entries": [describe(entry) for entry in listing.entries],
            "folders": listing.folders,
            "more": listing.more,
            "trouble": f"{trouble}." if trouble else "",
            "nearest": nearest(bucket, prefix) if nothing and prefix and not wrong_with_key(prefix) else None,
            "overlays": [[one.pk, one.name] for one in (bucket, *bucket.overlays_from.all())],
        }
    )


def describe(entry: Entry) -> dict[str, Any]:
    """An original as the script shows it."""
    return {
        "key": entry.key,
        "size": filesizeformat(entry.size) if entry.size is not None else "",
        "changed": in_words(entry.written) if entry.written else "",
        "pictured": names_picture(entry.key),
    }


def in_words(seconds: float) -> str:
    return date_format(timezone.localtime(datetime.fromtimestamp(seconds, UTC)))


def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A small copy of one original."""
    bucket = get_object_or_404(Bucket, pk=pk)
    try:
        content, media_type = thumbnail(bucket, request.GET.get("key", ""))
    except preview.NoPicture as error:
        return preview.refusal(error)
    return HttpResponse(content, content_type=media_type, headers={"Cache-Control": f"private, max-age={AGE}"})


def original(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is to know of one original: lines of a name and a text, and where its focus is set."""
    bucket, key = get_object_or_404(Bucket, pk=pk), request.GET.get("key", "")
    try:
        facts = probe(bucket, key)
    except preview.NoPicture as error:
        return preview.refusal(error)
    said = [facts.colours, "transparent" if facts.alpha else "", "turned by EXIF" if facts.turned else ""]
    lines = {
        "Size": f"{facts.width} × {facts.height} pixels",
        "File": f"{spelled(facts.type.removeprefix('image/').upper())}, {filesizeformat(facts.bytes)}",
        "Frames": str(facts.frames) if facts.frames > 1 else "",
        "Kind": ", ".join(one for one in said if one and one != "sRGB"),
        "Faces": "" if facts.faces is None else f"{facts.faces or 'none'} found",
        "Focus": "set by hand" if is_overruled(bucket, key) else "",
        "Sample of": sample_of(bucket, key),
    }
    response = JsonResponse(
        {
            "lines": [[name, text] for name, text in lines.items() if text],
            "focus": focus_url(bucket, key),
            "chosen": Sample.objects.filter(bucket=bucket, key=key).exists(),
        }
    )
    response["Cache-Control"] = "no-store"
    return response


def is_overruled(bucket: Bucket, key: str) -> bool:
    return OverruledFocus.objects.filter(bucket=bucket, key=key, newest=True, boxes__isnull=False).exists()


def sample_of(bucket: Bucket, key: str) -> str:
    """The aliases that are shown by an original, in words."""
    aliases = Alias.objects.filter(bucket=bucket).exclude(sample="").values_list("name", "prefix", "sample")
    found = [name for name, prefix, sample in aliases if prefix + sample == key]
    more = len(found) - MOST_ALIASES
    names = ", ".join(found[:MOST_ALIASES])
    return f"{names} and {more} more" if more > 0 else names or "no alias"
