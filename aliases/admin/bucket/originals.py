"""The admin's pages that look into a bucket: whether it can be read, which originals there are, what one looks like."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from aliases.models import Bucket
from aliases.pictures import preview
from rendering.names import wrong_with_key
from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import at, probe
from rendering.storage.interface import Listing, Probe

from ..pages.model_admin import SturdyAdmin
from ..pages.permissions import require

logger = logging.getLogger(__name__)


#: Keys and folders that are offered at once.
PAGE = 50


class BucketPages(SturdyAdmin):
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str, **options: bool) -> Any:
            return path(route, self.admin_site.admin_view(view, **options), name=f"aliases_bucket_{name}")

        return [
            page("<int:pk>/test/", require_http_methods(["GET", "HEAD", "POST"])(self.test_view), "test"),
            page("<int:pk>/keys/", require_GET(self.keys_view), "keys"),
            page("<int:pk>/picture/", require_GET(self.picture_view), "picture", cacheable=True),
            *super().get_urls(),
        ]

    def seen(self, request: HttpRequest, pk: int) -> Bucket:
        require(request, "aliases.view_bucket", "aliases.change_bucket")
        return get_object_or_404(Bucket, pk=pk)

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        bucket = self.seen(request, pk)
        found = look(bucket)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": bucket,
            "title": f"Test of the bucket “{bucket}”",
            "place": bucket.place_here(),
            "probe": found,
            "originals": shown(found.keys),
            "sample": next((key for key in found.keys if pictured(key)), ""),
        }
        return TemplateResponse(request, "admin/aliases/bucket/test.html", context)

    def keys_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For fields that take a key: the keys and folders that begin with `prefix`, a page of them, `more` being what
        the page before said. `trouble` is a sentence where the bucket cannot be asked."""
        listing, trouble = browse(self.seen(request, pk), request.GET.get("prefix", ""), request.GET.get("more", ""))
        return JsonResponse(
            {"keys": listing.keys, "folders": listing.folders, "more": listing.more, "trouble": trouble}
        )

    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A small copy of one original."""
        try:
            shot = preview.original(self.seen(request, pk), "", request.GET.get("key", ""), preview.SMALL)
            return preview.answer(shot, max_age=300)
        except preview.NoPicture as error:
            return preview.refusal(error)


def browse(bucket: Bucket, prefix: str, more: str = "") -> tuple[Listing, str]:
    """A page of what begins with a prefix; and why there is none, as a sentence, where the bucket cannot be asked."""
    if (prefix and wrong_with_key(prefix)) or "\0" in more:
        return Listing(), ""  # half a “../” is typed: nothing begins so
    place = bucket.place_here()
    if place is None:
        return Listing(), look(bucket).sentence
    try:
        return at(place.frozen()).browse(prefix, PAGE, more), ""
    except Missing:
        return Listing(), "" if (found := look(bucket)).ok else found.sentence
    except StorageError:
        return Listing(), look(bucket).sentence


def pictured(key: str) -> bool:
    """Whether a key looks like a picture's: for suggesting some, and for showing them."""
    return key.lower().endswith(preview.ENDINGS)


def shown(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Keys for `originals.html`."""
    return [{"key": key, "pictured": pictured(key)} for key in keys]


def look(bucket: Bucket) -> Probe:
    """What is found at the bucket's place in this environment."""
    place = bucket.place_here()
    if place is None:
        return Probe(
            False, f"The bucket has no place in the environment “{settings.ENVIRONMENT}”. Add one below and save"
        )
    try:
        return probe(place.frozen())
    except StorageError as error:
        return Probe(False, f"The bucket could not be looked at: {error}")
    except Exception:
        logger.exception("unexpected")
        return Probe(False, f"The bucket could not be looked at: {preview.a_fault().removesuffix('.')}")
