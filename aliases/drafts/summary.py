"""What fields add to the one-line summary of a recipe: “90 wide, height follows; PNG; grayscale()”."""

from collections.abc import Mapping
from typing import Any

from .calibration import calibration_of
from .choices import Crop, Format

#: By fit: the size, with {} for its sides.
FITTED = {
    "contain": "whole inside {}",
    "adaptive-contain": "whole inside {}, turned where the picture is",
    "outside": "covering {}, nothing cut off",
    "adaptive-outside": "covering {}, turned where the picture is, nothing cut off",
    "stretch": "stretched to {}",
}
#: By crop rule: what is kept. The other rules name a side or a corner.
KEPT = {rule.value: f"at the {rule.label}" for rule in Crop} | {
    Crop.CENTER: "around the centre",
    Crop.SMART: "around faces",
    Crop.REKOGNITION: "around faces that Amazon Rekognition finds",
    Crop.FOCAL: "around the focal box",
}
#: The values of three fields as sentences about their changes say them.
CROPS = {rule: f"cut {where}" for rule, where in KEPT.items()}
FITS = {"cover": "cut to the size"} | {fit: text.format("the size") for fit, text in FITTED.items()}
FORMAT_WORDS = {one.value: one.label for one in Format} | {Format.AUTO: "the best for the browser"}
#: By format, where its label is too long.
FORMATS = {Format.ORIGINAL: "format as the original", Format.AUTO: "best format for the browser"}


def size(fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """Size, fit and crop."""
    width, height, crop, focal = fields["width"], fields["height"], fields["crop"], f"focal box {fields['focal_box']}"
    if not (width and height):
        followed = f"{width} wide, height follows" if width else f"{height} high, width follows"
        size = followed if width or height else "the original's size"
        return f"{size}, {focal}" if crop == Crop.FOCAL else size
    size = f"{width} × {height}"
    if fields["fit"] != "cover":
        return FITTED.get(fields["fit"], f"{{}}, {fields['fit']}").format(size)
    kept = f"around the {focal}" if crop == Crop.FOCAL else KEPT.get(crop, crop)
    return f"cut to {size} {kept}"


def format_word(fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    chosen = fields["format"]
    return FORMATS.get(chosen) or dict(Format.choices).get(chosen, chosen)


def visual_quality(fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The visual quality and the qualities that were measured for it, which no other field tells then."""
    if not fields["ssim"]:
        return ""
    found = calibration_of(content)
    return f"visual quality {fields['ssim']:g} ({found if found and found.samples else 'to be measured'})"


def ratios(fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    return f"also @{fields['dprs'].replace(', ', 'x, @')}x" if fields["dprs"] else ""


def widths(fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    return f"also @{fields['widths'].replace(', ', 'w, @')}w" if fields["widths"] else ""
