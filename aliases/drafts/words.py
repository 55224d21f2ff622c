"""Recipes and their differences in words, for people who look at what is about to be live."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field

from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters.grammar.registry import split
from rendering.imaging.reading.limits import spelled

from ..models import Alias
from .choices import Crop, Format
from .content import FIELDS, calibration, comparable, thawed

#: What an empty field means.
EMPTY = {
    "width": "open",
    "height": "open",
    "jpeg_quality": "default",
    "webp_quality": "default",
    "avif_quality": "default",
}


def field(name: str) -> "Field[Any, Any]":
    found = Alias._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def label(name: str) -> str:
    return str(field(name).verbose_name)


def shown(name: str, value: Any) -> str:
    """A field's value as it stands in a sentence."""
    if value in (None, ""):
        return EMPTY.get(name, "none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in ("max_age", "shared_max_age", "stale_while_revalidate"):
        return f"{value} s"
    # Blanks at the ends of a key are part of it, and would not be seen.
    return f"“{value}”" if str(value) != str(value).strip() else str(value)


def refusals(error: ValidationError) -> list[str]:
    """Why something was refused, as sentences, each after the name of the field it is about."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        " ".join(said) if name == NON_FIELD_ERRORS else f"{name}: {' '.join(said)}"
        for name, said in error.message_dict.items()
    ]


def filters(text: str) -> list[str]:
    """`a(1):b()` taken apart; a text that cannot be read stays whole."""
    try:
        return [f"{name}({','.join(arguments)})" for name, arguments in split(text)]
    except BadRecipe:
        return [text]


def differences(old_content: Mapping[str, Any] | None, new_content: Mapping[str, Any]) -> list[str]:
    """What changes from one revision's content to another's: ["width: 90 → 120", "filters: added grayscale()"].

    Without an old one, what the new one says beyond the defaults.
    """
    try:
        new = comparable(new_content)
        old = None if old_content is None else comparable(old_content)
    except BadRecipe as error:
        return [f"What differs cannot be told. {error}."]
    if old is None:
        defaults = {name: field(name).get_default() for name in FIELDS}
        return [
            f"{label(name)}: {shown(name, new[name])}"
            for name in FIELDS
            if (new[name] or None) != (defaults[name] or None)
        ]
    told = []
    for name in FIELDS:
        if old[name] == new[name]:
            continue
        if name == "filters":
            told += filter_differences(filters(old[name]), filters(new[name]))
        else:
            told.append(f"{label(name)}: {shown(name, old[name])} → {shown(name, new[name])}")
    return told


def filter_differences(old: Sequence[str], new: Sequence[str]) -> list[str]:
    if sorted(old) == sorted(new):
        return [f"filters: now in the order {':'.join(new)}"]
    told = []
    for operation, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "replace":
            told.append(f"filters: {':'.join(old[first:last])} → {':'.join(new[start:end])}")
        elif operation == "delete":
            told.append(f"filters: removed {':'.join(old[first:last])}")
        elif operation == "insert":
            told.append(f"filters: added {':'.join(new[start:end])}")
    return told


#: What becomes of a picture of other proportions.
FITTED = {
    "contain": "within {}",
    "adaptive-contain": "within {}, turned where the picture is",
    "outside": "covering {}, nothing cut off",
    "adaptive-outside": "covering {}, turned where the picture is, nothing cut off",
    "stretch": "stretched to {}",
}
#: What a cut keeps; of the other crops, the side or the corner that they name.
KEPT = {
    Crop.CENTER: "around the centre",
    Crop.SMART: "around faces",
    Crop.REKOGNITION: "around faces that Amazon Rekognition finds",
}


def size_in_words(fields: Mapping[str, Any]) -> str:
    """What becomes of the size of a picture, as the beginning of a recipe in words."""
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
    qualities = [
        f"{spelled(name.upper())} quality {fields[f'{name}_quality']}"
        for name in ("jpeg", "webp", "avif")
        if fields[f"{name}_quality"]
    ]
    if fields["ssim"]:
        found = calibration(content)
        told = found if found and found.samples else "to be measured"
        qualities = [f"visual quality {fields['ssim']:g} ({told})"]
    size = size_in_words(fields)
    ratios = f"also @{fields['dprs'].replace(', ', 'x, @')}x" if fields["dprs"] else ""
    return "; ".join(part for part in (size, written, *qualities, fields["filters"], ratios) if part)
