"""Edits in the query of a URL of AWS's image handler, as its version 7 reads them. They replace those of the path."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from rendering.imaging.errors import BadRecipe
from rendering.imaging.parameters import excerpt

from .values import Edits

#: Parameters that say who made the URL, and until when it counts.
SIGNATURE, EXPIRES = "signature", "expires"
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


def parameters(query: str) -> list[tuple[str, str]]:
    """The parameters of a query, decoded, in order; none of a query that has too many."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []


def expiry(query: str) -> int | None:
    """The moment at which the URL expires, in seconds since the epoch; None if it does not. Raises BadRecipe."""
    text = dict(parameters(query)).get(EXPIRES)
    if text is None:
        return None
    try:
        # strptime takes fewer digits, too.
        return int(datetime.strptime(f"{text:_<16}+0000", "%Y%m%dT%H%M%SZ%z").timestamp())
    except ValueError:
        raise BadRecipe(f"“expires” is {excerpt(text)}; it must be a moment in UTC, such as 20300102T120304Z") from None


def read(query: str) -> tuple[dict[str, Any], list[str]]:
    """The edits of a query, and “query” if it is not read. AWS ignores other parameters, too."""
    found = dict(parameters(query))
    if query and not found and query.count("&") >= MOST_PARAMETERS:
        return {}, ["query"]
    edits: dict[str, Any] = {}
    for name, text in found.items():
        if name in EDITS and (name, text) != ("format", "auto"):  # "auto" negotiates, as is the default here
            path, read_value = EDITS[name]
            edit, _, option = path.partition(".")
            if option:
                edits.setdefault(edit, {})[option] = read_value(text)
            else:
                edits[edit] = read_value(text)
    return edits, []


def merge_query(request: Edits, query: str) -> Edits:
    """The request of a path with the edits of its query. An edit of the query replaces the path's, options included, as
    with AWS."""
    edits, unsupported = read(query)
    asked = request.get("edits") or {}
    if edits and isinstance(asked, dict):
        # The query's edits come last, so that its resize follows the path's crop.
        asked = {**{name: value for name, value in asked.items() if name not in edits}, **edits}
    return {**request, "edits": asked, "skipped": [*request.get("skipped", ()), *unsupported]}
