"""The admin's pages beside an alias's form: what became of a publication; the history, and copying out of it."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from aliases.drafts import content
from aliases.drafts.calibration import calibration_of
from aliases.drafts.choices import Fit
from aliases.drafts.words import differences, in_words
from aliases.models import Alias, Bucket, Publication
from aliases.pictures import measuring
from aliases.pictures.health import known
from aliases.publishing import publishing
from aliases.publishing.progress import progress
from rendering.imaging.errors import BadRecipe

from ..pages.page import posted_from
from ..pages.permissions import require
from . import viewers
from .decisions import AliasDecisions
from .pictures import numbered


class AliasPages(AliasDecisions):
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"aliases_alias_{name}")

        form = require_http_methods(["GET", "POST"])
        copying = posted_from("admin:aliases_alias_history", "pk")
        return [
            page("<int:pk>/copy/<int:number>/", copying(self.copy_view), "copy"),
            page("publication/<int:pk>/", form(self.publication_view), "publication"),
            page(
                "publication/<int:pk>/progress/",
                posted_from("admin:aliases_alias_publication", "pk", ajax=True)(self.progress_view),
                "progress",
            ),
            *super().get_urls(),
        ]

    def publication_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What became of a publication; posted by a browser without JavaScript, what is due is sent first."""
        publication = self.publication(request, pk)
        if request.method == "POST":
            publishing.send_due()
            return HttpResponseRedirect(request.path)
        alias = publication.alias
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": alias,
            "publication": publication,
            "title": f"“{alias}”: {publication}",
            "progress": progress(publication),
            "viewers": viewers.of_revision(alias, publication.revision),
            "shows": alias.live_id == publication.revision_id and shows(alias),
            "url": request.build_absolute_uri(alias.sample_path()),
        }
        return TemplateResponse(request, "admin/aliases/alias/publication.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        publication = self.publication(request, pk)
        publishing.send_due()
        return JsonResponse(progress(publication).to_json())

    def publication(self, request: HttpRequest, pk: int) -> Publication:
        require(request, "aliases.view_alias", "aliases.change_alias")
        return get_object_or_404(Publication.objects.select_related("alias__live", "revision", "by"), pk=pk)

    def copy_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Make an old revision the draft."""
        alias = get_object_or_404(Alias, pk=pk)
        require(request, "aliases.change_alias")
        revision = numbered(alias, number)
        try:
            fields = content.thawed(revision.content)
        except BadRecipe as error:
            messages.error(request, f"Revision {number} cannot be copied into the draft. {error}.")
            return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[pk]))
        named = fields.pop("bucket")
        bucket = Bucket.objects.filter(name=named).first()
        if bucket is None:
            messages.error(request, f"The bucket “{named}” is gone, so the draft keeps its own.")
        else:
            alias.bucket = bucket
        if fields["fit"] != Fit.COVER:
            # Of a crop that has no effect a revision says nothing, so the draft's own stays.
            del fields["crop"], fields["focal_box"]
        for name, value in fields.items():
            setattr(alias, name, value)
        alias.save()
        if measured := calibration_of(revision.content):
            # What was measured then comes with what was asked for; the page to publish it can measure again.
            with suppress(BadRecipe):  # a filter is gone, which the form will tell
                alias.calibration = content.note(alias, measured)
                measuring.keep(alias)
        self.log_change(request, alias, f"Revision {number} copied into the draft.")
        messages.success(request, f"The draft is now as revision {number} was. Viewers get it {viewers.draft(alias)}.")
        return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[pk]))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's history of who saved the draft, and before it what was made live."""
        alias = self.get_object(request, unquote(object_id))
        if alias is None or not self.has_view_or_change_permission(request, alias):
            return super().history_view(request, object_id, extra_context)
        publications = alias.publications.select_related("revision", "before", "by")
        page = Paginator(publications, 20).get_page(request.GET.get("page"))
        newest = alias.publications.filter(revision=alias.live).first() if alias.live else None
        lines = [
            {
                "live": publication == newest,
                "publication": publication,
                "told": told(publication),
                "recipe": in_words(publication.revision.content) if publication.revision else "",
            }
            for publication in page
        ]
        context = {
            "title": f"History of “{alias}”",
            "lines": lines,
            "publications": page,
            "can_publish": self.may_publish(request),
            "can_change": self.has_change_permission(request, alias),
        }
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


def shows(alias: Alias) -> bool:
    """Whether there is a picture of the sample that viewers get."""
    return alias.served and bool(alias.sample) and not known(alias).trouble


def told(publication: Publication) -> list[str]:
    """What a publication changed, in words."""
    if publication.revision is None or publication.action in ("enable", "disable"):
        return []
    return differences(publication.before.content if publication.before else None, publication.revision.content)
