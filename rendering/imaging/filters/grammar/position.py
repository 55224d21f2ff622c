"""Positions of overlays as arguments of filters: `10`, `-10`, `20p`, `center`, `repeat`, `left` or `right-20`."""

import re
from typing import Annotated

from msgspec import Struct

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Parameter, excerpt

WORDS = ("center", "repeat")
#: The ends of a side, and whether it is the far one. `left-20` is 20 pixels outside.
ENDS = {"left": False, "l": False, "top": False, "t": False, "right": True, "r": True, "bottom": True, "b": True}
END = re.compile(rf"({'|'.join(ENDS)})(?:-([0-9]{{1,9}}))?")
MOST = 9999


class Position(Struct, frozen=True):
    """A position along one side: one of WORDS, or a number of pixels, or percent of the side, from one of its ends. A
    negative amount lies outside."""

    word: str = ""
    amount: int = 0
    percent: bool = False
    from_end: bool = False

    def start(self, side: int, own: int) -> int:
        """The pixel on a side at which an overlay of length `own` begins."""
        if self.word == "center":
            return int((side - own) / 2)
        # Thumbor rounds halves up, here as for sides that follow from the other.
        amount = round(side * self.amount / 100 + 1e-5) if self.percent else self.amount
        return side - own - amount if self.from_end else amount


class PositionText(Parameter, frozen=True):
    """A position along one side of the picture."""

    def read(self, text: str) -> Position:
        if text in WORDS:
            return Position(text)
        if (end := END.fullmatch(text)) and int(end[2] or 0) <= MOST:
            return Position("", -int(end[2] or 0), from_end=ENDS[end[1]])
        found = re.fullmatch(r"(-?)([0-9]{1,9})(p?)", text)
        if found and int(found[2]) <= MOST:
            # -0 is at the far end, and not at 0.
            return Position("", int(found[2]), bool(found[3]), bool(found[1]))
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def read_leniently(self, text: str) -> Position:
        return self.read(re.sub(f"[0-9]{{{len(str(MOST)) + 1},}}", str(MOST), text))

    def write(self, value: Position) -> str:
        if value.word:
            return value.word
        if value.amount < 0:
            return f"{'right' if value.from_end else 'left'}{value.amount}"
        return f"{'-' if value.from_end else ''}{value.amount}{'p' if value.percent else ''}"

    def explain(self) -> str:
        return (
            "a position: 10 (pixels), 10p (percent), -10 or -10p from the right or bottom, center, repeat, left, "
            "right, top, bottom, or right-20 for 20 pixels outside"
        )


PositionArgument = Annotated[Position, PositionText()]
