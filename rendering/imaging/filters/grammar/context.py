"""What a pixel filter has besides the picture: the requested size, other pictures, limits."""

from collections.abc import Callable
from typing import NoReturn

from msgspec import Struct
from PIL import Image

from rendering.imaging.errors import BadRecipe, TooLarge
from rendering.imaging.reading.limits import Limits, megapixels

#: Loads another picture (mode L, LA, RGB or RGBA) by its path, which is the bucket's name, a / and the original's key.
Load = Callable[[str], Image.Image]

#: Its width and height in pixels, without decoding it.
Measure = Callable[[str], tuple[int, int]]


def refuse_overlays(path: str) -> NoReturn:
    """Refuse every path: the `load` and `measure` where overlays cannot be loaded."""
    raise BadRecipe("This recipe lays another picture over the original, which is not possible here")


class Context(Struct, frozen=True):
    """A filter gets this by declaring it: `def fill(image: Image, context: Context, ...)`."""

    #: The requested width and height, which the picture may not fill (`fit-in`). 0: not requested.
    canvas: tuple[int, int] = (0, 0)
    load: Load = refuse_overlays
    measure: Measure = refuse_overlays
    limits: Limits = Limits()
    #: The number of frames of an animation; 1 for a still.
    frames: int = 1

    def check(self, width: int, height: int) -> None:
        """Raise TooLarge if a picture of that size, or an animation of it, is over the limits.

        Filters call this before they take memory for it.
        """
        limits = self.limits
        if width > limits.width or height > limits.height or width * height > limits.output_pixels:
            count, allowed = megapixels(width * height, limits.output_pixels)
            raise TooLarge(
                f"The filters make a picture of {width} x {height} pixels, {count} megapixels; "
                f"at most {limits.width} x {limits.height} and {allowed} megapixels are allowed"
            )
        if self.frames > 1 and width * height * self.frames > limits.frame_pixels:
            count, allowed = megapixels(width * height * self.frames, limits.frame_pixels)
            raise TooLarge(
                f"The filters make {self.frames} frames of {width} x {height} pixels, {count} megapixels; "
                f"at most {allowed} are allowed in all"
            )
