"""Edits in the query of a URL of AWS's image handler, as its version 7 reads them. They replace those of the path."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from .values import Edits

#: Parameters that AWS knows and this service does not.
UNSUPPORTED = ("signature", "expires")
#: A query with more parameters is not read.
MOST_PARAMETERS = 100


def switch(text: str) -> bool:
    return text.lower() not in ("0", "false", "")


def side(text: str) -> int | str | None:
    return integer(text) or None


def integer(text: str) -> int | str | None:
    """The whole number that a text begins with, as JavaScript's parseInt reads it. Any other text is returned
    unchanged: reading the edit raises the error."""
    found = re.match(r"\s*[+-]?[0-9]{1,9}", text, re.ASCII)
    return int(found[0]) if found else text or None


#: What each parameter becomes: an edit or, with a dot, an option of one.
EDITS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "format": ("toFormat", str),
    "fit": ("resize.fit", str),
    "width": ("resize.width", side),
    "height": ("resize.height", side),
    "rotate": ("rotate", integer),
    "flip": ("flip", switch),
    "flop": ("flop", switch),
    "grayscale": ("greyscale", switch),
    "greyscale": ("greyscale", switch),
}


def read(query: str) -> tuple[dict[str, Any], list[str]]:
    """The edits of a query, and the names of its parameters that only AWS supports. AWS ignores any others, too."""
    try:
        parameters = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return {}, ["query"]
    edits: dict[str, Any] = {}
    for name, text in parameters.items():
        if name in EDITS and (name, text) != ("format", "auto"):  # "auto" negotiates, as is the default here
            path, read_value = EDITS[name]
            edit, _, option = path.partition(".")
            if option:
                edits.setdefault(edit, {})[option] = read_value(text)
            else:
                edits[edit] = read_value(text)
    return edits, [name for name in UNSUPPORTED if name in parameters]


def merge_query(request: Edits, query: str) -> Edits:
    """The request of a path with the edits of its query. An edit of the query replaces the path's, options included, as
    with AWS."""
    edits, unsupported = read(query)
    asked = request.get("edits") or {}
    if edits and isinstance(asked, dict):
        # The query's edits come last, so that its resize follows the path's crop.
        asked = {**{name: value for name, value in asked.items() if name not in edits}, **edits}
    return {**request, "edits": asked, "skipped": [*request.get("skipped", ()), *unsupported]}
