"""Filters that say how the picture is written."""

from dataclasses import replace
from typing import Annotated

from PIL.Image import Image, new

from ..encoding import FORMATS, Encoding
from ..parameters import Colour, Quality, Word


def format_(encoding: Encoding, name: Annotated[str, Word((*FORMATS, "jpg"))]) -> Encoding:
    """Write the picture in this format, whatever the original's is."""
    return replace(encoding, format="jpeg" if name == "jpg" else name)


def quality(encoding: Encoding, percent: Quality) -> Encoding:
    """Write JPEG, WebP and AVIF with this quality: less means smaller files. PNG and GIF have none."""
    return replace(encoding, jpeg_quality=percent, webp_quality=percent, avif_quality=percent)


def background_color(image: Image, colour: Colour) -> Image:
    """Put this colour behind transparent parts."""
    if image.mode not in ("LA", "RGBA"):
        return image
    ground = new("RGBA", image.size, (*colour, 255))
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")
