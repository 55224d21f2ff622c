"""Contradictions between the fields of a draft, as sentences that say what to change."""

import re
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from rendering.catalogue.descriptor import Descriptor
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.quality.calibration import lossy_formats
from rendering.imaging.recipe import Defaults, Recipe

from . import validators
from .choices import Crop, Fit, Format
from .draft import Draft
from .field_lists import FIELDS, QUALITIES


def find(draft: Draft, unsound: Collection[str]) -> dict[str, str]:
    """Sentences by the field to show them at. Fields in `unsound` are invalid by themselves or missing, and are left
    out."""
    wrong: dict[str, str] = {}
    for fields, check in CHECKS:
        if fields.isdisjoint(unsound):
            # A field shows the first sentence about it.
            wrong = {**{name: sentence for name, sentence in check(draft).items() if sentence}, **wrong}
    return wrong


def check_focus(draft: Draft) -> dict[str, str]:
    return {"focal_box": wrong_with_crop_rule(draft)}


def wrong_with_crop_rule(draft: Draft) -> str:
    if draft.crop == Crop.FOCAL and not draft.focal_box:
        return "The crop rule “focal box” wants a box: 0.2x0.1:0.6x0.5 keeps that part of every picture in sight."
    if draft.focal_box and draft.crop != Crop.FOCAL:
        return "Only the crop rule “the focal box” looks at this: choose that rule, or empty the box."
    return ""


def bucket_of(draft: Draft) -> Any:
    """The draft's bucket; None if none is chosen, or if it is gone."""
    try:
        return draft.bucket
    except ObjectDoesNotExist:
        return None


def check_overlays(draft: Draft) -> dict[str, str]:
    bucket = bucket_of(draft)
    if not bucket:
        return {}  # its own field says so
    others = list(bucket.overlays_from.values_list("name", flat=True))
    return {"filters": validators.wrong_with_overlays(draft.filters, bucket.name, others)}


def check_prefix(draft: Draft) -> dict[str, str]:
    bucket = bucket_of(draft)
    place = bucket.place_here() if bucket else None
    if place is None or place.kind != "folder":
        return {}
    return {name: wrong_in_a_folder(getattr(draft, name)) for name in ("prefix", "fallback", "sample")}


def wrong_in_a_folder(key: str) -> str:
    """Why a key or a prefix cannot be in a folder, where file systems would fold it into another; empty if it can."""
    if key.startswith("/") or "//" in key:
        return f"In a folder no key begins with / or holds //: {re.sub('/+', '/', key).removeprefix('/')}"
    return "In a folder no key holds a backslash; between folders stands a /." if "\\" in key else ""


def check_stretch(draft: Draft) -> dict[str, str]:
    if draft.fit != Fit.STRETCH or bool(draft.width) == bool(draft.height):
        return {}
    empty = "height" if draft.width else "width"
    return {
        empty: "Stretch wants both sides; with one, the picture keeps its proportions. Fill it in, or choose cover."
    }


def check_size(draft: Draft) -> dict[str, str]:
    return {"width": validators.too_large(draft.width, draft.height)}


def check_ratios(draft: Draft) -> dict[str, str]:
    if validators.too_large(draft.width, draft.height):
        return {}
    largest = max(validators.read_ratios(draft.dprs), default=1)
    return {"dprs": validators.too_large(draft.width, draft.height, Descriptor(ratio=largest))}


def check_widths(draft: Draft) -> dict[str, str]:
    if not draft.width or validators.too_large(draft.width, draft.height):
        return {}
    largest = max(validators.read_widths(draft.widths), default=0)
    return {"widths": validators.too_large(draft.width, draft.height, Descriptor(width=largest))}


def check_qualities(draft: Draft) -> dict[str, str]:
    chosen = Format(draft.format)
    lossy = lossy_formats(Encoding(format=chosen.value))
    cure = (
        f"Empty this; {chosen.label} has {' and '.join(lossy)} quality." if lossy else "It loses nothing: empty this."
    )
    has_say = {f"{name}_quality" for name in lossy}
    return {
        name: f"The format is {chosen.label}, where this quality has no say. {cure}"
        for name in QUALITIES
        if getattr(draft, name) is not None and name not in has_say
    }


def check_unchanged(draft: Draft) -> dict[str, str]:
    """Nothing is done to a file that is served as it is."""
    if draft.format != Format.UNCHANGED:
        return {}
    said = "The original's file is served unchanged, so this has no effect: empty it, or choose another format."
    return {name: said for name in CHANGING if getattr(draft, name)}


def check_visual_quality(draft: Draft) -> dict[str, str]:
    if draft.ssim is None:
        return {}
    return {"ssim": wrong_with_visual_quality(draft)}


def check_sample(draft: Draft) -> dict[str, str]:
    if draft.ssim is None or draft.sample:
        return {}
    return {"sample": "A visual quality is measured on pictures, on this one first: name a typical original."}


def wrong_with_visual_quality(draft: Draft) -> str:
    named = [name for name in QUALITIES if getattr(draft, name) is not None]
    if named:
        labels = [FIELDS[name].label for name in named]
        return f"The qualities that keep it are found by measuring: empty {' and '.join(labels)}, or empty this."
    recipe = Recipe(encoding=Encoding(format=draft.format), filters=FILTERS.read(draft.filters))
    one, other = (recipe.settled("any", Defaults(quality, quality, quality)).encoding for quality in (1, 2))
    if one.format in Format.values and not lossy_formats(one):
        return (
            f"{Format(one.format).label} loses nothing, so there is no quality to find: choose another format, or "
            "empty this."
        )
    if one == other:
        return "A filter sets the quality, so that there is none to find: take quality(…) away, or empty this."
    return ""


#: What an alias that serves files unchanged leaves empty, besides the qualities.
CHANGING = ("width", "height", "focal_box", "ssim", "filters", "dprs", "widths")
#: Each check with the fields that it compares.
CHECKS: tuple[tuple[frozenset[str], Callable[[Draft], dict[str, str]]], ...] = (
    (frozenset({"crop", "focal_box"}), check_focus),
    (frozenset({"bucket", "filters"}), check_overlays),
    (frozenset({"bucket", "prefix", "fallback", "sample"}), check_prefix),
    (frozenset({"fit", "width", "height"}), check_stretch),
    (frozenset({"width", "height"}), check_size),
    (frozenset({"width", "height", "dprs"}), check_ratios),
    (frozenset({"width", "height", "widths"}), check_widths),
    (frozenset({"format", *CHANGING}), check_unchanged),
    (frozenset({"format", *QUALITIES}), check_qualities),
    (frozenset({"ssim", "format", "filters", *QUALITIES}), check_visual_quality),
    (frozenset({"ssim", "sample"}), check_sample),
)
