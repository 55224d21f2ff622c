"""The values of edits. AWS also takes numbers as strings, and colours in three notations."""

import math
from collections.abc import Mapping
from typing import Any

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import excerpt

Edits = Mapping[str, Any]


def number(value: object) -> float | None:
    """A finite number, or a string that is one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def options(edits: Edits, name: str) -> Edits:
    """An edit's options; empty if it has none, as in `"trim": true`."""
    value = edits.get(name)
    return value if isinstance(value, dict) else {}


def side(size: Edits, name: str, most: int) -> int | None:
    """A side in pixels, from 1 to `most`; None if it is not given. Raises BadArgument."""
    if size.get(name) in (None, 0, "0", ""):
        return None
    value = number(size[name])
    if value is None or value <= 0:
        raise BadArgument(f"resize.{name} is {excerpt(str(size[name]))}; it must be a number of pixels")
    return max(1, min(round(value), most))


def integer(value: object) -> str:
    """A value as a whole number in text; 0 for anything that is not a number."""
    return f"{number(value) or 0:.0f}"


def colour(value: object, otherwise: str) -> str:
    """A colour of sharp's, in the notation of our filters: from {"r", "g", "b", "alpha"}, a name, or #rgb."""
    if isinstance(value, dict):
        if number(value.get("alpha")) == 0:
            return "transparent"
        bands = (min(255, max(0, round(number(value.get(band)) or 0))) for band in "rgb")
        return "".join(f"{band:02x}" for band in bands)
    if isinstance(value, str) and value:
        text = value.removeprefix("#")
        # The fourth of four digits, or of four pairs, is the alpha.
        return {4: text[:3], 8: text[:6]}.get(len(text), text) if value.startswith("#") or is_hex(text) else text
    return otherwise


def is_hex(text: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in text)
