"""Filters that look at a pixel's neighbours."""

import math
from typing import Annotated

from PIL import ImageFilter
from PIL.Image import Image

from ..parameters import Number, Whole


def blur(image: Image, radius: Annotated[int, Whole(1, 150)], sigma: Annotated[float, Number(0, 150)] = 0) -> Image:
    """Blur the picture.

    `radius` is how many pixels on each side count; `sigma` is how fast they count less (without it, the radius).
    """
    # Alpha is blurred too: its edges belong to the shapes. Multiplied in, so that hidden colours do not bleed.
    blended = {"LA": "La", "RGBA": "RGBa"}.get(image.mode, image.mode)
    blurred = image.convert(blended) if blended != image.mode else image
    blurred = blurred.filter(ImageFilter.GaussianBlur(spread(radius, sigma or radius)))
    return blurred.convert(image.mode) if blended != image.mode else blurred


def spread(radius: int, sigma: float) -> float:
    """The standard deviation of a Gaussian cut off at `radius`, as Thumbor's is; Pillow's reaches as far as it must."""
    weights = [
        (offset * offset, math.exp(-offset * offset / (2 * sigma * sigma))) for offset in range(-radius, radius + 1)
    ]
    return math.sqrt(sum(square * weight for square, weight in weights) / sum(weight for _, weight in weights))
