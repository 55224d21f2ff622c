"""The admin's pages of a bucket's originals and their focus: what is found in one, how the smart crops of it come out,
and overruling it, which is live at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from aliases.editing.forms import FocusForm
from aliases.models import Alias, Bucket, OverruledFocus
from aliases.pictures import preview
from aliases.publishing.overruling import newest, overrule
from aliases.publishing.sending import catalogue_in_words
from rendering import conf
from rendering.imaging.focus.faces import Focus
from rendering.imaging.frame.geometry import Box
from rendering.names import wrong_with_key
from rendering.pictures.overruled import focus_on

from ..bucket.originals import BucketPages, look, pictured, shown
from ..pages.permissions import require
from . import pictures
from .pictures import Shown, SmartAlias

#: Aliases whose crops are shown; more would take long to make, and say little more.
MOST_CROPS = 12
#: Lines of the history that are shown.
MOST_LINES = 20
#: The box to begin with where no face is found.
MIDDLE = Box(0.25, 0.25, 0.75, 0.75, fractions=True)


class FocusPages(BucketPages):
    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str, **options: bool) -> Any:
            return path(route, self.admin_site.admin_view(view, **options), name=f"aliases_bucket_{name}")

        form = require_http_methods(["GET", "POST"])
        return [
            page("<int:pk>/focus/", form(self.focus_view), "focus"),
            page("<int:pk>/focus/crop/<int:alias>/", require_GET(self.crop_view), "crop", cacheable=True),
            *super().get_urls(),
        ]

    def focus_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page of the original that `?key=` names; without one, some originals to choose from."""
        bucket = self.seen(request, pk)
        key = request.GET.get("key", "")
        if wrong := wrong_with_key(key):
            return self.choice_of_original(request, bucket, wrong if key else "")
        smart, shown, trouble = pictures.smart_aliases(bucket, key), None, ""
        try:
            shown = pictures.show(bucket, key, pictures.detectors(smart))
        except preview.NoPicture as error:
            trouble = str(error)
        line = newest(bucket, key)
        form = self.focus_form(request, shown, line)
        if request.method == "POST":
            require(request, "aliases.overrule_focus")
            if form.is_valid() and "_preview" not in request.POST and self.overrule(request, bucket, key, shown, form):
                return HttpResponseRedirect(url_of(bucket, key))
            line = newest(bucket, key)
        context = {
            "key": key,
            "title": f"Focus of “{key}”",
            "shown": shown,
            "trouble": trouble,
            "line": line,
            "overwritten": bool(line and shown and line.etag and shown.etag and line.etag != shown.etag),
            "form": form if self.may_overrule(request) and (shown or (line and line.boxes is not None)) else None,
            "lines": OverruledFocus.objects.filter(bucket=bucket, key=key).select_related("by")[:MOST_LINES],
            **(self.crops(request, bucket, key, pictures.cutting(smart, shown), form) if shown else {}),
            "nobody_looks": not conf.detector(),
        }
        return self.show(request, bucket, "focus", context)

    def choice_of_original(self, request: HttpRequest, bucket: Bucket, wrong: str) -> HttpResponse:
        context = {
            "trouble": wrong,
            "title": f"Focus of an original of “{bucket}”",
            "originals": shown([key for key in look(bucket).keys if pictured(key)]),
            "overruled": OverruledFocus.objects.filter(bucket=bucket, newest=True, boxes__isnull=False)[:MOST_LINES],
        }
        return self.show(request, bucket, "focus_choice", context)

    def show(self, request: HttpRequest, bucket: Bucket, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "original": bucket}
        return TemplateResponse(request, f"admin/aliases/bucket/{template}.html", {**shared, **context})

    def may_overrule(self, request: HttpRequest) -> bool:
        return request.user.has_perm("aliases.overrule_focus")

    def focus_form(self, request: HttpRequest, shown: Shown | None, line: OverruledFocus | None) -> FocusForm:
        """The form as posted; else as the focus is set or, with ?box=, with that box to begin with."""
        box = request.GET.get("box") or next(iter((line and line.boxes) or []), "") or str(proposed(shown))
        initial = {
            "choice": FocusForm.Choice.BOX if "box" in request.GET else chosen(line),
            "box": box,
            "seen": line.pk if line else 0,
        }
        return FocusForm(request.POST if request.method == "POST" else None, initial=initial)

    def overrule(self, request: HttpRequest, bucket: Bucket, key: str, shown: Shown | None, form: FocusForm) -> bool:
        """Overrule, and tell what came of it; False, and the form tells why not."""
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
            # Asked anew, it is about what is newest now; what was typed stays.
            line = newest(bucket, key)
            form.initial["seen"] = line.pk if line else 0
            form.data = {**form.data.dict(), "seen": form.initial["seen"]}  # type: ignore[attr-defined]
            return False
        if line is None:
            messages.info(request, "That is so already, so nothing changed.")
        else:
            messages.success(request, f"Set: {line.told}. It counts in every smart crop of “{key}”.")
            messages.info(request, catalogue_in_words())
        return True

    def crops(
        self, request: HttpRequest, bucket: Bucket, key: str, aliases: list[SmartAlias], form: FocusForm
    ) -> dict[str, Any]:
        """For the page: of aliases that cut this original, the crop as it is and as the form would have it."""
        # The number of the newest line makes browsers ask again once there is another.
        now = {"key": key, "choice": "now", "v": form.initial["seen"]}
        then = {"key": key, "choice": form["choice"].value(), "box": form["box"].value()}
        crops = []
        for alias in aliases[:MOST_CROPS]:
            url = reverse("admin:aliases_bucket_crop", args=[bucket.pk, alias.pk])
            live = f"{url}?{urlencode(now)}"
            wanted = f"{url}?{urlencode(then)}" if form.is_bound or "box" in request.GET else live
            crops.append({"alias": alias, "url": f"{url}?{urlencode({'key': key})}", "now": live, "then": wanted})
        return {"crops": crops, "more": max(0, len(aliases) - MOST_CROPS)}

    def crop_view(self, request: HttpRequest, pk: int, alias: int) -> HttpResponse:
        """The crop that an alias makes of an original: `choice=now` as viewers get it, else with the choice of the
        page's form; a sentence when there is none."""
        bucket, key = self.seen(request, pk), request.GET.get("key", "")
        found = pictures.smart_alias(get_object_or_404(Alias, pk=alias), bucket, key)
        try:
            if found is None:
                raise preview.NoPicture("This alias makes no smart crop of that original.")
            if request.GET.get("choice") == "now":
                return preview.answer(pictures.crop(found, bucket, key), max_age=60)
            return preview.answer(pictures.crop_on(self.asked(request), found, bucket, key), max_age=60)
        except preview.NoPicture as error:
            return preview.refusal(error)

    def asked(self, request: HttpRequest) -> Focus | None:
        """The focus that a URL's choice means; None: what is found. Raises NoPicture."""
        form = FocusForm(request.GET)
        if not form.is_valid():
            raise preview.NoPicture(" ".join(str(said) for errors in form.errors.values() for said in errors))
        boxes = form.cleaned_data["boxes"]
        return None if boxes is None else focus_on(boxes)


def url_of(bucket: Bucket, key: str) -> str:
    """The page of an original's focus."""
    return f"{reverse('admin:aliases_bucket_focus', args=[bucket.pk])}?{urlencode({'key': key})}"


def chosen(line: OverruledFocus | None) -> FocusForm.Choice:
    """What the form says of how things are."""
    if line is None or line.boxes is None:
        return FocusForm.Choice.FOUND
    return FocusForm.Choice.BOX if line.boxes else FocusForm.Choice.NOTHING


def proposed(shown: Shown | None) -> Box:
    """The box to begin with: around all the faces that a detector found."""
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
