"""imagor's filters, as filters of this service. Each says what imagor does with its arguments, which is not always what
Thumbor does: it rotates clockwise, and a `blur` of 4 has a sigma of 2."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rendering.imaging.errors import BadArgument
from rendering.imaging.filters import FILTERS, Call
from rendering.imaging.filters.grammar.registry import Skipped, check_number
from rendering.imaging.frame.geometry import Box, Fit, Geometry

from .overlays import call, image, label, number, text, watermark
from .slots import decode

#: Left, top, right and bottom, in pixels.
Padding = tuple[int, int, int, int]
Translated = Iterator[Call]

#: The inverse of each level, for `invert`.
INVERTED = "[(0,255),(255,0)]"
SAME = "[(0,0),(255,255)]"


class Read(Struct, frozen=True):
    """What the filters of a URL come to. Those of geometry are applied."""

    geometry: Geometry
    calls: tuple[Call, ...]
    skipped: tuple[Skipped, ...]


class Reading:
    """The filters as far as they have been read."""

    def __init__(self, geometry: Geometry, padding: Padding) -> None:
        self.geometry, self.padding = geometry, padding
        self.calls: list[Call] = []
        #: Degrees clockwise by which the picture has been rotated since, and where the first of these rotations is.
        self.turned, self.turned_at = 0, 0
        self.format, self.lossless = "", False

    def add(self, name: str, texts: list[str]) -> None:
        """Read one filter. Raises BadArgument for one that cannot be applied."""
        if own := getattr(self, f"add_{name}", None):
            own(texts)
        elif name in FILTER_OF_FILTER:
            self.calls += FILTER_OF_FILTER[name](texts)
        else:
            if name not in FILTERS:
                raise BadArgument(f"{FILTERS.unknown(name)}")
            self.calls.append(call(name, *map(decode, texts)))

    def add_fill(self, texts: list[str]) -> None:
        """What surrounds the picture: up to its size, and beyond by the padding of the URL."""
        paint = paint_of(texts)
        added = [call("fill", paint, "false" if paint == "transparent" else "true")]
        if any(self.padding):
            left, top, right, bottom = self.padding
            # imagor turns the size and the padding with the picture. Here they are put around it before it is turned.
            sides = {90: (left, bottom, right, top), 270: (right, top, left, bottom)}.get(self.turned, self.padding)
            added.append(call("padding", *map(str, sides), paint))
        at = self.turned_at if self.turned % 180 else len(self.calls)
        self.calls[at:at] = added

    def add_rotate(self, texts: list[str]) -> None:
        degrees = quarter(texts)
        if not self.turned % 180:
            self.turned_at = len(self.calls)
        self.turned = (self.turned + degrees) % 360
        self.calls.append(call("rotate", str(-degrees)))

    def add_orient(self, texts: list[str]) -> None:
        self.geometry = call("orientation", str(-quarter(texts)))(self.geometry)

    def add_upscale(self, texts: list[str]) -> None:
        self.geometry = replace(self.geometry, enlarge=True)

    def add_no_upscale(self, texts: list[str]) -> None:
        self.geometry = replace(self.geometry, enlarge=False)

    def add_stretch(self, texts: list[str]) -> None:
        if self.geometry.fit is Fit.COVER:
            self.geometry = replace(self.geometry, fit=Fit.STRETCH)

    def add_focal(self, texts: list[str]) -> None:
        self.geometry = replace(self.geometry, focal=(*self.geometry.focal, focal(texts)))

    def add_format(self, texts: list[str]) -> None:
        self.calls.append(call("format", *texts[:1]))
        self.format = texts[0]

    def add_autojpg(self, texts: list[str]) -> None:
        self.add_format(["jpeg"])

    def add_lossless(self, texts: list[str]) -> None:
        self.lossless = True

    def end(self) -> None:
        """Add what depends on all filters. Raises BadArgument."""
        if self.lossless and self.format == "webp":
            self.calls.append(call("quality", "100"))  # which is lossless in WebP
        elif self.lossless and self.format not in ("jpeg", "jpg", "png"):
            raise BadArgument("lossless: only WebP is written without loss; write format(webp) beside it")


def read(calls: list[tuple[str, list[str]]], geometry: Geometry, padding: Padding) -> Read:
    """Read filters, given as names and texts of arguments. Raises BadRecipe for too many, and for an overlay that
    cannot be one."""
    check_number(len(calls))
    reading, skipped = Reading(geometry, padding), []
    for name, texts in calls:
        try:
            reading.add(name, texts)
        except BadArgument as error:
            skipped.append(Skipped.of(name, error))
    try:
        reading.end()
    except BadArgument as error:
        skipped.append(Skipped.of("lossless", error))
    check_number(len(reading.calls))
    return Read(reading.geometry, tuple(reading.calls), tuple(skipped))


def paint_of(texts: list[str]) -> str:
    """A colour, `auto`, `blur` or `transparent`, which imagor also calls `none`."""
    paint = decode(texts[0]) if texts else ""
    return "transparent" if paint == "none" else paint


def quarter(texts: list[str]) -> int:
    """An angle, clockwise: 0, 90, 180 or 270."""
    if not texts or texts[0] not in ("0", "90", "180", "270"):
        raise BadArgument("An angle is 0, 90, 180 or 270, clockwise")
    return int(texts[0])


def focal(texts: list[str]) -> Box:
    """A focal area, `10x20:300x400`, or a point, `10x20` or `10,20`; of fractions if all numbers may be some."""
    numbers = re.split("[x:,]", ",".join(texts))
    if len(numbers) not in (2, 4) or not all(re.fullmatch(r"[0-9]{0,6}(\.[0-9]{1,9})?", each) for each in numbers):
        raise BadArgument("focal: write an area, 10x20:300x400, or a point, 10x20, in pixels or in fractions")
    left, top, *corner = (float(each or 0) for each in numbers)
    fractions = left < 1 and top < 1 and all(each <= 1 for each in corner)
    # A point is an area of a pixel.
    right, bottom = corner or ((left + 1e-6, top + 1e-6) if fractions else (left + 1, top + 1))
    if left >= right or top >= bottom:
        raise BadArgument("focal: the area is empty; its first corner is the upper left one")
    return Box(left, top, right, bottom, fractions)


def blur(texts: list[str]) -> Translated:
    sigma = number(texts, 1) if len(texts) > 1 else number(texts, 0) / 2
    # Beyond a radius of three sigmas the weights are too small to be seen.
    yield call("blur", f"{math.ceil(3 * min(max(sigma, 0), 50))}", f"{min(max(sigma, 0), 150):.9f}")


def sharpen(texts: list[str]) -> Translated:
    sigma = 1 + 2 * number(texts, 1 if len(texts) > 1 else 0)
    if sigma > 1:
        yield call("sharpen", "1", f"{math.log2(min(sigma, 1000)):.9f}", "true")


def modulate(texts: list[str]) -> Translated:
    brightness, saturation, degrees = (number(texts, position) for position in range(3))
    if brightness:
        raise BadArgument("modulate: its brightness is a factor, which no filter here has; write 0, and brightness()")
    yield call("saturation", f"{1 + saturation / 100:.9f}")
    yield call("hue", f"{degrees % 360:.9f}")


def proportion(texts: list[str]) -> Translated:
    share = min(number(texts, 0), 100)
    yield call("proportion", f"{max(0, share / 100 if share > 1 else share):.9f}")


def padding(texts: list[str]) -> Translated:
    """`color,left,top,right,bottom`, or fewer: the others are then as their opposites."""
    left = whole(texts, 1)
    top = whole(texts, 2) if len(texts) > 2 else left
    right, bottom = (whole(texts, 3), whole(texts, 4)) if len(texts) > 4 else (left, top)
    yield call("padding", left, top, right, bottom, paint_of(texts))


def round_corner(texts: list[str]) -> Translated:
    radius = "|".join(decode(each) for each in texts[:2])
    if len(texts) < 3:
        yield call("round_corner", radius, "0", "0", "0", "true")
    else:
        (paint,) = call("background_color", paint_of(texts[2:])).values
        ink: tuple[int, ...] = paint if isinstance(paint, tuple) else (0, 0, 0)
        yield call("round_corner", radius, *map(str, ink[:3]))


def rounded(name: str) -> Callable[[list[str]], Translated]:
    """A filter of the same name here, whose numbers are whole."""
    return lambda texts: iter([call(name, *(whole(texts, position) for position in range(len(texts))))])


def whole(texts: list[str], position: int) -> str:
    """A whole number, rounded from the text at a position."""
    return f"{min(max(number(texts, position), -99_999), 99_999):.0f}"


def first_frame(texts: list[str]) -> Translated:
    """A single frame, the first one: no other is served alone, and no animation is cut."""
    if texts[:1] != ["1"]:
        raise BadArgument("Of an animation all frames are served, or the first one: write 1")
    yield call("cover")


def nothing(texts: list[str]) -> Translated:
    """What is always done, or is about files that are not served."""
    return iter(())


def unknown_space(texts: list[str]) -> Translated:
    if texts and decode(texts[0]).lower() not in ("", "srgb"):
        raise BadArgument("to_colorspace: pictures are always in sRGB")
    return iter(())


FILTER_OF_FILTER: Final[dict[str, Callable[[list[str]], Translated]]] = {
    "blur": blur,
    "brightness": rounded("brightness"),
    "contrast": rounded("contrast"),
    "dpi": nothing,
    "expire": lambda texts: iter([call("expire", f"{number(texts, 0) // 1000:.0f}")]),  # in milliseconds
    "hue": lambda texts: iter([call("hue", f"{number(texts, 0) % 360:.9f}")]),
    "image": image,
    "invert": lambda texts: iter([call("curve", INVERTED, SAME, SAME, SAME)]),
    "label": label,
    "max_frames": first_frame,
    "modulate": modulate,
    "padding": padding,
    "page": first_frame,
    "preview": nothing,
    "proportion": proportion,
    "rgb": rounded("rgb"),
    "round_corner": round_corner,
    "saturation": lambda texts: iter([call("saturation", f"{1 + number(texts, 0) / 100:.9f}")]),
    "sharpen": sharpen,
    "strip_metadata": nothing,
    "text": text,
    "to_colorspace": unknown_space,
    "watermark": watermark,
}
