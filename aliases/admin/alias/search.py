"""Finding the alias that answers a URL which somebody pasted into the search field."""

import re
from urllib.parse import unquote, urlsplit

from rendering.catalogue.catalogue import MOST_SEGMENTS
from rendering.names import wrong_with_alias_name

#: What may precede an alias's name in a path: descriptions of its pictures have this prefix.
BEFORE = ("-/info/",)


def names_in(text: str) -> list[str]:
    """The names of aliases that may answer a text, if it is a URL or a path: its first segments, the last one without a
    device-pixel ratio. The longest of them that exists answers."""
    text = text.strip()
    if "/" not in text:
        return []
    try:
        path = urlsplit(text if "://" in text or text.startswith("/") else f"/{text}").path
    except ValueError:  # no URL after all: brackets that no host has
        return []
    path = unquote(path).lstrip("/")
    for before in BEFORE:
        path = path.removeprefix(before)
    segments = path.split("/")[:MOST_SEGMENTS]
    # A host without its scheme, as browsers show it.
    starts = [segments, segments[1:]] if re.search(r"[.:]", segments[0]) else [segments]
    names = {
        re.sub(r"@[^/]*$", "", "/".join(start[:length])) for start in starts for length in range(1, len(start) + 1)
    }
    return sorted(name for name in names if not wrong_with_alias_name(name))
