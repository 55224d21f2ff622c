"""Trimming: cutting off a border of one colour, as Thumbor does."""

import re
from typing import Final, Self

from PIL import Image, ImageChops, ImageMath

from ..box import Pixels
from ..documents import TextValue
from ..errors import BadArgument
from ..parameters import excerpt

#: The greatest distance between two colours: 255 in each of red, green, blue and alpha. Opaque ones are at most 442
#: apart.
FARTHEST = 510

#: Pixels compared at a time. Distances take about sixteen times the memory of the picture.
STRIP = 500_000

#: A table that marks the level 0 among the 256.
IS_ZERO = [255, *[0] * 255]


class Trim(TextValue):
    """Cut off the border that has the colour of a corner pixel, give or take `tolerance`: a distance, 0 to FARTHEST."""

    __slots__ = ("from_bottom_right", "tolerance")

    def __init__(self, from_bottom_right: bool = False, tolerance: int = 0) -> None:
        self.from_bottom_right: Final = from_bottom_right
        self.tolerance: Final = tolerance

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `trim`, `trim:bottom-right`, `trim:top-left:20` or `trim:20`. Raises BadArgument."""
        found = re.fullmatch(r"trim(?::(top-left|bottom-right))?(?::([0-9]{1,3}))?", text)
        if not found or int(found[2] or 0) > FARTHEST:
            raise BadArgument(
                f"{excerpt(text)} is not a way to trim; write trim, trim:bottom-right or trim:top-left:20, "
                f"with a tolerance from 0 to {FARTHEST}"
            )
        return cls(found[1] == "bottom-right", int(found[2] or 0))

    def __str__(self) -> str:
        # A tolerance always follows a corner: Thumbor 7 takes the number in trim:50 for a corner.
        corner = "bottom-right" if self.from_bottom_right else "top-left"
        if self.tolerance:
            return f"trim:{corner}:{self.tolerance}"
        return "trim:bottom-right" if self.from_bottom_right else "trim"


def inner_box(image: Image.Image, corner: tuple[int, int], tolerance: int) -> Pixels | None:
    """The bounding box of the pixels farther than `tolerance` from the one at `corner`; None if there are none.

    The distance is Euclidean, over all channels of RGB or RGBA, so that alpha counts too. What is fully transparent is
    alike, whatever colours it hides.
    """
    mode = "RGBA" if image.mode in ("LA", "RGBA") else "RGB"
    colour = image.crop((*corner, corner[0] + 1, corner[1] + 1)).convert(mode).getpixel((0, 0))
    assert isinstance(colour, tuple)
    transparent = mode == "RGBA" and not colour[3]
    rows = max(1, STRIP // image.width)
    boxes = []
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height))).convert(mode)
        apart = ImageChops.difference(strip, Image.new(mode, strip.size, colour))
        if transparent:
            apart.paste((0, 0, 0, 0), mask=strip.getchannel("A").point(IS_ZERO))
        if box := distant_box(apart, tolerance):
            boxes.append((box[0], box[1] + top, box[2], box[3] + top))
    if not boxes:
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def distant_box(apart: Image.Image, tolerance: int) -> Pixels | None:
    """The bounding box of the pixels whose differences, over all channels, add up to a distance above the tolerance."""
    if not tolerance:
        return apart.getbbox(alpha_only=False)
    squares = [float(value * value) for value in range(256)]
    bands = [band.point(squares, "F") for band in apart.split()]
    far = ImageMath.lambda_eval(
        lambda args: sum(args[f"band{number}"] for number in range(len(bands))) > float(tolerance * tolerance),
        **{f"band{number}": band for number, band in enumerate(bands)},
    )
    assert isinstance(far, Image.Image)
    return far.convert("L").getbbox()
