"""Filters that blur, pixelate, add grain or draw on the picture; and the letters that are drawn on it."""

import math
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any

from PIL import ImageChops, ImageDraw, ImageFilter, ImageFont
from PIL.Image import Image, Resampling, frombytes, merge, new

from ..box import Area, Pixels
from ..parameters import RGB, Colour, Integer, Number
from .bands import change_colours, premultiply, unpremultiply
from .grammar.cost import costs

#: Room between lines of text, as a part of their height.
LEADING = 0.2


class Magnitude(Number, frozen=True):
    """A decimal number of which, in a Thumbor URL, the sign does not count."""

    def read_leniently(self, text: str) -> float:
        return super().read_leniently(text.removeprefix("-"))


@costs(50)
def blur(
    image: Image,
    radius: Annotated[int, Integer(0, 150), "radius, in pixels"],
    sigma: Annotated[float, Magnitude(0, 150), "softness (sigma)"] = 0,
) -> Image:
    """Blur the picture.

    `radius` is the number of pixels on each side that count; 0 changes nothing. `sigma` is the standard deviation of
    the Gaussian; without it, the radius is used.
    """
    if not radius:
        return image
    # Alpha is blurred too: its edges belong to the shapes.
    return unpremultiply(premultiply(image).filter(ImageFilter.GaussianBlur(truncated_sigma(radius, sigma or radius))))


@costs(20)
def pixelate(image: Image, size: Annotated[int, Integer(0, 1000), "size of a square, in pixels"]) -> Image:
    """Draw the picture in squares of one colour, `size` pixels wide. 0 and 1 change nothing."""
    if size in (0, 1):
        return image
    small = premultiply(image).reduce(size)
    large = small.resize((small.width * size, small.height * size), Resampling.NEAREST)
    return unpremultiply(large.crop((0, 0, image.width, image.height)))


@costs(5)
def outline(image: Image, area: Annotated[Area, "box"], colour: Colour = (255, 0, 0)) -> Image:
    """Draw a line around a part of the picture.

    `area` is `left x top : right x bottom`, in pixels of the resized picture (10x20:300x400) or in fractions of its
    sides (0.1x0.2:0.9x0.8).
    """
    drawn = image.convert("RGBA" if image.mode in ("LA", "RGBA") else "RGB")
    box = area.within(*drawn.size)
    # Thick enough to be seen on a photo of 12 megapixels, and one pixel on an icon.
    thick = 1 + min(drawn.size) // 150
    left, top = int(box.left), int(box.top)
    corners = (left, top, max(left, int(box.right) - 1), max(top, int(box.bottom) - 1))
    ImageDraw.Draw(drawn).rectangle(corners, outline=colour, width=thick)
    return drawn


@costs(20)
def noise(
    image: Image,
    amount: Annotated[int, Integer(0, 255)],
    seed: Annotated[int, Integer(0, 999_999_999), "seed of the grain"] = 0,
) -> Image:
    """Lighten or darken every pixel at random, by up to half the amount. 0 changes nothing.

    The same `seed` always gives the same grain. Without one, it is derived from the amount and the picture's size.
    """
    # Equal recipes must give equal bytes, so the grain must be reproducible.
    source = random.Random(f"{seed} {amount} {image.size}")  # noqa: S311  # grain, not a secret
    grain = frombytes("L", image.size, source.randbytes(image.width * image.height))
    grain = grain.point([level * amount // 255 for level in range(256)])

    def add_grain(colours: Image) -> Image:
        bands = merge("RGB", (grain, grain, grain)) if colours.mode == "RGB" else grain
        return ImageChops.add(colours, bands, offset=-(amount // 2))

    return change_colours(image, add_grain)


def truncated_sigma(radius: int, sigma: float) -> float:
    """The standard deviation of Thumbor's Gaussian, which is cut off at `radius`; Pillow's is not cut off."""
    weights = [
        (offset * offset, math.exp(-offset * offset / (2 * sigma * sigma))) for offset in range(-radius, radius + 1)
    ]
    return math.sqrt(sum(square * weight for square, weight in weights) / sum(weight for _, weight in weights))


@lru_cache(maxsize=8)
def font(size: int) -> Any:
    """Aileron, which Pillow bundles, at that height in pixels. Letters are set one by one, alike on every machine."""
    return ImageFont.load_default(size)


class Letters:
    """A text whose lines are broken, measured before anything of it is drawn: a hundred lines can be a hundred times as
    large as their letters.

    `width` is that at which lines are wrapped between words, in pixels, or 0. `align` is left, center or right.
    """

    def __init__(self, text: str, size: int, width: int, align: str) -> None:
        self.text, self.font = "\n".join(wrapped(text, size, width)), font(size)
        self.layout: dict[str, Any] = {"spacing": round(size * LEADING), "align": align}
        measure = ImageDraw.Draw(new("L", (1, 1)))
        self.left, self.top, right, bottom = measure.multiline_textbbox((0, 0), self.text, self.font, **self.layout)
        #: Of the whole text, in pixels.
        self.size = max(1, round(right - self.left)), max(1, round(bottom - self.top))

    def drawn(self, part: Pixels, colour: RGB) -> Image:
        """That part of the text, in its pixels, as a picture. Mode RGBA."""
        left, top, right, bottom = part
        alpha = new("L", (right - left, bottom - top), 0)
        start = -self.left - left, -self.top - top
        ImageDraw.Draw(alpha).multiline_text(start, self.text, 255, self.font, **self.layout)
        mark = new("RGB", alpha.size, colour)
        mark.putalpha(alpha)
        return mark


def wrapped(text: str, size: int, width: int) -> Iterator[str]:
    """The lines of a text, none wider than `width` pixels, but for words that are."""
    for line in text.split("\n"):
        begun = ""
        for word in line.split(" "):
            longer = f"{begun} {word}" if begun else word
            if begun and width and font(size).getlength(longer) > width:
                yield begun
                begun = word
            else:
                begun = longer
        yield begun
