"""Finding the alias that answers a URL which somebody pasted into the search field."""

import re
from urllib.parse import unquote

from aliases.inspecting import address as addresses
from aliases.inspecting.parts import INFO
from rendering.catalogue.catalogue import MOST_SEGMENTS
from rendering.names import wrong_with_alias_name


def names_in(text: str) -> list[str]:
    """The names of aliases that may answer a text, if it is a URL or a path: its first segments, the last one without a
    device-pixel ratio. The longest of them that exists answers."""
    address = addresses.read(text)
    if address is None:
        return []
    segments = unquote(address.raw).lstrip("/").removeprefix(INFO).split("/")[:MOST_SEGMENTS]
    names = {re.sub(r"@[^/]*$", "", "/".join(segments[:length])) for length in range(1, len(segments) + 1)}
    return sorted(name for name in names if not wrong_with_alias_name(name))
