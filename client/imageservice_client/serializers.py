"""A field for serializers of Django REST framework."""

from typing import Any

from django.db.models.fields.files import FieldFile
from rest_framework import serializers

from .picture import Picture


class PictureField(serializers.Field):  # type: ignore[misc,unused-ignore]  # untyped, where it is there
    """A picture of the key in a field: `hero = PictureField("hero", source="photo")` gives `url`, `srcset`,
    `srcset_by_width`, `width` and `height`; null without a key."""

    def __init__(self, alias: str, **options: Any) -> None:
        self.alias = alias
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        picture = Picture(self.alias, (value.name if isinstance(value, FieldFile) else value) or "")
        if not picture:
            return None
        return {name: getattr(picture, name) for name in ("url", "srcset", "srcset_by_width", "width", "height")}
