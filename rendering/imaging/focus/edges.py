"""Where a picture has detail: the least that can be said of one without a face. Pillow alone, in half a millisecond."""

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Self

from PIL import Image, ImageFilter

from ..documents import Text
from ..errors import BadDocument

#: The detector's name where nothing looks for faces.
NAME = "edges"

#: The long side of the picture in which edges are looked for, and how many of its pixels make one side of a cell.
SIDE, CELL = 128, 4

#: Where a window may begin: so many places along a side.
PLACES = 64

#: What half a side away from where the alignment would put a window costs it, in shares of all the detail there is.
PULL = 0.15


class Edges(Text):
    """A grid over the upright original, row by row: in each cell the density of edges, 0 to 255.

    Written as a list of hexadecimal texts, one a row.
    """

    __slots__ = ("rows",)

    form = tuple[str, ...]

    def __init__(self, rows: tuple[bytes, ...]) -> None:
        self.rows: Final = rows

    @classmethod
    def of(cls, image: Image.Image) -> Self | None:
        """The edges of a picture in mode L or RGB; None where it has none."""
        small = image.convert("L")
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        if min(small.size) < 3:
            return None
        # The kernel leaves the outermost pixels as they are.
        found = small.filter(ImageFilter.FIND_EDGES).crop((1, 1, small.width - 1, small.height - 1)).reduce(CELL)
        return cls.from_image(found) if found.getbbox() else None

    @classmethod
    def from_image(cls, grid: Image.Image) -> Self:
        cells = grid.tobytes()
        return cls(tuple(cells[start : start + grid.width] for start in range(0, len(cells), grid.width)))

    def to_image(self) -> Image.Image:
        """The grid as a picture, mode L, a pixel a cell."""
        return Image.frombytes("L", (len(self.rows[0]), len(self.rows)), b"".join(self.rows))

    def written(self) -> tuple[str, ...]:
        return tuple(row.hex() for row in self.rows)

    @classmethod
    def read(cls, text: Sequence[str]) -> Self:
        try:
            rows = tuple(map(bytes.fromhex, text))
        except ValueError as error:
            raise BadDocument(f"A grid of edges is a list of hexadecimal texts: {error}") from error
        if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
            raise BadDocument("A grid of edges has rows, all of one length")
        return cls(rows)

    def profiles(self, left: float, top: float, right: float, bottom: float) -> tuple[list[float], list[float]]:
        """How much detail a part of the picture, given in parts of its sides, has along its width and its height:
        PLACES numbers each."""
        grid = self.to_image().convert("F")
        box = (left * grid.width, top * grid.height, right * grid.width, bottom * grid.height)
        across, down = (grid.resize(size, Image.Resampling.BOX, box=box) for size in ((PLACES, 1), (1, PLACES)))
        return array("f", across.tobytes()).tolist(), array("f", down.tobytes()).tolist()


def densest(profile: Sequence[float], length: float, aligned: float) -> float:
    """Where a window of that length holds most of a profile's detail, and is not far from where it was aligned.

    Length, place and what is returned, the window's start, are in parts of the profile.
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
