"""A drawn original, and how Pillow saves one."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file, and what it should look like when it is opened."""

    content: bytes
    suffix: str
    #: Upright, in sRGB, at full size; for an animation, each frame. Empty where only lcms can compute it.
    intended: tuple[Image.Image, ...] = ()
    #: Durations of the frames in milliseconds, and the number of plays (0: for ever). Empty for a still.
    durations: tuple[float, ...] = ()
    plays: int = 0
    #: The file holds just the pixels that are intended, whatever a decoder makes of it: they are the truth.
    exact: bool = False


def saved(image: Image.Image, pillow: str, **options: Any) -> bytes:
    """The file of a picture, in a format by Pillow's name. A copy is saved: nothing of a picture's own goes along."""
    file = BytesIO()
    plain = image.copy()
    plain.info = {}
    plain.save(file, pillow, **options)
    return file.getvalue()


def still(image: Image.Image, suffix: str, pillow: str, **options: Any) -> Drawn:
    """A still that shows the picture as it is."""
    return Drawn(saved(image, pillow, **options), suffix, (image,))


def coloured(image: Image.Image, suffix: str, pillow: str, profile: bytes, **options: Any) -> Drawn:
    """A still whose numbers mean what a profile says."""
    return Drawn(saved(image, pillow, icc_profile=profile, **options), suffix)
