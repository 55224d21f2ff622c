"""The start page: what the live aliases make of their samples, next to the originals."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rendering.imaging.encoding import Accept

from .admin.focus.urls import focus_url
from .admin.pages.permissions import MissingPermission, may_see_live_samples
from .drafts.choices import Crop
from .drafts.content import thawed
from .drafts.words import in_words
from .models import Alias, Bucket, CatalogueState
from .pictures import checking, health, preview

#: Seconds for which facts of pictures are cached: each costs a render.
REMEMBERED = 300
PER_PAGE = 12
#: Seconds spent on checking aliases of unknown health before the page is shown.
PATIENCE = 1.5


@dataclass(frozen=True, slots=True)
class Card:
    """An alias as the page shows it. `trouble` says why there are no facts, else it is empty."""

    alias: Alias
    url: str
    recipe: str
    before: preview.Facts | None
    after: preview.Facts | None
    trouble: str
    #: The page of the original's focus, where the crop follows it.
    focus_url: str

    @property
    def percentage(self) -> int | None:
        """The derivative's bytes as a part of the original's, where they are fewer."""
        if not self.before or not self.after or self.after.bytes >= self.before.bytes:
            return None
        return max(1, round(100 * self.after.bytes / self.before.bytes))


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if settings.ENVIRONMENT != "local" and not admin.site.has_permission(request):
        return redirect_to_login("/", reverse("admin:login"))
    if not may_see_live_samples(request):
        raise MissingPermission("aliases.view_alias")
    checking.look_at_some(PATIENCE)
    # Broken ones come first.
    aliases = sorted(health.served().exclude(sample=""), key=lambda alias: not health.known(alias).trouble)
    page = Paginator(aliases, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cards": [card(request, alias) for alias in page],
        "page": page,
        "aliases": Alias.objects.count(),
        "buckets": Bucket.objects.count(),
        "catalogue": CatalogueState.objects.first(),
        "environment": settings.ENVIRONMENT,
        "may": rights_of(request),
    }
    return render(request, "aliases/start.html", context)


def rights_of(request: HttpRequest) -> dict[str, bool]:
    """What the user may do in the admin, for the page's links. As there, who may change may also view."""
    user = request.user
    if not admin.site.has_permission(request):
        return {"log_out": user.is_authenticated}
    may = {
        name: user.has_perm(f"aliases.{name}")
        for name in ("add_alias", "change_alias", "view_alias", "add_bucket", "change_bucket", "view_bucket")
    }
    views = {f"view_{noun}": may[f"view_{noun}"] or may[f"change_{noun}"] for noun in ("alias", "bucket")}
    return {**may, **views, "log_out": True}


def card(request: HttpRequest, alias: Alias) -> Card:
    assert alias.live is not None
    assert alias.live_bucket is not None
    url = request.build_absolute_uri(alias.sample_path())
    recipe = in_words(alias.live.content)
    try:
        with preview.raising_no_picture(alias.sample):
            said = thawed(alias.live.content)
            before, after = facts(alias, said["prefix"], preview.accept_of(request))
    except preview.NoPicture as error:
        checking.record(alias, error)
        return Card(alias, url, recipe, None, None, str(error), "")
    smart = said["crop"] in (Crop.SMART, Crop.REKOGNITION)
    focus = focus_url(alias.live_bucket, said["prefix"] + alias.sample) if smart else ""
    return Card(alias, url, recipe, before, after, "", focus)


def facts(alias: Alias, prefix: str, accept: Accept) -> tuple[preview.Facts, preview.Facts]:
    """Of the sample, and of what the live revision makes of it; cached. Raises NoPicture."""
    live: Any = alias.live
    key = f"start:{health.subject(alias)}:{accept}"
    known: tuple[preview.Facts, preview.Facts] | None = cache.get(key)
    if known is None:
        bucket: Any = alias.live_bucket
        before = preview.original_facts(bucket, prefix, alias.sample)
        known = before, preview.revision(alias, live.content, accept).facts
        checking.record(alias, None)
        cache.set(key, known, REMEMBERED)
    return known
