"""The admin's pages beside an alias's form: publish, roll back, enable, disable; what became of it; the history.

Each change is first a page that tells what it will do, in words and pictures, and then a POST of that page.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from rendering.imaging.errors import BadRecipe

from . import content, measuring, preview, publishing
from .alias_measuring import AliasMeasuring, objections
from .alias_pictures import numbered
from .forms import PublishForm
from .models import Alias, Bucket, Publication
from .progress import progress
from .words import differences, in_words

Act = Callable[[User, dict[str, str]], publishing.Outcome]


class AliasPages(AliasMeasuring):
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"aliases_alias_{name}")

        form = require_http_methods(["GET", "POST"])
        return [
            page("<int:pk>/publish/", form(self.publish_view), "publish"),
            page("<int:pk>/roll-back/<int:number>/", form(self.roll_back_view), "roll_back"),
            page("<int:pk>/enable/", form(self.enable_view), "enable"),
            page("<int:pk>/disable/", form(self.disable_view), "disable"),
            page("<int:pk>/copy/<int:number>/", require_POST(self.copy_view), "copy"),
            page("publication/<int:pk>/", form(self.publication_view), "publication"),
            page("publication/<int:pk>/progress/", require_POST(self.progress_view), "progress"),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        alias = self.to_publish(request, pk)
        if wrong := objections(alias):
            return self.decision(request, alias, None, title=f"Publish “{alias}”", wrong=wrong)
        if calibration := measuring.due(alias):
            return self.measuring_page(request, alias, calibration)

        def act(user: User, data: dict[str, str]) -> publishing.Outcome:
            return publishing.publish(alias, user, data["why"], seen=data["seen"])

        return self.decision(
            request, alias, act, title=f"Publish “{alias}”", button="Publish", new=alias.content(), of_draft=True
        )

    def roll_back_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        alias = self.to_publish(request, pk)
        revision = numbered(alias, number)

        def act(user: User, data: dict[str, str]) -> publishing.Outcome:
            return publishing.roll_back(alias, revision, user, data["why"])

        title = f"Roll “{alias}” back to revision {number}"
        try:
            publishing.require_readable(revision)
        except ValidationError as error:
            return self.decision(request, alias, None, title=title, wrong=error.messages)
        note = (
            "The draft stays as it is. Pictures made by this revision before are still kept, so nothing is "
            "rendered anew."
        )
        return self.decision(request, alias, act, title=title, button="Roll back", new=revision.content, note=note)

    def enable_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        alias = self.to_publish(request, pk)

        def act(user: User, data: dict[str, str]) -> publishing.Outcome:
            return publishing.set_enabled(alias, True, user, data["why"])

        note = "Its URLs will answer again, with the revision that was live last."
        return self.decision(request, alias, act, title=f"Enable “{alias}”", button="Enable", note=note)

    def disable_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        alias = self.to_publish(request, pk)

        def act(user: User, data: dict[str, str]) -> publishing.Outcome:
            return publishing.set_enabled(alias, False, user, data["why"])

        note = "Its URLs will answer “404 not found” until it is enabled again. Draft, history and pictures stay."
        return self.decision(request, alias, act, title=f"Disable “{alias}”", button="Disable", note=note)

    def decision(
        self,
        request: HttpRequest,
        alias: Alias,
        act: Act | None,
        *,
        title: str,
        button: str = "",
        new: dict[str, Any] | None = None,
        note: str = "",
        wrong: Iterable[str] = (),
        of_draft: bool = False,
    ) -> HttpResponse:
        """The page that asks; and, posted, the deed. `new` is the content that would go live."""
        form = PublishForm(request.POST or None, initial={"seen": content.fingerprint(new) if new else ""})
        if act and request.method == "POST" and form.is_valid():
            assert isinstance(request.user, User)
            try:
                outcome = act(request.user, form.cleaned_data)
            except ValidationError as error:
                wrong = error.messages
            else:
                return self.done(request, alias, outcome)
        old = alias.live.content if alias.live else None
        unchanged = new is not None and old is not None and not content.differ(old, new)
        accept = preview.accepted(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": alias,
            "title": title,
            "form": form,
            "button": "" if unchanged or act is None else button,
            "note": note,
            "wrong": wrong,
            "unchanged": unchanged,
            "new": new,
            "differences": differences(old, new) if new else [],
            "calibration": content.calibration(new) if new else None,
            "of_draft": of_draft,
            "before": shot(lambda: preview.revision(alias, old, accept)) if new and old else None,
            "after": shot(lambda: preview.revision(alias, new, accept)) if new else None,
            "tags": publishing.tags_of(alias, new) if new else publishing.liveness_tags(alias) if alias.live else [],
        }
        return TemplateResponse(request, "admin/aliases/alias/decision.html", context)

    def done(self, request: HttpRequest, alias: Alias, outcome: publishing.Outcome) -> HttpResponse:
        if outcome.publication and outcome.publication.revision_id:
            return HttpResponseRedirect(reverse("admin:aliases_alias_publication", args=[outcome.publication.pk]))
        messages.info(request, outcome.sentence)
        return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[alias.pk]))

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
            "shows": alias.sample and alias.live_id == publication.revision_id and alias.served,
            "url": request.build_absolute_uri(alias.sample_path()),
        }
        return TemplateResponse(request, "admin/aliases/alias/publication.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        publication = self.publication(request, pk)
        publishing.send_due()
        return JsonResponse(progress(publication).to_json())

    def publication(self, request: HttpRequest, pk: int) -> Publication:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Publication.objects.select_related("alias__live", "revision", "by"), pk=pk)

    def copy_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Make an old revision the draft."""
        alias = get_object_or_404(Alias, pk=pk)
        if not self.has_change_permission(request, alias):
            raise PermissionDenied
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
        for name, value in fields.items():
            setattr(alias, name, value)
        alias.save()
        if measured := content.calibration(revision.content):
            # What was measured then comes with what was asked for; the page to publish it can measure again.
            with suppress(BadRecipe):  # a filter is gone, which the form will tell
                alias.calibration = content.note(alias, measured)
                measuring.keep(alias)
        self.log_change(request, alias, f"Revision {number} copied into the draft.")
        messages.success(request, f"The draft is now as revision {number} was. Viewers get it when it is published.")
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


def told(publication: Publication) -> list[str]:
    """What a publication changed, in words."""
    if publication.revision is None or publication.action in ("enable", "disable"):
        return []
    return differences(publication.before.content if publication.before else None, publication.revision.content)


def shot(take: Callable[[], preview.Shot]) -> dict[str, Any]:
    """A picture for a template, or the reason why there is none."""
    try:
        return {"shot": take()}
    except preview.NoPicture as error:
        return {"trouble": str(error)}
