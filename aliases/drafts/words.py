"""Recipes and their differences in words, for those who publish them."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from rendering.imaging.errors import BadRecipe

from .content import comparable, thawed
from .field_lists import PUBLISHED


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


def in_words(content: Mapping[str, Any]) -> str:
    """A revision's recipe as one line: “90 wide, height follows; PNG; grayscale()”."""
    return "; ".join(parts_in_words(content))


def parts_in_words(content: Mapping[str, Any]) -> list[str]:
    """A revision's recipe in parts: size, format, and the rest."""
    try:
        fields = thawed(content)
    except BadRecipe as error:
        return [str(error)]
    parts = (field.summary(fields, content) for field in PUBLISHED.values())
    return [part for part in parts if part]
