"""What the values of edits are: AWS takes numbers in text as well, and colours in three spellings."""

import math
from collections.abc import Mapping
from typing import Any

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import shown

Edits = Mapping[str, Any]


def number(value: object) -> float | None:
    """A number, also one in text, as AWS takes both; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def options(edits: Edits, name: str) -> Edits:
    """The object that an edit is; empty where it is none, as in `"trim": true`."""
    value = edits.get(name)
    return value if isinstance(value, dict) else {}


def side(size: Edits, name: str, most: int) -> int | None:
    if size.get(name) in (None, 0, "0", ""):
        return None
    value = number(size[name])
    if value is None or value <= 0:
        raise BadArgument(f"resize.{name} is {shown(str(size[name]))}; it is a number of pixels")
    return max(1, min(round(value), most))


def whole(value: object) -> str:
    return f"{number(value) or 0:.0f}"


def colour(value: object, otherwise: str) -> str:
    """A colour of sharp's, as our filters read it: {"r", "g", "b", "alpha"}, a name, or #rgb."""
    if isinstance(value, dict):
        if number(value.get("alpha")) == 0:
            return "transparent"
        bands = (min(255, max(0, round(number(value.get(band)) or 0))) for band in "rgb")
        return "".join(f"{band:02x}" for band in bands)
    if isinstance(value, str) and value:
        text = value.removeprefix("#")
        # The fourth of four digits, or of four pairs, is how opaque the colour is.
        return {4: text[:3], 8: text[:6]}.get(len(text), text) if value.startswith("#") or is_hex(text) else text
    return otherwise


def is_hex(text: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in text)
