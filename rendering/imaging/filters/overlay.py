"""Filters that combine the picture with another one, or with text: a watermark, a picture, a frame."""

import math
from typing import Annotated, Any

from PIL.Image import Image, Resampling, new

from ..box import Pixels, Rectangle
from ..frame.sizes import contained_size
from ..parameters import Colour, Integer, OverlayPath, Parameter, Share, Word
from .bands import premultiply, to_rgb, unpremultiply
from .effects import Letters
from .grammar.context import Context
from .grammar.cost import Size, costs
from .grammar.extent import Along, Extent
from .grammar.lines import Line
from .grammar.position import Position, PositionArgument
from .ninepatch import NinePatch

#: Where tiling would take more than MOST_REPEATS marks, there are at most FEW in each direction instead.
MOST_REPEATS, FEW = 100, 6

#: Pixels between repeated marks that are too large to be spread evenly.
GAP = 10

#: The largest percentage of a side.
MOST_PERCENT = 1000


class MaxPercent(Parameter, frozen=True):
    """The percentage of a side that a mark is scaled to, or `none`, which is 0 as a value."""

    def read(self, text: str) -> int:
        return 0 if text == "none" else Integer(0, MOST_PERCENT).read(text)

    def read_leniently(self, text: str) -> int:
        # Thumbor takes a negative percentage, and the other one alone then counts.
        return 0 if text == "none" else max(0, Integer(-1, MOST_PERCENT).read_leniently(text))

    def write(self, value: int) -> str:
        return str(value) if value else "none"

    def explain(self) -> str:
        return f"{Integer(1, MOST_PERCENT).explain()}, or none"


MaxShare = Annotated[int, MaxPercent()]

#: Nanoseconds of a processor for each pixel of the picture, of a mark as it is decoded, once, and of one that is
#: scaled, before and after.
PLACING, DECODING, SCALING = 20, 80, 20

#: The same for each pixel of the squares that letters fill.
LETTERING = 40

START, NO_EXTENT = Position(), Extent()


def marking_cost(
    size: Size,
    context: Context,
    path: str,
    x: Position,
    y: Position,
    transparency: int,
    width_ratio: int,
    height_ratio: int,
) -> float:
    mark = context.measure(path)
    made = scaled_size(mark, size, width_ratio, height_ratio)
    # Of a scaled mark, only what is in sight is made.
    seen = math.prod(min(own, side) for own, side in zip(made, size, strict=True))
    scaling = SCALING * (math.prod(mark) + seen) if made != mark else 0
    return PLACING + (DECODING * math.prod(mark) / context.frames + scaling) / math.prod(size)


def framed_size(size: Size, context: Context, path: str) -> Size:
    # A frame adds no more than its own sides; how much its marks say, which are pixels.
    mark, limits = context.measure(path), context.limits
    return min(size[0] + mark[0], limits.width), min(size[1] + mark[1], limits.height)


@costs(marking_cost)
def watermark(
    image: Image,
    context: Context,
    path: Annotated[OverlayPath, "picture"],
    x: Annotated[PositionArgument, "from the left"],
    y: Annotated[PositionArgument, "from the top"],
    transparency: Annotated[Share, "transparency, in percent"],
    width_ratio: Annotated[MaxShare, "at most as wide, in percent of the picture"] = 0,
    height_ratio: Annotated[MaxShare, "at most as high, in percent of the picture"] = 0,
) -> Image:
    """Lay another picture over this one.

    `path` is its bucket, a / and its key. In the key, write a comma as `%2C`, a space at either end as `%20` and a
    percent sign as `%25`. `x` and `y` are pixels from the left and top (`10`) or from the right and bottom (`-10`), a
    percentage of the picture (`10p`), `center`, or `repeat`, which tiles. `transparency` is 0 for opaque and 100 for
    invisible. The ratios scale it, in proportion, to a percentage of the picture's width and height; what is then
    larger than the picture is cut off.
    """
    mark = context.load(path)
    size = scaled_size(mark.size, image.size, width_ratio, height_ratio)
    corners = mark_corners(image.size, size, x, y)
    sight = in_sight(image.size, size, corners)
    if not sight:
        return image
    mark = fade(scale(mark, size, sight), transparency)
    return lay(image, mark, [(left + sight[0], top + sight[1]) for left, top in corners])


def image_cost(
    size: Size,
    context: Context,
    path: str,
    x: Position,
    y: Position,
    transparency: int,
    width: Extent,
    height: Extent,
    fit: str,
) -> float:
    mark = context.measure(path)
    made, _ = met_size(mark, size, width, height, fit)
    context.check(*made)
    return PLACING + (DECODING * math.prod(mark) / context.frames + SCALING * (math.prod(mark) + math.prod(made))) / (
        math.prod(size)
    )


@costs(image_cost)
def image_(
    image: Image,
    context: Context,
    path: Annotated[OverlayPath, "picture"],
    x: Annotated[PositionArgument, "from the left"] = START,
    y: Annotated[PositionArgument, "from the top"] = START,
    transparency: Annotated[Share, "transparency, in percent"] = 0,
    width: Annotated[Along, "its width"] = NO_EXTENT,
    height: Annotated[Along, "its height"] = NO_EXTENT,
    fit: Annotated[str, Word(("cover", "contain", "stretch")), "how it meets that size"] = "cover",
) -> Image:
    """Lay another picture over this one, at a size of its own.

    `path`, `x`, `y` and `transparency` are as of `watermark`. `width` and `height` are pixels (`300`), a percentage of
    the picture (`80p`), or less than it (`-40`); where one is 0, it follows from the other. To meet both, the picture
    is cut (`cover`), fitted inside and not enlarged (`contain`), or distorted (`stretch`).
    """
    mark = context.load(path)
    size, box = met_size(mark.size, image.size, width, height, fit)
    context.check(*size)
    if size != mark.size or box != (0, 0, *mark.size):
        mark = unpremultiply(premultiply(mark).resize(size, Resampling.LANCZOS, box=box))
    return lay(image, fade(mark, transparency), mark_corners(image.size, mark.size, x, y))


def met_size(mark: Size, size: Size, width: Extent, height: Extent, fit: str) -> tuple[Size, Rectangle]:
    """The size of a mark on a picture of that size, and the part of the mark that is scaled to it. All in pixels."""
    across, down = width.of(size[0]), height.of(size[1])
    whole = Rectangle(0, 0, *mark)
    if not across and not down:
        return mark, whole
    wanted = across or max(1, round(mark[0] * down / mark[1])), down or max(1, round(mark[1] * across / mark[0]))
    if fit == "contain":
        return contained_size(*mark, *wanted, enlarge=False), whole
    if fit == "stretch" or not (across and down):
        return wanted, whole
    share = min(mark[0] / wanted[0], mark[1] / wanted[1])
    left, top = (mark[0] - wanted[0] * share) / 2, (mark[1] - wanted[1] * share) / 2
    return wanted, Rectangle(max(0, left), max(0, top), min(mark[0], mark[0] - left), min(mark[1], mark[1] - top))


def text_cost(size: Size, context: Context, text: str, x: Position, y: Position, height: int, *others: Any) -> float:
    return PLACING + LETTERING * len(text) * height * height / math.prod(size)


@costs(text_cost)
def text(
    image: Image,
    text: Annotated[str, Line(), "text"],
    x: Annotated[PositionArgument, "from the left"] = START,
    y: Annotated[PositionArgument, "from the top"] = START,
    size: Annotated[int, Integer(4, 200), "height, in pixels"] = 20,
    colour: Colour = (0, 0, 0),
    transparency: Annotated[Share, "transparency, in percent"] = 0,
    width: Annotated[Along, "wrapped at this width"] = NO_EXTENT,
    align: Annotated[str, Word(("left", "center", "right")), "lines to this side"] = "left",
) -> Image:
    """Write a text over the picture.

    In `text`, write a space as `%20`, a comma as `%2C`, a percent sign as `%25` and the end of a line as `%0A`. The
    font, Aileron, has the letters of ASCII and no accents. `x` and `y` are as of `watermark`. Lines are wrapped between
    words at `width`: pixels (`300`), a percentage of the picture (`80p`), or less than it (`-40`).
    """
    letters = Letters(text, size, width.of(image.width), align)
    corners = mark_corners(image.size, letters.size, x, y)
    sight = in_sight(image.size, letters.size, corners)
    if not sight:
        return image
    mark = fade(letters.drawn(sight, colour), transparency)
    return lay(image, mark, [(left + sight[0], top + sight[1]) for left, top in corners])


def lay(image: Image, mark: Image, corners: list[tuple[int, int]]) -> Image:
    """Lay a mark (mode RGBA) over the picture, with its left upper corner at each of these places."""
    layer = new("RGBA", image.size, (0, 0, 0, 0))
    for corner in corners:
        layer.paste(mark, corner)
    ground = to_rgb(image)
    result = ground.convert("RGBA")
    result.alpha_composite(layer)
    return result.convert(ground.mode)


@costs(60, framed_size)
def frame(image: Image, context: Context, path: Annotated[OverlayPath, "nine-patch picture"]) -> Image:
    """Put a frame around the picture, stretched to fit it.

    `path` is the bucket, a / and the key of a nine-patch picture as on Android. Black pixels in its outermost rows and
    columns mark the parts that may be stretched (top and left) and where the content goes (bottom and right).
    """
    patch = NinePatch.read(context.load(path))
    left, top, right, bottom = patch.padding
    size = image.width + left + right, image.height + top + bottom
    context.check(*size)
    result = new("RGBA", size, (0, 0, 0, 0))
    result.paste(to_rgb(image), (left, top))
    result.alpha_composite(patch.stretch(size))
    return result


def scaled_size(mark: Size, size: Size, across: int, down: int) -> Size:
    """The largest size of a mark, in proportion, that fits into percentages of the picture's width and height.

    A percentage of 0 sets no limit. The arithmetic is Thumbor's.
    """
    if not across and not down:
        return mark
    widest = size[0] * (across / 100) if across else math.inf
    highest = size[1] * (down / 100) if down else math.inf
    if widest / mark[0] <= highest / mark[1]:
        return max(1, round(widest)), max(1, round(mark[1] * widest / mark[0]))
    return max(1, round(mark[0] * highest / mark[1])), max(1, round(highest))


def in_sight(picture: Size, mark: Size, corners: list[tuple[int, int]]) -> Pixels | None:
    """The part of a mark of that size, in its pixels, that any of its places in a picture shows; None if none does."""
    left, top = (max(0, -max(corner[axis] for corner in corners)) for axis in (0, 1))
    right, bottom = (
        min(own, side - min(corner[axis] for corner in corners))
        for axis, (own, side) in enumerate(zip(mark, picture, strict=True))
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def scale(mark: Image, size: Size, part: Pixels) -> Image:
    """A part, in pixels, of a mark that is scaled to that size. No more of it is made than the part."""
    if mark.size == size:
        return mark.crop(part)
    across, down = mark.width / size[0], mark.height / size[1]
    box = (part[0] * across, part[1] * down, min(part[2] * across, mark.width), min(part[3] * down, mark.height))
    made = (part[2] - part[0], part[3] - part[1])
    return unpremultiply(premultiply(mark).resize(made, Resampling.LANCZOS, box=box))


def fade(mark: Image, transparency: int) -> Image:
    """Make a mark more transparent, by percentage points of its opacity. Returns mode RGBA.

    Like Thumbor this subtracts: at 50 percent, what was half transparent vanishes.
    """
    mark = mark.convert("RGBA")
    if transparency:
        less = 255 * transparency // 100
        mark.putalpha(mark.getchannel("A").point([max(0, level - less) for level in range(256)]))
    return mark


def mark_corners(size: tuple[int, int], mark: tuple[int, int], x: Position, y: Position) -> list[tuple[int, int]]:
    """The left upper corner of each mark, in pixels."""
    counts = [repeat_count(side, own) if at.word else 1 for side, own, at in zip(size, mark, (x, y), strict=True)]
    few = x.word == y.word == "repeat" and counts[0] * counts[1] > MOST_REPEATS
    lefts, tops = (
        [at.start(side, own)] if at.word != "repeat" else spread(side, own, count, few=few)
        for side, own, at, count in zip(size, mark, (x, y), counts, strict=True)
    )
    return [(left, top) for left in lefts for top in tops]


def repeat_count(side: int, own: int) -> int:
    """How many marks of length `own` a side takes: as many as fit, or where two do not, as many as cover it."""
    return side // own if side >= 2 * own else math.ceil(side / own)


def spread(side: int, own: int, count: int, *, few: bool) -> list[int]:
    """Where each of `count` marks, or of a `few`, begins along a side: whole pixels apart, from end to end as far as
    that goes, or GAP apart where two do not fit."""
    if few:
        count = min(count, FEW)
    gap = GAP if side < 2 * own and not few else (side - count * own) // max(1, count - 1)
    return [number * (own + gap) for number in range(count)]
