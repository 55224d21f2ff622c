"""Boxes: a part of an original, in pixels or in fractions of its sides, as a value and as text."""

import re
from typing import Annotated, Final, NamedTuple, Self

from .documents import TextValue
from .errors import BadArgument
from .parameters import Number, Parameter, excerpt

#: Left, top, right, bottom in whole pixels.
Pixels = tuple[int, int, int, int]


class Rectangle(NamedTuple):
    """A part of a picture, in its pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Box(TextValue):
    """A rectangle of an original, `left x top : right x bottom`.

    In whole pixels or, if `fractions` is true, in fractions of the original's sides (0 to 1).
    """

    __slots__ = ("bottom", "fractions", "left", "right", "top")

    def __init__(self, left: float, top: float, right: float, bottom: float, fractions: bool = False) -> None:
        self.left: Final = left
        self.top: Final = top
        self.right: Final = right
        self.bottom: Final = bottom
        self.fractions: Final = fractions

    @classmethod
    def read(cls, text: str, *, any_corners: bool = False) -> Self:
        """Read `10x20:300x400` (pixels) or `0.1x0.2:0.9x0.8` (fractions, if there is any decimal point).

        With `any_corners`, the two may be any opposite ones. Raises BadArgument.
        """
        number = r"([0-9]{1,6}(?:\.[0-9]{1,9})?)"
        found = re.fullmatch(f"{number}x{number}:{number}x{number}", text)
        if not found:
            raise BadArgument(
                f"{excerpt(text)} is not a box; write 10x20:300x400 in pixels, or 0.1x0.2:0.9x0.8 in fractions of the "
                "sides"
            )
        left, top, right, bottom = (float(side) for side in found.groups())
        if any_corners:
            left, right, top, bottom = *sorted((left, right)), *sorted((top, bottom))
        box = cls(left, top, right, bottom, fractions="." in text)
        if box.fractions and max(left, top, right, bottom) > 1:
            raise BadArgument(f"{text} has a decimal point, so its numbers are fractions of the sides and at most 1")
        if left >= right or top >= bottom:
            raise BadArgument(
                f"{text} is empty; the first corner must be the upper left one and the second the lower right one"
            )
        return box

    def __str__(self) -> str:
        if not self.fractions:
            return f"{self.left:.0f}x{self.top:.0f}:{self.right:.0f}x{self.bottom:.0f}"
        write = Number(0, 1).write
        text = f"{write(self.left)}x{write(self.top)}:{write(self.right)}x{write(self.bottom)}"
        # A decimal point marks fractions, so the whole picture is written 0.0x0:1x1.
        return text if "." in text else text.replace("x", ".0x", 1)

    def scaled(self, width: int, height: int) -> Rectangle:
        """The rectangle, in pixels, of this box for a picture of that size, even if it lies outside."""
        x, y = (width, height) if self.fractions else (1, 1)
        return Rectangle(self.left * x, self.top * y, self.right * x, self.bottom * y)

    def within(self, width: int, height: int) -> Rectangle:
        """The rectangle, in pixels, of this box in a picture of that size. What lies outside is cut off."""
        left, top, right, bottom = self.scaled(width, height)
        return Rectangle(min(left, width), min(top, height), min(right, width), min(bottom, height))


class BoxText(Parameter, frozen=True):
    """A box, in pixels of the original or in fractions of its sides."""

    def read(self, text: str) -> Box:
        return Box.read(text)

    def read_leniently(self, text: str) -> Box:
        return Box.read(text, any_corners=True)

    def write(self, value: Box) -> str:
        return str(value)

    def explain(self) -> str:
        return "a box such as 10x20:300x400 (pixels) or 0.1x0.2:0.9x0.8 (fractions of the sides)"


Area = Annotated[Box, BoxText()]
