"""What a field declares beside its column: its place in the form, its path in what is published, what it decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Decides(Enum):
    """What changes for viewers when a field does."""

    PIXELS = auto()
    #: With how much loss pixels are written. A visual quality measures these instead.
    QUALITY = auto()
    #: How long answers are kept.
    AGE = auto()
    #: What else is answered: larger pictures, a fallback.
    DELIVERY = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields in the form, in the order of their declaration."""

    title: str
    collapsed: bool = False


def unchanged(value: Any) -> Any:
    return value


class Published:
    """Where a field stands in published content, one to one: at a path such as `recipe.encoding.jpeg_quality`, of the
    names in `catalogue.Alias`.

    `freeze` turns the field's value into what JSON holds there, `thaw` turns that back into the field's value, in its
    canonical spelling. Neither is given None: an empty field is no member, and the data plane's default counts. A field
    that shares members with others is a subclass that overrides the methods.
    """

    def __init__(
        self, path: str, freeze: Callable[[Any], Any] = unchanged, thaw: Callable[[Any], Any] = unchanged
    ) -> None:
        self.path, self._freeze, self._thaw = path, freeze, thaw

    def freeze(self, value: Any, draft: Any) -> dict[str, Any]:
        """The members that the field writes, by path. Raises BadRecipe for a value that was never validated."""
        return {} if value is None else {self.path: self._freeze(value)}

    def thaw(self, content: Mapping[str, Any]) -> Any:
        """The field's value in content that names the data plane's defaults. Raises LookupError, TypeError, ValueError
        for what is not as `freeze` wrote it."""
        found = member(content, self.path)
        return None if found is None else self._thaw(found)


def member(content: Mapping[str, Any], path: str) -> Any:
    """What stands at a path; None where nothing does. Raises KeyError where there is not even the folder of it."""
    *folders, name = path.split(".")
    inner: Any = content
    for folder in folders:
        inner = inner[folder]
    return inner.get(name)


def nested(members: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": 1, "a.c": 2} as {"a": {"b": 1, "c": 2}}."""
    content: dict[str, Any] = {}
    for path, value in members.items():
        *folders, name = path.split(".")
        inner = content
        for folder in folders:
            inner = inner.setdefault(folder, {})
        inner[name] = value
    return content
