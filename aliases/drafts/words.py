"""Recipes and their differences in words, for those who publish them."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from rendering.imaging.errors import BadRecipe

from .calibration import calibration_of
from .choices import Crop, Format
from .content import comparable, thawed
from .draft import PUBLISHED, QUALITIES


def refusals(error: ValidationError) -> list[str]:
    """A validation error as sentences, each prefixed with its field's name."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        " ".join(said) if name == NON_FIELD_ERRORS else f"{name}: {' '.join(said)}"
        for name, said in error.message_dict.items()
    ]


def differences(old_content: Mapping[str, Any] | None, new_content: Mapping[str, Any]) -> list[str]:
    """What changes from one revision's content to another's: ["width: 90 → 120", "filters: added grayscale()"].

    Without an old one, what the new one says beyond the defaults.
    """
    try:
        new = comparable(new_content)
        old = None if old_content is None else comparable(old_content)
    except BadRecipe as error:
        return [f"The differences cannot be listed. {error}."]
    if old is None:
        defaults = {name: field.get_default() for name, field in PUBLISHED.items()}
        return [
            f"{field.label}: {field.shown(new[name])}"
            for name, field in PUBLISHED.items()
            if (new[name] or None) != (defaults[name] or None)
        ]
    return [
        change
        for name, field in PUBLISHED.items()
        if old[name] != new[name]
        for change in field.changes(old[name], new[name])
    ]


#: By fit: the size, with {} for its sides.
FITTED = {
    "contain": "within {}",
    "adaptive-contain": "within {}, turned where the picture is",
    "outside": "covering {}, nothing cut off",
    "adaptive-outside": "covering {}, turned where the picture is, nothing cut off",
    "stretch": "stretched to {}",
}
#: By crop rule: what is kept. The other rules name a side or a corner.
KEPT = {
    Crop.CENTER: "around the centre",
    Crop.SMART: "around faces",
    Crop.REKOGNITION: "around faces that Amazon Rekognition finds",
}


def size_in_words(fields: Mapping[str, Any]) -> str:
    """Size, fit and crop: the beginning of a recipe in words."""
    width, height, crop, focal = fields["width"], fields["height"], fields["crop"], f"focal box {fields['focal_box']}"
    if not (width and height):
        size = f"{width or height} pixels {'wide' if width else 'high'}" if width or height else "the original's size"
        return f"{size}, {focal}" if crop == Crop.FOCAL else size
    size = f"{width} × {height} pixels"
    if fields["fit"] != "cover":
        return FITTED.get(fields["fit"], f"{{}}, {fields['fit']}").format(size)
    kept = f"around the {focal}" if crop == Crop.FOCAL else KEPT.get(crop, f"at the {crop.replace('-', ' ')}")
    return f"cut to {size} {kept}"


def in_words(content: Mapping[str, Any]) -> str:
    """A revision's recipe as one line: “90 pixels wide; PNG; grayscale()”."""
    try:
        fields = thawed(content)
    except BadRecipe as error:
        return str(error)
    written = {
        "original": "format as the original",
        "auto": "format by the browser",
    }.get(fields["format"]) or dict(Format.choices).get(fields["format"], fields["format"])
    qualities = [f"{PUBLISHED[name].label} {fields[name]}" for name in QUALITIES if fields[name]]
    if fields["ssim"]:
        found = calibration_of(content)
        state = found if found and found.samples else "to be measured"
        qualities = [f"visual quality {fields['ssim']:g} ({state})"]
    size = size_in_words(fields)
    ratios = f"also @{fields['dprs'].replace(', ', 'x, @')}x" if fields["dprs"] else ""
    return "; ".join(part for part in (size, written, *qualities, fields["filters"], ratios) if part)
