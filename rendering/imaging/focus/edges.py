"""Detail by edges: what a crop keeps in sight of a picture without faces. Needs only Pillow, and half a millisecond."""

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Self

from PIL import Image, ImageFilter

from ..documents import TextValue
from ..errors import BadDocument

#: The name of the detector that looks for no faces, but for edges alone.
NAME = "edges"

#: The longer side, in pixels, of the reduced picture in which edges are detected, and the side of a cell in it.
SIDE, CELL = 128, 4

#: The number of positions along a side at which a window is tried, and of values in a profile.
PLACES = 64

#: The penalty for a window half a side away from where the alignment would put it, as a fraction of all detail.
PULL = 0.15


class Edges(TextValue):
    """A grid over the upright original: the density of edges in each cell, 0 to 255, row by row.

    Documents hold it as a list of rows in hexadecimal digits.
    """

    __slots__ = ("rows",)

    form = tuple[str, ...]

    def __init__(self, rows: tuple[bytes, ...]) -> None:
        self.rows: Final = rows

    @classmethod
    def of(cls, image: Image.Image) -> Self | None:
        """Detect the edges of an upright picture, mode L or RGB. None if it has none."""
        small = image.convert("L")
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        if min(small.size) < 3:
            return None
        # The kernel does not change the outermost pixels, so these are cropped.
        found = small.filter(ImageFilter.FIND_EDGES).crop((1, 1, small.width - 1, small.height - 1)).reduce(CELL)
        return cls.from_image(found) if found.getbbox() else None

    @classmethod
    def from_image(cls, grid: Image.Image) -> Self:
        """The inverse of `to_image`."""
        cells = grid.tobytes()
        return cls(tuple(cells[start : start + grid.width] for start in range(0, len(cells), grid.width)))

    def to_image(self) -> Image.Image:
        """The grid as a picture in mode L, one pixel for each cell."""
        return Image.frombytes("L", (len(self.rows[0]), len(self.rows)), b"".join(self.rows))

    def to_builtins(self) -> tuple[str, ...]:
        return tuple(row.hex() for row in self.rows)

    @classmethod
    def read(cls, text: Sequence[str]) -> Self:
        try:
            rows = tuple(map(bytes.fromhex, text))
        except ValueError as error:
            raise BadDocument(f"A grid of edges must be a list of rows in hexadecimal digits: {error}") from error
        if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
            raise BadDocument("A grid of edges must have rows, all of the same length")
        return cls(rows)

    def profiles(self, left: float, top: float, right: float, bottom: float) -> tuple[list[float], list[float]]:
        """The detail of a part of the picture along its width and along its height: PLACES numbers each.

        The part is given in fractions of the picture's sides.
        """
        grid = self.to_image().convert("F")
        box = (left * grid.width, top * grid.height, right * grid.width, bottom * grid.height)
        across, down = (grid.resize(size, Image.Resampling.BOX, box=box) for size in ((PLACES, 1), (1, PLACES)))
        return array("f", across.tobytes()).tolist(), array("f", down.tobytes()).tolist()


def densest(profile: Sequence[float], length: float, aligned: float) -> float:
    """Where the window begins that holds the most detail of a profile, less a penalty for its distance from `aligned`.

    `length`, `aligned`, which is a start, and the result are in fractions of the profile's length.
    """
    total = sum(profile)
    if total <= 0:
        return aligned
    sums = [0.0, *accumulate(profile)]

    def before(place: float) -> float:
        cell = min(int(place * len(profile)), len(profile) - 1)
        return sums[cell] + profile[cell] * (place * len(profile) - cell)

    def worth(start: float) -> float:
        return (before(start + length) - before(start)) / total - 2 * PULL * abs(start - aligned)

    return max((aligned, *(step * (1 - length) / PLACES for step in range(PLACES + 1))), key=worth)
