"""What a pixel filter may know and have beside the picture itself."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from rendering.imaging.errors import BadRecipe, TooLarge
from rendering.imaging.reading.limits import Limits, megapixels

#: Another picture (mode L, LA, RGB or RGBA), by its decoded path: the bucket's name, a /, the original's key.
Load = Callable[[str], Image.Image]


def nothing(path: str) -> Image.Image:
    raise BadRecipe("This recipe needs another picture, and there is none to be had here")


@dataclass(frozen=True, slots=True)
class Room:
    """A filter gets it by asking for it: `def fill(image: Image, room: Room, ...)`."""

    #: The size that was asked for, which the picture may not fill (`fit-in`). 0: none was.
    canvas: tuple[int, int] = (0, 0)
    load: Load = nothing
    limits: Limits = Limits()
    #: How many pictures there are at once: the frames of an animation.
    frames: int = 1

    def check(self, width: int, height: int) -> None:
        """Raise TooLarge unless a picture may become that large. Called before memory is taken for it."""
        limits = self.limits
        if width > limits.width or height > limits.height or width * height > limits.output_pixels:
            count, allowed = megapixels(width * height, limits.output_pixels)
            raise TooLarge(
                f"The filters make a picture of {width} x {height} pixels, {count} megapixels; "
                f"{limits.width} x {limits.height} and {allowed} megapixels are allowed"
            )
        if self.frames > 1 and width * height * self.frames > limits.frame_pixels:
            count, allowed = megapixels(width * height * self.frames, limits.frame_pixels)
            raise TooLarge(
                f"The filters make {self.frames} frames of {width} x {height} pixels, {count} megapixels; "
                f"{allowed} are allowed in all"
            )
