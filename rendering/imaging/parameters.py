"""The types of a filter's arguments: each reads, checks, writes and explains one argument.

A filter names them in its signature (`amount: Percent`); URLs, the admin's form and the documentation follow from it.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from PIL import ImageColor

from .errors import BadArgument

#: Red, green, blue, each 0 to 255.
RGB = tuple[int, int, int]


class Parameter(Protocol):
    """How one argument stands in text. `read` and `write` are each other's inverse."""

    def read(self, text: str) -> Any: ...
    def write(self, value: Any) -> str: ...
    def explain(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def read(self, text: str) -> int:
        # [0-9], not \d: int() would also take Arabic digits, and 1_000.
        if re.fullmatch(r"[+-]?[0-9]{1,9}", text) and self.low <= int(text) <= self.high:
            return int(text)
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def write(self, value: int) -> str:
        return str(value)

    def explain(self) -> str:
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number from `low` to `high`, both included."""

    low: float
    high: float

    def read(self, text: str) -> float:
        if re.fullmatch(r"[+-]?([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})", text):
            value = float(text)
            if self.low <= value <= self.high:
                return value
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def write(self, value: float) -> str:
        return f"{value:.9f}".rstrip("0").rstrip(".")

    def explain(self) -> str:
        return f"a number from {self.write(self.low)} to {self.write(self.high)}"


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, text: str) -> bool:
        if text in ("true", "True", "1"):
            return True
        if text in ("false", "False", "0"):
            return False
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def write(self, value: bool) -> str:
        return "true" if value else "false"

    def explain(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words, in any case."""

    words: tuple[str, ...]

    def read(self, text: str) -> str:
        if text.lower() in self.words:
            return text.lower()
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def write(self, value: str) -> str:
        return value

    def explain(self) -> str:
        return f"one of {', '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Rgb:
    """A colour: a CSS name, or three or six hexadecimal digits without the #, which URLs cannot carry."""

    def read(self, text: str) -> RGB:
        name = text.lower()
        if name in ImageColor.colormap or re.fullmatch(r"([0-9a-f]{3}){1,2}", name):
            value = ImageColor.getrgb(name if name in ImageColor.colormap else f"#{name}")
            return value[0], value[1], value[2]
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def write(self, value: RGB) -> str:
        return "{:02x}{:02x}{:02x}".format(*value)

    def explain(self) -> str:
        return "a colour: a name such as white, or hexadecimal digits such as ff8800"


def shown(text: str) -> str:
    """A stranger's text as it may stand in a message: short and without control characters."""
    short = text if len(text) <= 40 else f"{text[:40]}…"
    return repr(short) if not short or not short.isprintable() else short


Percent = Annotated[int, Whole(-100, 100)]
Quality = Annotated[int, Whole(1, 100)]
Colour = Annotated[RGB, Rgb()]
Factor = Annotated[float, Number(0, 10)]
Boolean = Annotated[bool, Flag()]
