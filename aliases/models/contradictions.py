"""What the fields of a draft say against each other, as sentences that say which to change."""

from typing import TYPE_CHECKING

from rendering.imaging.calibration import lossy_formats
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.recipe import Defaults, Recipe

from .. import content, validators
from .buckets import Bucket
from .choices import QUALITIES, Crop, Fit, Format

if TYPE_CHECKING:
    from .aliases import Alias


def told(alias: "Alias") -> dict[str, str]:
    """By the field at which it is told; an empty sentence where nothing is wrong."""
    return {
        "focal_box": with_focus(alias),
        "filters": with_overlays(alias),
        **with_size(alias),
        **with_qualities(alias),
        **with_visual_quality(alias),
    }


def with_focus(alias: "Alias") -> str:
    if alias.crop == Crop.FOCAL and not alias.focal_box:
        return "The crop rule “focal box” wants a box: 0.2x0.1:0.6x0.5 keeps that part of every picture in sight."
    if alias.focal_box and alias.crop != Crop.FOCAL:
        return "Only the crop rule “the focal box” looks at this: choose that rule, or empty the box."
    return ""


def with_overlays(alias: "Alias") -> str:
    bucket = Bucket.objects.filter(pk=alias.bucket_id).first()
    if not bucket:
        return ""  # told of its own field
    return validators.wrong_with_overlays(
        alias.filters, bucket.name, list(bucket.overlays_from.values_list("name", flat=True))
    )


def with_size(alias: "Alias") -> dict[str, str]:
    if alias.fit == Fit.STRETCH and bool(alias.width) != bool(alias.height):
        empty = "height" if alias.width else "width"
        return {
            empty: "Stretch wants both sides; with one, the picture keeps its proportions. Fill it in, or choose cover."
        }
    if not all(isinstance(side, int | None) for side in (alias.width, alias.height)):
        return {}  # told of their own fields
    wrong = {"width": validators.too_large(alias.width, alias.height, 1)}
    try:
        largest = max(validators.read_ratios(alias.dprs), default=1)
    except BadRecipe:
        return wrong  # told of its own field
    if largest > 1 and not wrong["width"]:
        wrong["dprs"] = validators.too_large(alias.width, alias.height, largest)
    return wrong


def with_qualities(alias: "Alias") -> dict[str, str]:
    if alias.format not in Format.values:
        return {}
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
    wrong = {"ssim": against_visual_quality(alias)}
    if not alias.sample:
        wrong["sample"] = "A visual quality is measured on pictures, on this one first: name a typical original."
    return wrong


def against_visual_quality(alias: "Alias") -> str:
    named = [name for name in content.QUALITIES if getattr(alias, name) is not None]
    if named:
        labels = [str(alias._meta.get_field(name).verbose_name) for name in named]  # type: ignore[union-attr]
        return f"The qualities that keep it are found by measuring: empty {' and '.join(labels)}, or empty this."
    try:
        recipe = Recipe(encoding=Encoding(format=alias.format), filters=FILTERS.read(alias.filters))
    except BadRecipe:
        return ""  # told of its own field
    one, other = (recipe.settled("any", Defaults(quality, quality, quality)).encoding for quality in (1, 2))
    if one.format in Format.values and not lossy_formats(one):
        return (
            f"{Format(one.format).label} loses nothing, so there is no quality to find: choose another format, or "
            "empty this."
        )
    if one == other:
        return "A filter sets the quality, so that there is none to find: take quality(…) away, or empty this."
    return ""
