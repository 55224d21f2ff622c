"""Extents along a side as arguments of filters: `300`, `80p`, or `-40`, which is 40 less than the side."""

import re
from typing import Annotated

from msgspec import Struct

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Parameter, excerpt

MOST = 9999


class Extent(Struct, frozen=True):
    """So many pixels, percent of a side, or pixels less than a side. 0 sets none."""

    amount: int = 0
    percent: bool = False
    less: bool = False

    def of(self, side: int) -> int:
        """The pixels along a side of that length; 0 for no extent."""
        if self.less:
            return max(1, side - self.amount)
        return max(1, round(side * self.amount / 100)) if self.percent and self.amount else self.amount


class ExtentText(Parameter, frozen=True):
    """An extent along one side of the picture."""

    def read(self, text: str) -> Extent:
        found = re.fullmatch(r"(-?)([0-9]{1,9})(p?)", text)
        if found and int(found[2]) <= MOST and not (found[1] and found[3]):
            return Extent(int(found[2]), bool(found[3]), bool(found[1]))
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: Extent) -> str:
        return f"{'-' if value.less else ''}{value.amount}{'p' if value.percent else ''}"

    def explain(self) -> str:
        return "an extent: 300 (pixels), 80p (percent of the picture), -40 (that much less than it), or 0 for none"


Along = Annotated[Extent, ExtentText()]
