"""The start page: the live aliases at work, each beside its original."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rendering.imaging.encoding import Accept

from .admin.focus.pages import url_of
from .admin.pages.permissions import MissingRight
from .drafts.choices import Crop
from .drafts.content import thawed
from .drafts.words import in_words
from .models import Alias, Bucket, CatalogueState
from .pictures import health, preview

#: Seconds for which the facts of pictures are remembered: each costs a render.
REMEMBERED = 300
PER_PAGE = 12
#: Seconds for looking at aliases of which nothing is known yet, before the page comes.
PATIENCE = 1.5


@dataclass(frozen=True, slots=True)
class Example:
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


def is_open(request: HttpRequest) -> bool:
    """On a laptop everybody may look; a deployed service shows originals to its staff only."""
    if settings.ENVIRONMENT == "local":
        return True
    return admin.site.has_permission(request) and request.user.has_perm("aliases.view_alias")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if settings.ENVIRONMENT != "local" and not admin.site.has_permission(request):
        return redirect_to_login("/", reverse("admin:login"))
    if not is_open(request):
        raise MissingRight("aliases.view_alias")
    health.look_at_some(PATIENCE)
    # Those that viewers get no picture of come first.
    aliases = sorted(health.served().exclude(sample=""), key=lambda alias: not health.known(alias).trouble)
    page = Paginator(aliases, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "examples": [example(request, alias) for alias in page],
        "page": page,
        "aliases": Alias.objects.count(),
        "buckets": Bucket.objects.count(),
        "catalogue": CatalogueState.objects.first(),
        "environment": settings.ENVIRONMENT,
        "may": rights_of(request),
    }
    return render(request, "aliases/start.html", context)


def rights_of(request: HttpRequest) -> dict[str, bool]:
    """What whoever looks may do in the admin, for the links that the page offers. To edit is to view, as there."""
    user = request.user
    if not admin.site.has_permission(request):
        return {"log_out": user.is_authenticated}
    may = {
        name: user.has_perm(f"aliases.{name}")
        for name in ("add_alias", "change_alias", "view_alias", "add_bucket", "change_bucket", "view_bucket")
    }
    views = {f"view_{noun}": may[f"view_{noun}"] or may[f"change_{noun}"] for noun in ("alias", "bucket")}
    return {**may, **views, "log_out": True}


def example(request: HttpRequest, alias: Alias) -> Example:
    assert alias.live is not None
    assert alias.live_bucket is not None
    url = request.build_absolute_uri(alias.sample_path())
    recipe = in_words(alias.live.content)
    try:
        with preview.picturing(alias.sample):
            said = thawed(alias.live.content)
            before, after = facts(alias, said["prefix"], preview.accepted(request))
    except preview.NoPicture as error:
        health.note(alias, str(error))
        return Example(alias, url, recipe, None, None, str(error), "")
    smart = said["crop"] in (Crop.SMART, Crop.REKOGNITION)
    focus_url = url_of(alias.live_bucket, said["prefix"] + alias.sample) if smart else ""
    return Example(alias, url, recipe, before, after, "", focus_url)


def facts(alias: Alias, prefix: str, accept: Accept) -> tuple[preview.Facts, preview.Facts]:
    """Of the sample, and of what the live revision makes of it; remembered for a while. Raises NoPicture."""
    live: Any = alias.live
    key = f"start:{health.subject(alias)}:{accept}"
    known: tuple[preview.Facts, preview.Facts] | None = cache.get(key)
    if known is None:
        bucket: Any = alias.live_bucket
        before = preview.original_facts(bucket, prefix, alias.sample)
        known = before, preview.revision(alias, live.content, accept).facts
        health.note(alias, "")
        cache.set(key, known, REMEMBERED)
    return known


def original_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A reduced copy of the original that a live alias has as its sample; of no other."""
    if not is_open(request):
        raise MissingRight("aliases.view_alias")
    served = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live", "live_bucket")
    alias: Any = get_object_or_404(served, pk=pk)
    try:
        with preview.picturing(alias.sample):
            shot = preview.as_it_is(
                alias.live_bucket, thawed(alias.live.content)["prefix"], alias.sample, preview.accepted(request)
            )
        return preview.answer(shot, max_age=300)
    except preview.NoPicture as error:
        return preview.refusal(error)
