"""Curves as arguments of filters: `[(0,0),(128,160),(255,255)]`."""

import re
from typing import Annotated

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Parameter, excerpt

#: A level and the level that it becomes, each 0 to 255.
Point = tuple[int, int]

MOST_POINTS = 32


class Points(Parameter, frozen=True):
    """The points that a curve goes through, from left to right."""

    def read(self, text: str) -> tuple[Point, ...]:
        if re.fullmatch(r"\[(\([0-9]{1,3},[0-9]{1,3}\),?)+\]", text.replace(" ", "")):
            numbers = [int(number) for number in re.findall("[0-9]+", text)]
            points = sorted(zip(numbers[::2], numbers[1::2], strict=True))
            inputs = {before for before, _ in points}
            if len(inputs) == len(points) <= MOST_POINTS and max(numbers) <= 255:
                return tuple(points)
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: tuple[Point, ...]) -> str:
        return f"[{','.join(f'({before},{after})' for before, after in value)}]"

    def explain(self) -> str:
        return "a curve: points from 0 to 255 such as [(0,0),(128,160),(255,255)], no two with the same first number"


Curve = Annotated[tuple[Point, ...], Points()]
