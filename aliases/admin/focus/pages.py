"""The admin's pages of an original's focus: what is found in it, what smart crops of it look like, and overruling it,
which is live at once."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aliases.editing.forms import FocusForm
from aliases.models import Alias, Bucket, OverruledFocus
from aliases.pictures import preview
from aliases.pictures.browsing import describe_keys, names_picture, probe_bucket
from aliases.publishing.overruling import newest, overrule
from aliases.publishing.sending import catalogue_in_words
from rendering import conf
from rendering.imaging.focus.faces import Focus
from rendering.imaging.frame.geometry import Box
from rendering.names import wrong_with_key
from rendering.pictures.overruled import focus_on

from ..pages.page import render_page
from ..pages.permissions import OVERRULE_FOCUS, may, require
from ..pages.picker import browser_urls
from . import pictures
from .pictures import Shown, SmartAlias
from .urls import focus_url

#: Aliases whose crops are shown; more would take long to render and add little.
MOST_CROPS = 12
#: Lines of the history that are shown.
MOST_LINES = 20
#: The initial box where no face is found.
MIDDLE = Box(0.25, 0.25, 0.75, 0.75, fractions=True)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the original that `?key=` names; without one, some originals to choose from."""
    bucket = get_object_or_404(Bucket, pk=pk)
    key = request.GET.get("key", "")
    if wrong := wrong_with_key(key):
        return choose_original(request, bucket, wrong if key else "")
    smart, shown, trouble = pictures.smart_aliases(bucket, key), None, ""
    try:
        shown = pictures.show(bucket, key, pictures.detectors(smart))
    except preview.NoPicture as error:
        trouble = str(error)
    line = newest(bucket, key)
    form = form_of(request, shown, line)
    if request.method == "POST":
        require(request, OVERRULE_FOCUS)
        if form.is_valid() and "_preview" not in request.POST and save(request, bucket, key, shown, form):
            return HttpResponseRedirect(focus_url(bucket, key))
        line = newest(bucket, key)
    context = {
        "key": key,
        "title": f"Focus of “{key}”",
        "shown": shown,
        "trouble": trouble,
        "line": line,
        "overwritten": bool(line and shown and line.etag and shown.etag and line.etag != shown.etag),
        "form": form if may(request, OVERRULE_FOCUS) and (shown or (line and line.boxes is not None)) else None,
        "lines": OverruledFocus.objects.filter(bucket=bucket, key=key).select_related("by")[:MOST_LINES],
        **(crops(request, bucket, key, pictures.cutting(smart, shown), form) if shown else {}),
        "nobody_looks": not conf.detector(),
    }
    return render_page(request, "bucket/focus", bucket, context)


def choose_original(request: HttpRequest, bucket: Bucket, wrong: str) -> HttpResponse:
    context = {
        "trouble": wrong,
        "title": f"Focus of an original of “{bucket}”",
        "originals": describe_keys([key for key in probe_bucket(bucket).keys if names_picture(key)]),
        "browser_urls": json.dumps(browser_urls(bucket.pk)),
        "overruled": OverruledFocus.objects.filter(bucket=bucket, newest=True, boxes__isnull=False)[:MOST_LINES],
    }
    return render_page(request, "bucket/focus_choice", bucket, context)


def form_of(request: HttpRequest, shown: Shown | None, line: OverruledFocus | None) -> FocusForm:
    """The form as posted; else as the focus is set or, with ?box=, with that box to begin with."""
    box = request.GET.get("box") or next(iter((line and line.boxes) or []), "") or str(proposed_box(shown))
    initial = {
        "choice": FocusForm.Choice.BOX if "box" in request.GET else choice_of(line),
        "box": box,
        "seen": line.pk if line else 0,
    }
    return FocusForm(request.POST if request.method == "POST" else None, initial=initial)


def save(request: HttpRequest, bucket: Bucket, key: str, shown: Shown | None, form: FocusForm) -> bool:
    """Overrule the focus and say so in messages; or return False, the form saying why not."""
    assert isinstance(request.user, User)
    data = form.cleaned_data
    try:
        line = overrule(
            bucket,
            key,
            data["boxes"],
            request.user,
            data["why"],
            etag=shown.etag if shown else "",
            seen=data["seen"] or 0,
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        # The page asks again, now about the newest line; what was typed stays.
        line = newest(bucket, key)
        form.initial["seen"] = line.pk if line else 0
        form.data = {**form.data.dict(), "seen": form.initial["seen"]}  # type: ignore[attr-defined]
        return False
    if line is None:
        messages.info(request, "The focus is set to that already, so nothing changed.")
    else:
        messages.success(request, f"Set: {line.in_words}. Every smart crop of “{key}” follows it.")
        messages.info(request, catalogue_in_words())
    return True


def crops(request: HttpRequest, bucket: Bucket, key: str, aliases: list[SmartAlias], form: FocusForm) -> dict[str, Any]:
    """For the page: the crops that aliases make of this original, with the present focus and with the form's."""
    # The number of the newest line makes browsers ask again once there is another.
    now = {"key": key, "choice": "now", "v": form.initial["seen"]}
    then = {"key": key, "choice": form["choice"].value(), "box": form["box"].value()}
    found = []
    for alias in aliases[:MOST_CROPS]:
        url = reverse("admin:aliases_bucket_crop", args=[bucket.pk, alias.pk])
        live = f"{url}?{urlencode(now)}"
        wanted = f"{url}?{urlencode(then)}" if form.is_bound or "box" in request.GET else live
        found.append({"alias": alias, "url": f"{url}?{urlencode({'key': key})}", "now": live, "then": wanted})
    return {"crops": found, "more": max(0, len(aliases) - MOST_CROPS)}


def crop(request: HttpRequest, pk: int, alias: int) -> HttpResponse:
    """The crop that an alias makes of an original: `choice=now` as viewers get it, else with the choice of the
    page's form; a sentence when there is none."""
    bucket, key = get_object_or_404(Bucket, pk=pk), request.GET.get("key", "")
    smart = pictures.smart_alias(get_object_or_404(Alias, pk=alias), bucket, key)
    try:
        if smart is None:
            raise preview.NoPicture("This alias makes no smart crop of that original.")
        if request.GET.get("choice") == "now":
            return preview.answer(pictures.crop(smart, bucket, key), max_age=60)
        return preview.answer(pictures.crop_on(focus_of_choice(request), smart, bucket, key), max_age=60)
    except preview.NoPicture as error:
        return preview.refusal(error)


def focus_of_choice(request: HttpRequest) -> Focus | None:
    """The focus that the URL's choice stands for; None for the one that is found. Raises NoPicture."""
    form = FocusForm(request.GET)
    if not form.is_valid():
        raise preview.NoPicture(" ".join(str(said) for errors in form.errors.values() for said in errors))
    boxes = form.cleaned_data["boxes"]
    return None if boxes is None else focus_on(boxes)


def choice_of(line: OverruledFocus | None) -> FocusForm.Choice:
    """The choice that stands for the present focus."""
    if line is None or line.boxes is None:
        return FocusForm.Choice.FOUND
    return FocusForm.Choice.BOX if line.boxes else FocusForm.Choice.NOTHING


def proposed_box(shown: Shown | None) -> Box:
    """The initial box: around all the faces that a detector found."""
    boxes = next(([face.box for face in one.focus.faces] for one in shown.found if one.marks), []) if shown else []
    if not boxes:
        return MIDDLE
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
        fractions=True,
    )
