"""Filters that combine the picture with another one: a watermark or a frame."""

import math
from typing import Annotated

from PIL.Image import Image, Resampling, new

from ..box import Pixels
from ..parameters import Integer, OverlayPath, Parameter, Share
from .bands import premultiply, to_rgb, unpremultiply
from .grammar.context import Context
from .grammar.cost import Size, costs
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
    layer = new("RGBA", image.size, (0, 0, 0, 0))
    for left, top in corners:
        layer.paste(mark, (left + sight[0], top + sight[1]))
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
