"""What a field declares beside its column: its section of the form, its path in a revision, what it decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Decides(Enum):
    """What a change of a field changes for viewers."""

    PIXELS = auto()
    #: How lossy the file is. With a visual quality these are measured instead.
    QUALITY = auto()
    #: How long answers are kept.
    AGE = auto()
    #: Other responses: larger pictures, a fallback.
    DELIVERY = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form. Its fields are in the order of their declaration."""

    title: str
    collapsed: bool = False


def identity(value: Any) -> Any:
    return value


class Published:
    """A field that is one member of a revision, at a path such as `recipe.encoding.jpeg_quality`, with the names of
    `catalogue.Alias`.

    `freeze` converts the field's value to JSON, `thaw` converts it back, to its canonical spelling. Neither is called
    with None: an empty field is left out, and the data plane uses its default. A field that maps to several members
    has a subclass.
    """

    def __init__(
        self, path: str, freeze: Callable[[Any], Any] = identity, thaw: Callable[[Any], Any] = identity
    ) -> None:
        self.path, self._freeze, self._thaw = path, freeze, thaw

    def freeze(self, value: Any, draft: Any) -> dict[str, Any]:
        """The members it writes, by path. Raises BadRecipe for a value that was never validated."""
        return {} if value is None else {self.path: self._freeze(value)}

    def thaw(self, content: Mapping[str, Any]) -> Any:
        """The field's value, from content with all defaults filled in. Raises LookupError, TypeError, ValueError or
        AttributeError for content that `freeze` did not write."""
        found = member(content, self.path)
        return None if found is None else self._thaw(found)

    def without_effect(self, fields: Mapping[str, Any]) -> str:
        """Why the field has no effect beside these fields, to follow “without effect”; empty if it has one."""
        return ""


def member(content: Mapping[str, Any], path: str) -> Any:
    """The value at a path, or None. Raises KeyError if an object on the way to it is missing."""
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
