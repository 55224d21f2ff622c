"""Edits in the query of a URL of AWS's image handler, as its version 7 reads them: over those of the path."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from .values import Edits

#: Parameters that AWS reads and this service does not.
UNREAD = ("signature", "expires")
#: Parameters of a query beyond which nothing is read.
MOST = 100


def switched(text: str) -> bool:
    return text.lower() not in ("0", "false", "")


def side(text: str) -> int | str | None:
    return whole(text) or None


def whole(text: str) -> int | str | None:
    """The whole number that a text begins with, as JavaScript reads it. What is none is told where the edit is read."""
    found = re.match(r"\s*[+-]?[0-9]{1,9}", text, re.ASCII)
    return int(found[0]) if found else text or None


#: What each parameter becomes: an edit, or with a dot one of its options.
EDITS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "format": ("toFormat", str),
    "fit": ("resize.fit", str),
    "width": ("resize.width", side),
    "height": ("resize.height", side),
    "rotate": ("rotate", whole),
    "flip": ("flip", switched),
    "flop": ("flop", switched),
    "grayscale": ("greyscale", switched),
    "greyscale": ("greyscale", switched),
}


def read(query: str) -> tuple[dict[str, Any], list[str]]:
    """The edits of a query, and the names of what AWS would have read in it and is not read here. Anything else in it
    means nothing to AWS either."""
    try:
        said = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST))
    except ValueError:
        return {}, ["query"]
    edits: dict[str, Any] = {}
    for name, text in said.items():
        if name in EDITS and (name, text) != ("format", "auto"):  # which leaves it to Accept, as here
            where, value = EDITS[name]
            edit, _, option = where.partition(".")
            if option:
                edits.setdefault(edit, {})[option] = value(text)
            else:
                edits[edit] = value(text)
    return edits, [name for name in UNREAD if name in said]


def over(request: Edits, query: str) -> Edits:
    """The request of a path, with the edits of its query: each in place of the path's, whole, as with AWS."""
    edits, unread = read(query)
    asked = request.get("edits") or {}
    if edits and isinstance(asked, dict):
        # In sharp's order a cut stands before the resize, wherever the query puts that.
        asked = {**{name: value for name, value in asked.items() if name not in edits}, **edits}
    return {**request, "edits": asked, "skipped": [*request.get("skipped", ()), *unread]}
