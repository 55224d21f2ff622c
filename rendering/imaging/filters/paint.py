"""Paint: what a filter fills a ground with. A colour, transparency, or something made from the picture itself."""

import re
from typing import Annotated

from PIL.Image import Image, new

from ..errors import BadArgument
from ..parameters import RGB, Parameter, Rgb, excerpt
from .bands import to_rgb
from .effects import blur

WORDS = ("auto", "blur", "transparent")
#: Red, green, blue and, if the colour is not opaque, alpha, each 0 to 255.
Ink = RGB | tuple[int, int, int, int]


class PaintText(Parameter, frozen=True):
    """A colour, `auto` (the picture's mean colour), `blur` (the picture itself, blurred) or `transparent`."""

    def read(self, text: str) -> Ink | str:
        if text.lower() in WORDS:
            return text.lower()
        if found := re.fullmatch("#?([0-9a-f]{4}|[0-9a-f]{8})", text.lower()):
            digits = found[1] if len(found[1]) == 8 else "".join(digit * 2 for digit in found[1])
            red, green, blue, alpha = bytes.fromhex(digits)
            return (red, green, blue) if alpha == 255 else (red, green, blue, alpha)
        try:
            return Rgb().read(text)
        except BadArgument:
            raise BadArgument(f"{excerpt(text)} is not {self.explain()}") from None

    def write(self, value: Ink | str) -> str:
        return value if isinstance(value, str) else bytes(value).hex()

    def explain(self) -> str:
        return f"{Rgb().explain()}, or ff880080 with its opacity; or one of {', '.join(WORDS)}"


Paint = Annotated[Ink | str, PaintText()]


def ground(image: Image, paint: Ink | str, size: tuple[int, int]) -> Image:
    """A ground of that size in pixels, filled with the paint. Mode RGBA if it may be transparent, else RGB."""
    if paint == "transparent":
        return new("RGBA", size, (0, 0, 0, 0))
    if paint == "blur":
        return blur(to_rgb(image), 50).resize(size)
    ink = mean(image) if isinstance(paint, str) else paint
    return new("RGB" if len(ink) == 3 else "RGBA", size, ink)


def mean(image: Image) -> RGB:
    """The mean colour of the pixels that are not fully transparent."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    histogram = to_rgb(image).histogram(alpha)
    bands = [histogram[start : start + 256] for start in (0, 256, 512)]
    red, green, blue = (sum(level * count for level, count in enumerate(band)) // max(1, sum(band)) for band in bands)
    return red, green, blue
