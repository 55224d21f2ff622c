"""What a page shows before a picture is there: a blur of it in thirty characters, and its colour."""

from dataclasses import dataclass

import blurhash
from PIL import Image

from ..filters.canvas import background_color
from ..frame.geometry import Fit, Geometry, plan
from ..reading.opened import Opened
from .render import developed

#: Pixels of the longer side from which both are found: more would show no more, and take longer.
SIDE = 24

#: Waves of a blurhash along the longer and along the shorter side.
LONG, SHORT = 4, 3

WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`blurhash` as woltapp's format has it; `dominant_color` as in CSS. Transparent parts count as white."""

    blurhash: str
    dominant_color: str


def placeholder(derivative: Opened) -> Placeholder:
    """The placeholder of a derivative: of its first frame, if it moves. Raises as `render` does."""
    frame = plan(Geometry(SIDE, SIDE, fit=Fit.CONTAIN), *derivative.header.size, derivative.limits)
    small = background_color(developed(derivative, frame, 1), WHITE).convert("RGB")
    wide = small.width >= small.height
    rows = [[small.getpixel((x, y)) for x in range(small.width)] for y in range(small.height)]
    return Placeholder(
        blurhash.encode(rows, *((LONG, SHORT) if wide else (SHORT, LONG))),
        "#{:02x}{:02x}{:02x}".format(*dominant(small)),
    )


def dominant(image: Image.Image) -> tuple[int, ...]:
    """The most frequent of a picture's (mode RGB) few main colours: red, green, blue."""
    few = image.quantize(8, method=Image.Quantize.MEDIANCUT)
    counts = few.histogram()
    most = counts.index(max(counts))
    return tuple((few.getpalette() or [])[3 * most : 3 * most + 3])
