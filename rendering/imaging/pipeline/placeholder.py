"""Placeholders, which pages show until the picture is there: a blurhash of thirty characters, and a colour."""

from dataclasses import dataclass

import blurhash
from PIL import Image

from ..filters.canvas import background_color
from ..frame.geometry import Fit, Geometry, plan
from ..reading.opened import Opened
from .render import develop

#: The longer side, in pixels, of the reduced picture that both are computed from. More would show no more.
SIDE = 24

#: The components of a blurhash along the longer and the shorter side.
LONG, SHORT = 4, 3

WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A `blurhash` in Wolt's format, and a `dominant_color` as in CSS. Transparent parts count as white."""

    blurhash: str
    dominant_color: str


def placeholder(derivative: Opened) -> Placeholder:
    """The placeholder of a derivative; of an animation, that of its first frame. Raises as `render` does."""
    frame = plan(Geometry(SIDE, SIDE, fit=Fit.CONTAIN), *derivative.header.size, derivative.limits)
    small = background_color(develop(derivative, frame, 1), WHITE).convert("RGB")
    wide = small.width >= small.height
    rows = [[small.getpixel((x, y)) for x in range(small.width)] for y in range(small.height)]
    return Placeholder(
        blurhash.encode(rows, *((LONG, SHORT) if wide else (SHORT, LONG))),
        "#{:02x}{:02x}{:02x}".format(*dominant(small)),
    )


def dominant(image: Image.Image) -> tuple[int, ...]:
    """The most frequent of the eight main colours of a picture in mode RGB: red, green, blue."""
    few = image.quantize(8, method=Image.Quantize.MEDIANCUT)
    counts = few.histogram()
    most = counts.index(max(counts))
    return tuple((few.getpalette() or [])[3 * most : 3 * most + 3])
