"""The admin's page of one publication: what became of it, step by step, and the picture as viewers get it."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.models import Alias, Publication
from aliases.pictures.health import known
from aliases.publishing import publishing
from aliases.publishing.on_its_way import on_its_way, try_again
from aliases.publishing.progress import progress as progress_of

from ..pages.page import render_page
from ..pages.permissions import PUBLISH_ALIAS, VIEW_ALIAS, may, require
from . import viewers


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a publication. A POST, which publishers' browsers send without JavaScript, first sends what is
    due."""
    publication = with_alias(pk)
    if request.method == "POST":
        require(request, PUBLISH_ALIAS)
        publishing.send_due()
        return HttpResponseRedirect(request.path)
    alias = publication.alias
    context = {
        "publication": publication,
        "title": f"“{alias}”: {publication}",
        "progress": progress_of(publication),
        "can_publish": may(request, PUBLISH_ALIAS),
        "viewers": viewers.of_revision(alias, publication.revision),
        "shows": alias.live_id == publication.revision_id and has_picture(alias),
        "url": request.build_absolute_uri(alias.sample_path()),
        "undo": undone_by(publication) if may(request, PUBLISH_ALIAS, VIEW_ALIAS) else None,
    }
    return render_page(request, "alias/publication", alias, context)


def send_again(request: HttpRequest) -> HttpResponse:
    """Send at once what failed, instead of waiting for the next try."""
    sent = try_again()
    if on_its_way_in_trouble():
        messages.warning(request, "It failed again. Viewers still get the old pictures; the service keeps trying.")
    else:
        messages.success(request, "It worked." if sent else "There was nothing left to send.")
    return HttpResponseRedirect(reverse("admin:index"))


def on_its_way_in_trouble() -> bool:
    return any(way.trouble for way in on_its_way())


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has got, for the page's script. A POST first sends what is due, which only publishers may cause."""
    publication = with_alias(pk)
    if request.method == "POST":
        require(request, PUBLISH_ALIAS)
        publishing.send_due()
    return JsonResponse(asdict(progress_of(publication)))


def with_alias(pk: int) -> Publication:
    return get_object_or_404(Publication.objects.select_related("alias__live", "revision", "before", "by"), pk=pk)


def undone_by(publication: Publication) -> int | None:
    """The number of the revision that was live before, while it is this publication that is live."""
    before, revision = publication.before, publication.revision
    if before is None or before == revision or publication.alias.live_id != publication.revision_id:
        return None
    return before.number


def has_picture(alias: Alias) -> bool:
    """Whether viewers get a picture of the sample."""
    return alias.served and bool(alias.sample) and not known(alias).trouble
