"""Detail by edges that stand out: what a crop keeps in sight of a picture without faces. Needs only Pillow, and two
milliseconds."""

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Self

from PIL import Image, ImageFilter

from ..documents import TextValue
from ..errors import BadDocument
from .contrast import contrast

#: The name of the detector that looks for no faces, but for edges alone.
NAME = "edges"

#: The way in which detail is measured. Raise it when grids of the same picture get other values: stored ones are then
#: measured again.
MEASURE = 2

#: The longer side, in pixels, of the reduced picture in which edges are detected, and the side of a cell in it.
SIDE, CELL = 128, 4

#: What is added to a cell's density of edges and to its contrast, whose means are 1, before they are multiplied.
#: Smooth cells then have some detail if they stand out, and edges if they do not.
SMOOTH, PLAIN = 0.5, 0.1

#: The number of positions along a side at which a window is tried, and of values in a profile.
PLACES = 64

#: The penalty for a window half a side away from where the alignment would put it, as a fraction of all detail.
PULL = 0.15

#: The part of a window at either end in which detail does not count: what is flush with the end looks cut off.
RIM = 0.05


class Edges(TextValue):
    """A grid over the upright original: the detail in each cell, 0 to 255, row by row.

    That is the density of edges times the cell's contrast, because fine texture, such as waves or leaves, has many
    edges and is all alike.

    Documents hold it as a list of rows in hexadecimal digits.
    """

    __slots__ = ("rows",)

    form = tuple[str, ...]

    def __init__(self, rows: tuple[bytes, ...]) -> None:
        self.rows: Final = rows

    @classmethod
    def of(cls, image: Image.Image) -> Self | None:
        """Measure the detail of an upright picture, mode L or RGB. None if it has none."""
        small = image.copy()
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        if min(small.size) < 3:
            return None
        inner = (1, 1, small.width - 1, small.height - 1)  # the kernel does not change the outermost pixels
        density = small.convert("L").filter(ImageFilter.FIND_EDGES).crop(inner).reduce(CELL)
        if not density.getbbox():
            return None
        edges = density.tobytes()
        mean = sum(edges) / len(edges)
        contrasts = contrast(small.convert("YCbCr"), density).resize(density.size, Image.Resampling.BILINEAR)
        detail = [
            (one / mean + SMOOTH) * (weight + PLAIN)
            for one, weight in zip(edges, array("f", contrasts.tobytes()), strict=True)
        ]
        most = max(detail)
        return cls.from_image(Image.frombytes("L", density.size, bytes(round(255 * one / most) for one in detail)))

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
    """Where the window begins that shows the most detail of a profile, less a penalty for its distance from `aligned`.

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
        shown = before(start + length * (1 - RIM)) - before(start + length * RIM)
        return shown / total - 2 * PULL * abs(start - aligned)

    return max((aligned, *(step * (1 - length) / PLACES for step in range(PLACES + 1))), key=worth)
