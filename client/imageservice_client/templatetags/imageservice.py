"""The tags: `{% load imageservice %}`."""

from typing import Any

from django import template
from django.db.models.fields.files import FieldFile
from django.utils.safestring import SafeString

from .. import urls
from ..picture import Picture

register = template.Library()


@register.simple_tag
def alias_url(alias: str, key: Any, ratio: float = 1, width: int | None = None) -> str:
    """`{% alias_url "hero" person.photo %}`, or with `ratio=2` or `width=640`."""
    return urls.alias_url(alias, key_of(key), ratio, width=width)


@register.simple_tag
def picture(alias: str, key: Any, **attributes: Any) -> SafeString:
    """`{% picture "hero" person.photo alt=person.name class="wide" %}`: see `Picture.html`."""
    return Picture(alias, key_of(key)).html(**attributes)


def key_of(value: Any) -> str:
    """The key in what a template has: a text, a file of a field, or nothing."""
    return str((value.name if isinstance(value, FieldFile) else value) or "")
