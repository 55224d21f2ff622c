"""The admin's page on which an alias's visual quality is measured, before the draft can be published."""

import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from aliases.drafts.calibration import Calibration
from aliases.drafts.words import refusals
from aliases.models import Alias
from aliases.pictures import measuring
from aliases.publishing import publishing
from aliases.publishing.progress import progress_of_measuring

from ..pages.page import posted_from
from ..pages.permissions import require
from .pictures import AliasPictures

#: Seconds of measuring for each press of a button, where there is no JavaScript; gateways wait for half a minute.
PATIENCE = 8


class AliasMeasuring(AliasPictures):
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> Any:
            led = posted_from("admin:aliases_alias_publish", "pk", ajax=True)
            return path(route, self.admin_site.admin_view(led(view)), name=f"aliases_alias_{name}")

        return [
            page("<int:pk>/measure/", self.measure_view, "measure"),
            page("<int:pk>/measure/progress/", self.measure_progress_view, "measure_progress"),
            page("<int:pk>/default-qualities/", self.default_qualities_view, "default_qualities"),
            *super().get_urls(),
        ]

    def may_publish(self, request: HttpRequest) -> bool:
        return request.user.has_perm("aliases.publish_alias") and self.has_view_or_change_permission(request)

    def to_publish(self, request: HttpRequest, pk: int) -> Alias:
        require(request, "aliases.publish_alias")
        require(request, "aliases.view_alias", "aliases.change_alias")
        return get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)

    def measuring_page(
        self, request: HttpRequest, alias: Alias, calibration: Calibration, wrong: Iterable[str] = ()
    ) -> HttpResponse:
        """How far measuring is; the page has it go on. A reason that was typed before stays for the page after."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": alias,
            "title": f"Publish “{alias}”",
            "calibration": calibration,
            "progress": progress_of_measuring(calibration),
            "others": measuring.MOST_PICTURES - 1,
            "seconds": measuring.MOST_SECONDS,
            "wrong": wrong,
            "why": why_of(request),
            "next": publish_page(alias.pk, why_of(request)),
        }
        return TemplateResponse(request, "admin/aliases/alias/measuring.html", context)

    def measure_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin anew, where the form says so; else go on for a while, for browsers without JavaScript."""
        alias = self.to_publish(request, pk)
        if alias.ssim is not None and not objections(alias):
            if "anew" in request.POST:
                alias.calibration = None
                measuring.step(alias)
            else:
                end = time.monotonic() + PATIENCE
                while measuring.unfinished(alias) and time.monotonic() < end:
                    measuring.step(alias)
        return HttpResponseRedirect(publish_page(pk, why_of(request)))

    def default_qualities_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the draft ask for no visual quality any more, so that the service's default qualities count."""
        require(request, "aliases.change_alias")
        alias = get_object_or_404(Alias, pk=pk)
        if alias.ssim is not None:
            alias.ssim = None
            alias.save()
            self.log_change(request, alias, "Visual quality emptied.")
        messages.success(request, "The draft asks for the default qualities now.")
        return HttpResponseRedirect(reverse("admin:aliases_alias_publish", args=[pk]))

    def measure_progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go on by one picture. What cannot be measured any more is done: the publish page tells why."""
        alias = self.to_publish(request, pk)
        done = bool(objections(alias)) or not measuring.unfinished(alias)
        if done:
            return JsonResponse({"steps": [], "live": False, "done": True})
        return JsonResponse(progress_of_measuring(measuring.step(alias)).to_json())


def why_of(request: HttpRequest) -> str:
    """The reason for publishing that is typed already."""
    return str(request.POST.get("why") or request.GET.get("why", ""))[:300]


def publish_page(pk: int, why: str) -> str:
    url = reverse("admin:aliases_alias_publish", args=[pk])
    return f"{url}?{urlencode({'why': why})}" if why else url


def objections(alias: Alias) -> list[str]:
    """Why the draft cannot be published as it is, as sentences."""
    try:
        alias.full_clean()
        publishing.require_place(alias.bucket)
    except ValidationError as error:
        return refusals(error)
    return []
