"""Filters of tone: they map the levels of a picture, from dark to light, to others or to colours."""

from bisect import bisect_right
from itertools import accumulate
from typing import Annotated

from PIL import ImageOps
from PIL.Image import Image, blend

from ..parameters import RGB, Colour, Share
from .bands import apply_tables, change_colours, clamp
from .grammar.cost import costs
from .grammar.points import Curve, Point

#: The sepia matrix, row by row: the weights of red, green and blue in each new band, and a constant to add.
SEPIA = (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0)


@costs(15)
def equalize(image: Image) -> Image:
    """Equalize the histogram of each of red, green and blue, from dark to light."""
    return change_colours(image, lambda colours: colours.point(equalizing_table(colours)))


@costs(15)
def curve(image: Image, overall: Annotated[Curve, "all channels"], red: Curve, green: Curve, blue: Curve) -> Image:
    """Adjust tones with curves, as in a photo editor.

    Each curve is a list of points `(before,after)`, from 0 to 255, such as `[(0,0),(128,160),(255,255)]`; a smooth line
    is drawn through them. First each of red, green and blue gets its own curve, then all of them get `overall`.
    """
    for_all = spline_table(overall)
    return apply_tables(image, [[for_all[level] for level in spline_table(points)] for points in (red, green, blue)])


@costs(20)
def sepia(image: Image, percent: Annotated[Share, "strength, in percent"] = 100) -> Image:
    """Give the picture the brown tones of an old photograph."""
    return change_colours(image, lambda colours: mix(colours, colours.convert("RGB").convert("RGB", SEPIA), percent))


@costs(20)
def tint(image: Image, colour: Colour, percent: Annotated[Share, "strength, in percent"] = 100) -> Image:
    """Draw the picture in shades of one colour; black stays black and white stays white."""
    return change_colours(
        image, lambda colours: mix(colours, shades(colours, (0, 0, 0), (255, 255, 255), colour), percent)
    )


@costs(15)
def duotone(image: Image, dark: Annotated[Colour, "shadows"], light: Annotated[Colour, "highlights"]) -> Image:
    """Draw the picture in two colours: one for shadows, one for highlights."""
    return change_colours(image, lambda colours: shades(colours, dark, light))


def shades(image: Image, black: RGB, white: RGB, mid: RGB | None = None) -> Image:
    """Map greys to colours, from `black` through `mid`, if given, to `white`. Returns mode RGB."""
    grey = image.convert("L")
    if mid:
        # The colour replaces the grey that is as bright.
        red, green, blue = mid
        bright = max(1, min(254, (299 * red + 587 * green + 114 * blue) // 1000))
        return ImageOps.colorize(grey, black, white, mid, midpoint=bright)
    return ImageOps.colorize(grey, black, white)


def mix(before: Image, after: Image, percent: int) -> Image:
    """Blend two pictures; `percent` is the share of `after`."""
    return blend(before.convert("RGB"), after, percent / 100)


def equalizing_table(image: Image) -> list[int]:
    """The lookup tables, one after the other, that equalize the histogram of each band. A band of one level stays."""
    area = image.width * image.height
    table: list[int] = []
    for band in image.split():
        counts = band.histogram()
        least = next(count for count in counts if count)
        if least == area:
            table += range(256)
        else:
            table += [clamp((below - least) * 255 / (area - least)) for below in accumulate(counts)]
    return table


def spline_table(points: tuple[Point, ...]) -> list[int]:
    """The lookup table of a natural cubic spline through the points; constant before the first and after the last."""
    slopes = second_derivatives(points)
    table = []
    for level in range(256):
        right = bisect_right([x for x, _ in points], level)
        if right in (0, len(points)):
            table.append(points[min(right, len(points) - 1)][1] if right == 0 else points[-1][1])
            continue
        (x0, y0), (x1, y1) = points[right - 1], points[right]
        width = x1 - x0
        a, b = (x1 - level) / width, (level - x0) / width
        bow = (a**3 - a) * slopes[right - 1] + (b**3 - b) * slopes[right]
        table.append(clamp(a * y0 + b * y1 + bow * width * width / 6))
    return table


def second_derivatives(points: tuple[Point, ...]) -> list[float]:
    """The second derivatives of the natural cubic spline at its points: a tridiagonal system, by Thomas's algorithm."""
    count = len(points)
    upper, known = [0.0] * count, [0.0] * count
    for here in range(1, count - 1):
        (x0, y0), (x1, y1), (x2, y2) = points[here - 1 : here + 2]
        pivot = 2 * (x2 - x0) - (x1 - x0) * upper[here - 1]
        upper[here] = (x2 - x1) / pivot
        known[here] = (6 * ((y2 - y1) / (x2 - x1) - (y1 - y0) / (x1 - x0)) - (x1 - x0) * known[here - 1]) / pivot
    for here in range(count - 2, 0, -1):
        known[here] -= upper[here] * known[here + 1]
    return known
