"""Filters of other packages, which declare them as ours are declared and name them in their entry points.

    [project.entry-points."imageservice.filters"]
    vignette = "acme_filters:vignette"

What is wrong with one is kept here for the checks at start, which name it.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .registry import Registry, declare

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "imageservice.filters"
#: Sentences on filters that cannot be used.
WRONG: list[str] = []


def register(registry: Registry) -> None:
    """Register the filters of all packages that are installed, by their names. Of two with one name, the first counts,
    and ours before any."""
    WRONG.clear()
    for point in found():
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        try:
            if not callable(function := point.load()):
                raise TypeError("it is no function")
            declared = replace(declare(function), package=package)
            if declared.name != point.name:
                raise TypeError(f"its function is called {declared.name}; name the entry point as the function")
            if declared.name in registry:
                there = registry[declared.name].package or "this service"
                raise TypeError(f"{there} has a filter of that name already; choose another")
            registry.register([declared])
        except (Exception, SystemExit) as error:  # noqa: BLE001 - modules of others may raise anything
            WRONG.append(f"The filter “{point.name}” of {package} cannot be used: {type(error).__name__}: {error}")


def found() -> "list[EntryPoint]":
    """The entry points of all packages, in one order everywhere. Looking through the files first is quick, and mostly
    finds none; what reads entry points takes longer to import than all filters."""
    if not any(f"[{GROUP}]" in text for text in texts()):
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value))


def texts() -> Iterator[str]:
    """What installed packages say of their entry points."""
    for folder in dict.fromkeys(sys.path):
        for pattern in ("*.dist-info/entry_points.txt", "*.egg-info/entry_points.txt"):
            for path in Path(folder or ".").glob(pattern):
                with suppress(OSError):  # of a package that this process may not read
                    yield path.read_text("utf-8", errors="replace")
