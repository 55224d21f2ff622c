"""Paint: what a filter fills a ground with. A colour, transparency, or something made from the picture itself."""

from dataclasses import dataclass
from typing import Annotated

from PIL.Image import Image, new

from ..errors import BadArgument
from ..parameters import RGB, Parameter, Rgb, excerpt
from .bands import to_rgb
from .effects import blur

WORDS = ("auto", "blur", "transparent")


@dataclass(frozen=True, slots=True)
class PaintText(Parameter):
    """A colour, `auto` (the picture's mean colour), `blur` (the picture itself, blurred) or `transparent`."""

    def read(self, text: str) -> RGB | str:
        if text.lower() in WORDS:
            return text.lower()
        try:
            return Rgb().read(text)
        except BadArgument:
            raise BadArgument(f"{excerpt(text)} is not {self.explain()}") from None

    def write(self, value: RGB | str) -> str:
        return value if isinstance(value, str) else Rgb().write(value)

    def explain(self) -> str:
        return f"{Rgb().explain()}; or one of {', '.join(WORDS)}"


Paint = Annotated[RGB | str, PaintText()]


def ground(image: Image, paint: RGB | str, size: tuple[int, int]) -> Image:
    """A ground of that size in pixels, filled with the paint. Mode RGBA if it is transparent, else RGB."""
    if paint == "transparent":
        return new("RGBA", size, (0, 0, 0, 0))
    if paint == "blur":
        return blur(to_rgb(image).convert("RGB"), 50).resize(size)
    return new("RGB", size, mean(image) if isinstance(paint, str) else paint)


def mean(image: Image) -> RGB:
    """The mean colour of the pixels that are not fully transparent."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    histogram = to_rgb(image).histogram(alpha)
    bands = [histogram[start : start + 256] for start in (0, 256, 512)]
    red, green, blue = (sum(level * count for level, count in enumerate(band)) // max(1, sum(band)) for band in bands)
    return red, green, blue
