"""The page that compares two versions of an alias, revisions or the draft, in words and in pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from aliases.drafts.content import comparable
from aliases.drafts.field_lists import PUBLISHED
from aliases.models import Alias
from aliases.pictures import contact_sheet, verdicts
from aliases.pictures.findings import badges_between
from rendering.imaging.errors import BadRecipe

from ..pages.page import render_page
from ..pages.permissions import CHANGE_ALIAS, VIEW_BUCKET, may, require
from .pictures import revision_numbered

DRAFT = "draft"
#: The kinds of browsers whose pictures can be compared: what they accept, and their names.
BROWSERS = {"avif": "AVIF", "webp": "WebP", "any": "Neither"}
#: Characters of a reason in the name of a version.
LONGEST_REASON = 60


@dataclass(frozen=True, slots=True)
class Version:
    """The draft or a revision: as it stands in the address, and for people."""

    which: str
    name: str


def page(request: HttpRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)
    first = first_choice(alias, alias.differs())
    a, b = (request.GET.get(side) or first[place] for place, side in enumerate(("a", "b")))
    browser = request.GET.get("browser", "")
    browser = browser if browser in BROWSERS else "webp"
    old, new = content_of(alias, a), content_of(alias, b)
    context = {
        "title": f"{name_of(a)} and {name_of(b).lower()}",
        "a": a,
        "b": b,
        "versions": versions(alias),
        "browsers": [(one, name, address(a, b, one)) for one, name in BROWSERS.items()],
        "browser": browser,
        "swapped": address(b, a, browser),
        "address": address(a, b, browser),
        "samples": contact_sheet.samples_of(alias.bucket, alias.prefix, alias.sample),
        "can_change": may(request, CHANGE_ALIAS),
        **in_words(old, new),
    }
    return render_page(request, "alias/compare", alias, context)


def badges(request: HttpRequest, pk: int) -> JsonResponse:
    """What is found in one sample of version B, and what no longer is that was found in A, as badges."""
    alias = get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)
    a, b = (request.GET.get(side) or DRAFT for side in ("a", "b"))
    key = request.GET.get("key") or alias.sample
    if key not in {one.key for one in contact_sheet.samples_of(alias.bucket, alias.prefix, alias.sample)}:
        require(request, VIEW_BUCKET)
    found = [verdicts.of_sample(alias, None if one == DRAFT else content_of(alias, one), key) for one in (a, b)]
    return JsonResponse({"badges": [{"level": level, "words": words} for level, words in badges_between(*found)]})


def address(a: str, b: str, browser: str) -> str:
    return f"?{urlencode({'a': a, 'b': b, 'browser': browser})}"


def first_choice(alias: Alias, differs: bool) -> tuple[str, str]:
    """What is compared where nobody chose: what is live with the draft or, where that is the same, what was before."""
    numbers = list(alias.revisions.values_list("number", flat=True)[:2])
    live = str(alias.live.number) if alias.live else DRAFT
    if differs or len(numbers) < 2:
        return live, DRAFT
    before = next((str(number) for number in numbers if str(number) != live), live)
    return before, live


def versions(alias: Alias) -> list[Version]:
    """The draft, then every revision, the newest first, each with the reason it was published for."""
    reasons = dict(alias.publications.filter(action="publish").values_list("revision__number", "why"))
    found = [Version(DRAFT, "The draft")]
    for number in alias.revisions.values_list("number", flat=True):
        reason = "live" if alias.live and number == alias.live.number else reasons.get(number, "")[:LONGEST_REASON]
        found.append(Version(str(number), f"Revision {number}{', ' if reason else ''}{reason}"))
    return found


def name_of(which: str) -> str:
    return "The draft" if which == DRAFT else f"Revision {which}"


def content_of(alias: Alias, which: str) -> Mapping[str, Any]:
    """The content of a version. Raises Http404."""
    if which != DRAFT:
        content: Mapping[str, Any] = revision_numbered(alias, which).content
        return content
    try:
        return alias.content()
    except BadRecipe as error:
        raise Http404(f"The draft cannot be compared. {error}.") from None


def in_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, as name, before and after; and those that are the same, as name and value."""
    try:
        before, after = comparable(old), comparable(new)
    except BadRecipe as error:
        return {"unreadable": str(error), "different": [], "same": []}
    different, same = [], []
    for name, field in PUBLISHED.items():
        label = field.label[:1].upper() + field.label[1:]
        if before[name] == after[name]:
            same.append((label, field.shown(after[name])))
        else:
            different.append((label, field.shown(before[name]), field.shown(after[name])))
    return {"different": different, "same": same}
