"""The admin's page on which an alias's visual quality is measured, before the draft can be published."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.drafts.calibration import Calibration
from aliases.drafts.words import refusals
from aliases.models import Alias
from aliases.pictures import measuring
from aliases.publishing import publishing
from aliases.publishing.progress import Progress, progress_of_measuring

from ..pages.page import render_page

#: Seconds of measuring for each press of a button, where there is no JavaScript; gateways wait for half a minute.
PATIENCE = 8


def page(request: HttpRequest, alias: Alias, calibration: Calibration, wrong: Iterable[str] = ()) -> HttpResponse:
    """How far measuring is; a script on the page continues it. A reason typed before is kept for the next page."""
    context = {
        "title": f"Publish “{alias}”",
        "calibration": calibration,
        "progress": progress_of_measuring(calibration),
        "others": measuring.MOST_PICTURES - 1,
        "seconds": measuring.MOST_SECONDS,
        "wrong": wrong,
        "why": why_of(request),
        "next": publish_url(alias.pk, why_of(request)),
    }
    return render_page(request, "alias/measuring", alias, context)


def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Start again, where the form says so; else continue for a while, for browsers without JavaScript."""
    alias = alias_to_publish(pk)
    if alias.ssim is not None and not objections(alias):
        if "anew" in request.POST:
            alias.calibration = None
            measuring.step(alias)
        else:
            end = time.monotonic() + PATIENCE
            while measuring.unfinished(alias) and time.monotonic() < end:
                measuring.step(alias)
    return HttpResponseRedirect(publish_url(pk, why_of(request)))


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure one more picture. What can no longer be measured counts as done: the publish page says why."""
    alias = alias_to_publish(pk)
    if objections(alias) or not measuring.unfinished(alias):
        return JsonResponse(asdict(Progress([], live=False, done=True)))
    return JsonResponse(asdict(progress_of_measuring(measuring.step(alias))))


def use_default_qualities(alias_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the visual quality from the draft, so that the service's default qualities apply."""
    alias = get_object_or_404(Alias, pk=pk)
    if alias.ssim is not None:
        alias.ssim = None
        alias.save()
        alias_admin.log_change(request, alias, "Visual quality emptied.")
    messages.success(request, "The draft now has the default qualities.")
    return HttpResponseRedirect(reverse("admin:aliases_alias_publish", args=[pk]))


def alias_to_publish(pk: int) -> Alias:
    return get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)


def why_of(request: HttpRequest) -> str:
    """The reason for publishing, as far as it is typed already."""
    return str(request.POST.get("why") or request.GET.get("why", ""))[:300]


def publish_url(pk: int, why: str) -> str:
    url = reverse("admin:aliases_alias_publish", args=[pk])
    return f"{url}?{urlencode({'why': why})}" if why else url


def objections(alias: Alias) -> list[str]:
    """Why the draft cannot be published in its present state, as sentences."""
    try:
        alias.full_clean()
        publishing.require_place(alias.bucket)
    except ValidationError as error:
        return refusals(error)
    return []
