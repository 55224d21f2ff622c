"""What is stored as JSON, changed as other versions of the service may have written it."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any


def members(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member of every object in it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from members(inner, (*path, name))


def changed(value: dict[str, Any], path: tuple[str, ...], *new: Any) -> dict[str, Any]:
    """A copy, one member changed to something new or, with nothing new, taken away."""
    copy = deepcopy(value)
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    if new:
        inner[path[-1]] = new[0]
    else:
        del inner[path[-1]]
    return copy
