"""The admin's pictures of an alias: the live preview of the form, and the sample by original, draft and revision."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.drafts.content import thawed
from aliases.drafts.field_lists import WITHOUT_PIXELS
from aliases.editing.cautions import of_keys
from aliases.editing.merging import OPENED
from aliases.models import Alias, Bucket, Revision
from aliases.pictures import checking, contact_sheet, health, kept, preview
from aliases.pictures.findings import Finding, cause_of

from ..pages.page import render_page
from ..pages.permissions import VIEW_BUCKET, MissingPermission, may_see_live_samples, require

#: Seconds for which browsers keep the small picture of a list; its URL is another when something else is live.
THUMBNAIL_AGE = 3600
#: The name under which a new alias is previewed that has none yet.
UNNAMED = "unnamed-draft"


def form_preview(alias_admin: Any, request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The sample as the posted form would make it; with `which=original`, the original. Sentences where it cannot.

    Errors in fields that affect no pixel come with the picture, in the header X-Errors.
    """
    alias = get_object_or_404(Alias, pk=pk) if pk else None
    data = request.POST.copy()
    data["name"] = data.get("name") or UNNAMED
    data.pop(OPENED, None)  # that matters only on saving
    form: Any = alias_admin.get_form(request, alias, change=alias is not None)(data, instance=alias)
    accept = preview.accept_of(request)
    errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    said_of_keys: list[str] = []
    try:
        if data.get("which") == "original":
            # Shown as soon as it can be found, whatever else is wrong.
            said = {name: form.cleaned_data.get(name) or "" for name in ("bucket", "prefix", "sample")}
            if not isinstance(said["bucket"], Bucket):
                raise preview.NoPicture("Choose a bucket, then a sample in it.")
            key = data.get("_key") or said["sample"]
            return preview.answer(preview.show_original(said["bucket"], said["prefix"], key, accept))
        if not errors.keys() <= WITHOUT_PIXELS:
            return preview.refusal(preview.NoPicture("Not yet: see the fields marked red."), errors)
        for name in errors:  # they affect no pixel, and their values are invalid
            setattr(form.instance, name, form.instance._meta.get_field(name).get_default())
        form.instance.name = form.instance.name or UNNAMED
        key = data.get("_key") or form.instance.sample
        # Of the bucket, so not asked for each sample again.
        said_of_keys = of_keys(form.instance) if key == form.instance.sample or "_cautions" in data else []
        response = reviewed(*contact_sheet.draft(form.instance, key, accept))
        response["X-Errors"], response["X-Cautions"] = json.dumps(errors), json.dumps(said_of_keys)
        return response
    except preview.NoPicture as error:
        return refusal(error, cautions=said_of_keys)


def refusal(error: preview.NoPicture, **said: Any) -> JsonResponse:
    """Why there is no picture of a sample, with the words of its badge."""
    return preview.refusal(error, badge=cause_of(error).badge, **said)


def reviewed(shot: preview.Shot, findings: Iterable[Finding]) -> HttpResponse:
    """A sample as a version makes it; the header X-Review has what is found in it."""
    response, of = preview.answer(shot), shot.reviewed
    assert of is not None
    response["X-Review"] = json.dumps(
        {
            "width": of.rendered.width,
            "height": of.rendered.height,
            "original": [of.original.picture.width, of.original.picture.height],
            "ms": of.milliseconds,
            "cut": of.review.cut,
            "findings": [finding.document() for finding in findings],
        }
    )
    return response


def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample as viewers get it, small, for lists. The result is stored as the alias's health."""
    alias = get_object_or_404(health.served(), pk=pk)
    try:
        return preview.answer(checking.look_at_small(alias, preview.accept_of(request)), max_age=THUMBNAIL_AGE)
    except preview.NoPicture as error:
        return preview.refusal(error)


def picture(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """A sample: `original`, `draft`, or by a revision's number. Which one, the query says; without it, the alias's."""
    alias = get_object_or_404(Alias.objects.select_related("bucket"), pk=pk)
    accept, key = preview.accept_of(request), request.GET.get("key") or alias.sample
    if key not in [sample.key for sample in samples_of(alias, "draft" if which == "original" else which)]:
        require(request, VIEW_BUCKET)
    try:
        if which == "original":
            require(request, VIEW_BUCKET)
            return preview.answer(preview.show_original(alias.bucket, alias.prefix, key, accept), max_age=300)
        if which == "draft":
            return reviewed(*contact_sheet.draft(alias, key, accept))
        return reviewed(*contact_sheet.revision(alias, revision_numbered(alias, which).content, key, accept))
    except preview.NoPicture as error:
        return refusal(error)


def sample(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """An original of the sample set as a revision, by its number, or the draft makes it: `key`, else the alias's own
    sample; with `small`, small; for the kind of `browser`, else for this one. What is made is kept."""
    alias = get_object_or_404(Alias.objects.select_related("bucket"), pk=pk)
    accept = preview.accept_of(request)
    make, draft = (kept.small if "small" in request.GET else kept.whole), which == "draft"
    try:
        if draft:
            frozen, bucket = preview.frozen_draft(alias), alias.bucket
        else:
            frozen, bucket = preview.frozen_revision(alias, revision_numbered(alias, which).content)
        key = request.GET.get("key") or alias.sample
        if key not in {one.key for one in contact_sheet.samples_of(bucket, frozen.prefix, alias.sample)}:
            require(request, VIEW_BUCKET)
        shot = make(frozen, *preview.locate(bucket, frozen.prefix, key), accept, draft=draft)
        return preview.answer(shot, max_age=0 if draft else THUMBNAIL_AGE)
    except preview.NoPicture as error:
        return preview.refusal(error)


def samples(request: HttpRequest) -> JsonResponse:
    """The samples of an alias with the bucket, prefix and sample that the query names."""
    number = request.GET.get("bucket", "")
    bucket = Bucket.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    prefix, sample = request.GET.get("prefix", ""), request.GET.get("sample", "")
    found = contact_sheet.samples_of(bucket, prefix, sample) if bucket else []
    return JsonResponse({"samples": [one.document() for one in found]})


def sheet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The contact sheet of the draft, on a page of its own."""
    alias = get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)
    title = f"Contact sheet of “{alias}”"
    return render_page(request, "alias/sheet_page", alias, {"title": title, **sheet_context(alias, "draft")})


def sheet_context(alias: Alias, which: str) -> dict[str, Any]:
    """What the template “sheet.html” needs beside a page: `which`, the draft or a revision by its number, is compared
    with what is live, unless it is that."""
    found = samples_of(alias, which)
    return {
        "sheet_url": reverse("admin:aliases_alias_picture", args=[alias.pk, which]),
        "sheet_revision": "" if which == "draft" else which,
        "sheet_samples": [one.document() for one in found],
        "live_url": "" if alias.live and which == str(alias.live.number) else live_url(alias),
    }


def samples_of(alias: Alias, which: str) -> list[contact_sheet.Sample]:
    """The sample set of the draft, or of a revision, which may read another bucket. Raises Http404."""
    if which == "draft":
        return contact_sheet.samples_of(alias.bucket, alias.prefix, alias.sample)
    try:
        frozen, bucket = preview.frozen_revision(alias, revision_numbered(alias, which).content)
    except preview.NoPicture:  # the page says why
        return []
    return contact_sheet.samples_of(bucket, frozen.prefix, alias.sample)


def live_url(alias: Alias) -> str:
    live = alias.live
    return reverse("admin:aliases_alias_sample", args=[alias.pk, live.number]) if live else ""


def original(request: HttpRequest, pk: int) -> HttpResponse:
    """A reduced copy of the original that a live alias has as its sample; of no other."""
    if not may_see_live_samples(request):
        raise MissingPermission("aliases.view_alias")
    served = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live", "live_bucket")
    alias: Any = get_object_or_404(served, pk=pk)
    try:
        with preview.raising_no_picture(alias.sample):
            shot = preview.show_original(
                alias.live_bucket, thawed(alias.live.content)["prefix"], alias.sample, preview.accept_of(request)
            )
        return preview.answer(shot, max_age=300)
    except preview.NoPicture as error:
        return preview.refusal(error)


def revision_numbered(alias: Alias, number: str | int) -> Revision:
    """An alias's revision by its number, from a URL. Raises Http404."""
    if not str(number).isdecimal() or len(str(number)) > 9:
        raise Http404(f"{number} is not the number of a revision.")
    return get_object_or_404(Revision, alias=alias, number=int(number))
