"""Where an overlay goes, as text: `10`, `-10`, `20p`, `-20p`, `center` or `repeat`, across and down alike."""

import re
from dataclasses import dataclass
from typing import Annotated

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Parameter, shown

WORDS = ("center", "repeat")
MOST = 9999


@dataclass(frozen=True, slots=True)
class Position:
    """A place along one side: one of WORDS, or so many pixels (or percent of the side) from one of its ends."""

    word: str = ""
    amount: int = 0
    percent: bool = False
    from_end: bool = False

    def start(self, side: int, own: int) -> int:
        """Where something as long as `own` begins on a side."""
        if self.word == "center":
            return int((side - own) / 2)
        # Thumbor rounds a half up, here as with sides that follow.
        amount = round(side * self.amount / 100 + 1e-5) if self.percent else self.amount
        return side - own - amount if self.from_end else amount


@dataclass(frozen=True, slots=True)
class PositionText(Parameter):
    """A place along one side of the picture."""

    def read(self, text: str) -> Position:
        if text in WORDS:
            return Position(text)
        found = re.fullmatch(r"(-?)([0-9]{1,9})(p?)", text)
        if found and int(found[2]) <= MOST:
            # -0 is flush with the far end.
            return Position("", int(found[2]), bool(found[3]), bool(found[1]))
        raise BadArgument(f"{shown(text)} is not {self.explain()}")

    def nearest(self, text: str) -> Position:
        return self.read(re.sub(f"[0-9]{{{len(str(MOST)) + 1},}}", str(MOST), text))

    def write(self, value: Position) -> str:
        if value.word:
            return value.word
        return f"{'-' if value.from_end else ''}{value.amount}{'p' if value.percent else ''}"

    def explain(self) -> str:
        return "a place: 10 (pixels), 10p (percent), with a - from the right or from below, center or repeat"


Place = Annotated[Position, PositionText()]
