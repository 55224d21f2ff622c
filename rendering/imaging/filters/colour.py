"""Filters that change colours. The arithmetic is Thumbor's: integers, truncated towards zero."""

import math
from typing import Annotated

from PIL import ImageMath
from PIL.Image import Image, merge, new

from ..parameters import RGB, Colour, Factor, Number, Percent, Share
from .bands import apply_tables, change_colours, clamp
from .grammar.cost import costs

#: Pixels that saturation processes at a time.
STRIP = 250_000


@costs(10)
def brightness(image: Image, amount: Percent) -> Image:
    """Lighten (positive) or darken (negative) the picture.

    At 100 everything is white, at -100 everything black, at 0 nothing changes.
    """
    return apply_tables(image, [shift_table(amount)] * 3)


@costs(10)
def contrast(image: Image, amount: Percent) -> Image:
    """Strengthen (positive) or weaken (negative) the contrast.

    At -100 everything is the same grey, at 0 nothing changes.
    """
    strength = (amount + 100) ** 2 // 100
    return apply_tables(image, [[clamp(int(strength * (value - 128) / 100) + 128) for value in range(256)]] * 3)


@costs(40)
def saturation(image: Image, factor: Annotated[Factor, "strength; 1 changes nothing"]) -> Image:
    """Make the colours stronger (above 1) or weaker (below 1).

    At 0 the picture is grey, at 1 nothing changes. Below 0 colours turn into their opposites.
    """
    return change_colours(image, lambda colours: saturate(colours, factor))


@costs(15)
def hue(image: Image, degrees: Annotated[float, Number(-360, 360), "degrees"]) -> Image:
    """Turn all colours by this angle on the colour wheel, and keep how bright they are.

    120 turns red into green, 180 turns colours into their opposites. Greys stay as they are.
    """
    return change_colours(image, lambda colours: colours.convert("RGB").convert("RGB", hue_matrix(degrees)))


def hue_matrix(degrees: float) -> tuple[float, ...]:
    """The matrix that turns colours, as `hue-rotate()` of CSS: three rows of red, green, blue and a constant."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    weights = (0.213, 0.715, 0.072)
    turns = ((-0.213, -0.715, 0.928), (0.143, 0.140, -0.283), (-0.787, 0.715, 0.072))
    rows = (
        (
            weight + cosine * ((band == column) - weight) + sine * turn
            for column, (weight, turn) in enumerate(zip(weights, turns[band], strict=True))
        )
        for band in range(3)
    )
    return tuple(number for row in rows for number in (*row, 0))


@costs(10)
def grayscale(image: Image) -> Image:
    """Turn the picture grey."""
    return change_colours(image, lambda colours: colours.convert("L"))


@costs(10)
def rgb(image: Image, red: Percent, green: Percent, blue: Percent) -> Image:
    """Add (positive) or remove (negative) red, green and blue.

    100 adds as much as possible of a colour, -100 removes all of it, 0 changes nothing.
    """
    return apply_tables(image, [shift_table(red), shift_table(green), shift_table(blue)])


@costs(10)
def colorize(
    image: Image,
    red: Annotated[Share, "of red, in percent"],
    green: Annotated[Share, "of green, in percent"],
    blue: Annotated[Share, "of blue, in percent"],
    colour: Colour,
) -> Image:
    """Blend the picture with a colour, by a percentage for each of red, green and blue.

    At 0 the picture is unchanged, at 100 nothing of it is left.
    """
    return mix(image, (red, green, blue), colour)


def mix(image: Image, shares: tuple[int, int, int], colour: RGB) -> Image:
    """Blend the picture with a colour; `shares` are the percentages of the colour in red, green and blue."""
    tables = [
        [(value * (100 - share) + fill * share) // 100 for value in range(256)]
        for share, fill in zip(shares, colour, strict=True)
    ]
    return apply_tables(image, tables)


def shift_table(amount: int) -> list[int]:
    """The lookup table that adds `amount` percent of 255 to each level."""
    return [clamp(value + int(255 * amount / 100)) for value in range(256)]


def saturate(image: Image, factor: float) -> Image:
    """Move each colour away from the grey that is as bright (factor above 1), or towards it (below 1)."""
    if image.mode != "RGB":
        return image
    # In strips, because in floating point a picture takes some twenty times the memory.
    result = new("RGB", image.size)
    rows = max(1, STRIP // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        result.paste(saturate_strip(strip, factor), (0, top))
    return result


def saturate_strip(image: Image, factor: float) -> Image:
    red, green, blue = (band.convert("F") for band in image.split())
    bright = ImageMath.lambda_eval(
        lambda args: (
            (args["r"] * args["r"] * 0.299 + args["g"] * args["g"] * 0.587 + args["b"] * args["b"] * 0.114) ** 0.5
        ),
        r=red,
        g=green,
        b=blue,
    )
    bands = [
        ImageMath.lambda_eval(
            lambda args: args["convert"](args["p"] + (args["c"] - args["p"]) * factor, "L"), c=band, p=bright
        )
        for band in (red, green, blue)
    ]
    return merge("RGB", bands)
