"""Radii of corners as arguments of filters: `20`, or `20|50` for across and down."""

from collections.abc import Callable
from typing import Annotated

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Integer, Parameter, excerpt

RADIUS = Integer(0, 4096)


class RadiiText(Parameter, frozen=True):
    """A radius across and one down, in pixels; a single number stands for both."""

    def read(self, text: str) -> tuple[int, int]:
        return self._read(text, RADIUS.read)

    def read_leniently(self, text: str) -> tuple[int, int]:
        return self._read(text, RADIUS.read_leniently)

    def _read(self, text: str, one: Callable[[str], int]) -> tuple[int, int]:
        across, bar, down = text.partition("|")
        try:
            return one(across.strip()), one(down.strip() if bar else across.strip())
        except BadArgument:
            raise BadArgument(f"{excerpt(text)} is not {self.explain()}") from None

    def write(self, value: tuple[int, int]) -> str:
        across, down = value
        return str(across) if across == down else f"{across}|{down}"

    def explain(self) -> str:
        return f"{RADIUS.explain()}, or two such as 20|50"


Radii = Annotated[tuple[int, int], RadiiText()]
