"""What the fields of a draft say against each other, as sentences that say which to change."""

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.quality.calibration import lossy_formats
from rendering.imaging.recipe import Defaults, Recipe

from ..models.buckets import Bucket
from . import content, validators
from .choices import QUALITIES, Crop, Fit, Format

if TYPE_CHECKING:
    from ..models.aliases import Alias


def told(alias: "Alias", unsound: Collection[str]) -> dict[str, str]:
    """By the field at which it is told; an empty sentence where nothing is wrong. A field that is wrong by itself, or
    was not read at all, is `unsound`: nothing is said of what it says against others."""
    wrong: dict[str, str] = {}
    for fields, check in CHECKS:
        if fields.isdisjoint(unsound):
            # What was said of a field first stands.
            wrong = {**{name: sentence for name, sentence in check(alias).items() if sentence}, **wrong}
    return wrong


def with_focus(alias: "Alias") -> dict[str, str]:
    return {"focal_box": against_crop_rule(alias)}


def against_crop_rule(alias: "Alias") -> str:
    if alias.crop == Crop.FOCAL and not alias.focal_box:
        return "The crop rule “focal box” wants a box: 0.2x0.1:0.6x0.5 keeps that part of every picture in sight."
    if alias.focal_box and alias.crop != Crop.FOCAL:
        return "Only the crop rule “the focal box” looks at this: choose that rule, or empty the box."
    return ""


def with_overlays(alias: "Alias") -> dict[str, str]:
    bucket = Bucket.objects.filter(pk=alias.bucket_id).first()
    if not bucket:
        return {}  # told of its own field
    others = list(bucket.overlays_from.values_list("name", flat=True))
    return {"filters": validators.wrong_with_overlays(alias.filters, bucket.name, others)}


def with_prefix(alias: "Alias") -> dict[str, str]:
    bucket = Bucket.objects.filter(pk=alias.bucket_id).first()
    place = bucket.place_here() if bucket else None
    if place is None or place.kind != "folder":
        return {}
    return {name: wrong_in_a_folder(getattr(alias, name)) for name in ("prefix", "fallback", "sample")}


def wrong_in_a_folder(key: str) -> str:
    """What keeps a key, or what stands before one, from being in a folder: file systems fold these into others."""
    if key.startswith("/") or "//" in key:
        return f"In a folder no key begins with / or holds //: {re.sub('/+', '/', key).removeprefix('/')}"
    return "In a folder no key holds a backslash; between folders stands a /." if "\\" in key else ""


def with_stretch(alias: "Alias") -> dict[str, str]:
    if alias.fit != Fit.STRETCH or bool(alias.width) == bool(alias.height):
        return {}
    empty = "height" if alias.width else "width"
    return {
        empty: "Stretch wants both sides; with one, the picture keeps its proportions. Fill it in, or choose cover."
    }


def with_size(alias: "Alias") -> dict[str, str]:
    return {"width": validators.too_large(alias.width, alias.height, 1)}


def with_ratios(alias: "Alias") -> dict[str, str]:
    if validators.too_large(alias.width, alias.height, 1):
        return {}
    largest = max(validators.read_ratios(alias.dprs), default=1)
    return {"dprs": validators.too_large(alias.width, alias.height, largest)}


def with_qualities(alias: "Alias") -> dict[str, str]:
    chosen = Format(alias.format)
    means = QUALITIES[chosen]
    cure = (
        f"Empty this; {chosen.label} has {' and '.join(means)} quality." if means else "It loses nothing: empty this."
    )
    return {
        f"{name}_quality": f"The format is {chosen.label}, where this quality has no say. {cure}"
        for name in ("jpeg", "webp", "avif")
        if getattr(alias, f"{name}_quality") is not None and name not in means
    }


def with_visual_quality(alias: "Alias") -> dict[str, str]:
    if alias.ssim is None:
        return {}
    return {"ssim": against_visual_quality(alias)}


def with_nothing_to_measure(alias: "Alias") -> dict[str, str]:
    if alias.ssim is None or alias.sample:
        return {}
    return {"sample": "A visual quality is measured on pictures, on this one first: name a typical original."}


def against_visual_quality(alias: "Alias") -> str:
    named = [name for name in content.QUALITIES if getattr(alias, name) is not None]
    if named:
        labels = [str(alias._meta.get_field(name).verbose_name) for name in named]  # type: ignore[union-attr]
        return f"The qualities that keep it are found by measuring: empty {' and '.join(labels)}, or empty this."
    recipe = Recipe(encoding=Encoding(format=alias.format), filters=FILTERS.read(alias.filters))
    one, other = (recipe.settled("any", Defaults(quality, quality, quality)).encoding for quality in (1, 2))
    if one.format in Format.values and not lossy_formats(one):
        return (
            f"{Format(one.format).label} loses nothing, so there is no quality to find: choose another format, or "
            "empty this."
        )
    if one == other:
        return "A filter sets the quality, so that there is none to find: take quality(…) away, or empty this."
    return ""


#: Each check, and the fields that it compares.
CHECKS: tuple[tuple[frozenset[str], Callable[["Alias"], dict[str, str]]], ...] = (
    (frozenset({"crop", "focal_box"}), with_focus),
    (frozenset({"bucket", "filters"}), with_overlays),
    (frozenset({"bucket", "prefix", "fallback", "sample"}), with_prefix),
    (frozenset({"fit", "width", "height"}), with_stretch),
    (frozenset({"width", "height"}), with_size),
    (frozenset({"width", "height", "dprs"}), with_ratios),
    (frozenset({"format", *content.QUALITIES}), with_qualities),
    (frozenset({"ssim", "format", "filters", *content.QUALITIES}), with_visual_quality),
    (frozenset({"ssim", "sample"}), with_nothing_to_measure),
)
