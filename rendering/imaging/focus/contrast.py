"""Contrast: how much each part of a picture stands out from all around it."""

from array import array
from collections.abc import Sequence

from PIL import Image

#: The longer side, in cells, of the grid on which contrast is measured.
CELLS = 16

#: The weights of a difference in colour (Cb, Cr) and in the density of edges, where one in brightness has 1.
COLOUR, TEXTURE = 2, 3

#: A cell's brightness, two of colour, and density of edges, each with its weight.
Cell = tuple[float, float, float, float]


def contrast(picture: Image.Image, density: Image.Image) -> Image.Image:
    """How much the cells of a picture (mode YCbCr) stand out, with the mean 1: a picture in mode F, one pixel a cell.

    `density` is the picture's density of edges, mode L. Four quarters of the picture meet in a cell, and the cell's
    contrast is the difference from the most similar one, summed over it: a background goes on in one direction at
    least. The quarters of cells near the rim are small, because subjects are seldom there. This is the minimum
    directional contrast of Huang and Zhang, "300-FPS salient object detection via minimum directional contrast" (2017).
    """
    scale = CELLS / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    bands = picture.resize(size, Image.Resampling.BOX).split()
    weights = 1, COLOUR, COLOUR, TEXTURE
    planes = [
        [weight * value for value in band.tobytes()]
        for weight, band in zip(weights, (*bands, density.resize(size, Image.Resampling.BOX)), strict=True)
    ]
    cells = list(zip(*planes, strict=True))
    rows = [cells[start : start + size[0]] for start in range(0, len(cells), size[0])]
    lower = upper(rows[::-1])[::-1]
    least = [min(pair) for both in zip(upper(rows), lower, strict=True) for pair in zip(*both, strict=True)]
    mean = sum(least) / len(least) or 1.0
    return Image.frombytes("F", size, array("f", [max(0.0, one) / mean for one in least]).tobytes())


def upper(rows: Sequence[Sequence[Cell]]) -> list[list[float]]:
    """For each cell, the lesser of its differences from the quarters above it to the left and to the right."""
    left = upper_left(rows)
    right = [row[::-1] for row in upper_left([row[::-1] for row in rows])]
    return [[min(pair) for pair in zip(*both, strict=True)] for both in zip(left, right, strict=True)]


def upper_left(rows: Sequence[Sequence[Cell]]) -> list[list[float]]:
    """For each cell, the squared differences from all cells from the left upper corner to it, summed."""
    width = len(rows[0])
    columns = [(0.0, 0.0, 0.0, 0.0, 0.0)] * width  # of the rows so far: sums of the four values, and of their squares
    found = []
    for number, row in enumerate(rows, 1):
        a = b = c = d = squares = 0.0
        line = []
        for x, (y, u, v, e) in enumerate(row):
            own = y * y + u * u + v * v + e * e
            above = columns[x]
            column = columns[x] = above[0] + y, above[1] + u, above[2] + v, above[3] + e, above[4] + own
            a, b, c, d = a + column[0], b + column[1], c + column[2], d + column[3]
            squares += column[4]
            # The sum of (other - own)² over all others, by its three terms.
            line.append(squares - 2 * (a * y + b * u + c * v + d * e) + number * (x + 1) * own)
        found.append(line)
    return found
