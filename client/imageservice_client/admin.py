"""Thumbnails for Django's admin."""

from collections.abc import Callable
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils.safestring import SafeString

from .picture import Picture


def thumbnail(alias: str, field: str, description: str = "") -> Callable[[Any], SafeString]:
    """A column of `list_display`, or a line of `readonly_fields`:

    list_display = ["name", thumbnail("icon", "photo")]
    """

    def shown(row: Any) -> SafeString:
        held = getattr(row, field)
        return Picture(alias, (held.name if isinstance(held, FieldFile) else held) or "").html()

    shown.short_description = description or field.replace("_", " ")  # type: ignore[attr-defined]  # read by the admin
    return shown
