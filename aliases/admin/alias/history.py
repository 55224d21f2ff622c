"""The history of an alias: what was made live, and copying an old revision into the draft."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.drafts import content
from aliases.drafts.calibration import calibration_of
from aliases.drafts.field_lists import PUBLISHED
from aliases.drafts.words import differences, in_words
from aliases.models import Alias, Bucket, Publication, Revision
from aliases.models.last_saved import last_saved
from aliases.pictures import contact_sheet, measuring
from aliases.publishing.sending import seconds_until_live
from rendering.imaging.errors import BadRecipe

from ..pages.page import render_page
from ..pages.people import person
from ..pages.permissions import CHANGE_ALIAS, PUBLISH_ALIAS, VIEW_ALIAS, may
from . import compare, viewers
from .pictures import revision_numbered

#: Publications on a page of the history.
PER_PAGE = 20
#: Samples by which each line shows what it made.
SAMPLES = 5


def context_of(alias: Alias, request: HttpRequest) -> dict[str, Any]:
    """What was made live of an alias, for the template of its history."""
    publications = alias.publications.select_related("revision", "before", "by")
    page = Paginator(publications, PER_PAGE).get_page(request.GET.get("page"))
    newest = alias.publications.filter(revision=alias.live).first() if alias.live else None
    lines = [
        {
            "live": publication == newest,
            "publication": publication,
            "by": person(publication.by, request.user),
            "differences": changes(publication),
            "recipe": in_words(publication.revision.content) if publication.revision else "",
        }
        for publication in page
    ]
    differs = alias.differs()
    a, b = compare.first_choice(alias, differs)
    return {
        "title": f"History of “{alias}”",
        "lines": lines,
        "publications": page,
        "revisions": alias.revisions.count(),
        "differs": differs,
        "draft": draft_in_words(alias),
        "saved": last_saved(alias),
        "keys": [one.key for one in contact_sheet.samples_of(alias.bucket, alias.prefix, alias.sample)[:SAMPLES]],
        "a": a,
        "b": b,
        "seconds": f"{seconds_until_live():g}",
        "can_publish": may(request, PUBLISH_ALIAS, VIEW_ALIAS),
        "can_change": may(request, CHANGE_ALIAS),
    }


def draft_in_words(alias: Alias) -> str:
    try:
        return in_words(alias.content())
    except BadRecipe as error:
        return str(error)


def changes(publication: Publication) -> list[str]:
    """What a publication changed, in words."""
    if publication.revision is None or publication.action in ("enable", "disable"):
        return []
    return differences(publication.before.content if publication.before else None, publication.revision.content)


def what_goes(alias: Alias, revision: Revision) -> list[str]:
    """What of the draft would be gone, in words; nothing where the draft is live, or is that revision already."""
    if not alias.differs():
        return []
    try:
        return differences(revision.content, alias.content())
    except BadRecipe as error:
        return [str(error)]


def copy(alias_admin: Any, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an old revision the draft. Where that would take back what somebody saved and nobody published, a page asks
    first."""
    alias = get_object_or_404(Alias, pk=pk)
    revision = revision_numbered(alias, number)
    if "sure" not in request.POST and (lost := what_goes(alias, revision)):
        context = {"title": f"Copy revision {number} into the draft", "revision": revision, "lost": lost}
        return render_page(request, "alias/copy", alias, {**context, "saved": last_saved(alias)})
    form = HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[pk]))
    try:
        fields = content.thawed(revision.content)
    except BadRecipe as error:
        messages.error(request, f"Revision {number} cannot be copied into the draft. {error}.")
        return form
    named = fields.pop("bucket")
    bucket = Bucket.objects.filter(name=named).first()
    if bucket is None:
        messages.error(request, f"The bucket “{named}” is gone, so the draft keeps its own.")
    else:
        alias.bucket = bucket
    for name, value in fields.items():
        # A revision does not hold a field that has no effect, such as a crop, so the draft keeps its own.
        if not PUBLISHED[name].without_effect(fields):
            setattr(alias, name, value)
    alias.save()
    if measured := calibration_of(revision.content):
        # The measurement comes along with the visual quality; the publish page can measure again.
        with suppress(BadRecipe):  # a filter is gone, which the form will say
            alias.calibration = content.note(alias, measured)
            measuring.store(alias)
    alias_admin.log_change(request, alias, f"Revision {number} copied into the draft.")
    messages.success(request, f"The draft is now as revision {number} was. Viewers get it {viewers.draft(alias)}.")
    return form
