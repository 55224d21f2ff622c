"""Filters that combine the picture with another one: a watermark or a frame."""

import math
from dataclasses import dataclass
from typing import Annotated

from PIL.Image import Image, Resampling, new

from ..parameters import OverlayPath, Parameter, Share, Whole
from .bands import premultiply, to_rgb, unpremultiply
from .grammar.context import Context
from .grammar.cost import Size, costs
from .grammar.position import Position, PositionArgument
from .ninepatch import NinePatch

#: Where tiling would take more than MOST_REPEATS marks, there are at most FEW in each direction instead.
MOST_REPEATS, FEW = 100, 6

#: Pixels between repeated marks that are too large to be spread evenly.
GAP = 10


@dataclass(frozen=True, slots=True)
class MaxPercent(Parameter):
    """The largest percentage of a side that a mark may cover, or `none`, which is 0 as a value."""

    def read(self, text: str) -> int:
        return 0 if text == "none" else Whole(0, 100).read(text)

    def read_leniently(self, text: str) -> int:
        return 0 if text == "none" else Whole(0, 100).read_leniently(text)

    def write(self, value: int) -> str:
        return str(value) if value else "none"

    def explain(self) -> str:
        return f"{Whole(1, 100).explain()}, or none"


MaxShare = Annotated[int, MaxPercent()]


#: Nanoseconds of a processor for each pixel of the picture, of a mark as it is decoded, and as it is scaled.
PLACING, DECODING, SCALING = 40, 80, 60


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
    scaled = scaled_size(mark, size, width_ratio, height_ratio)
    return PLACING + (DECODING * math.prod(mark) + SCALING * math.prod(scaled)) / math.prod(size)


def framed_size(size: Size, context: Context, path: str) -> Size:
    # A frame adds no more than its own sides; how much its marks say, which are pixels.
    mark, limits = context.measure(path), context.limits
    return min(size[0] + mark[0], limits.width), min(size[1] + mark[1], limits.height)


@costs(marking_cost)
def watermark(
    image: Image,
    context: Context,
    path: OverlayPath,
    x: PositionArgument,
    y: PositionArgument,
    transparency: Share,
    width_ratio: MaxShare = 0,
    height_ratio: MaxShare = 0,
) -> Image:
    """Lay another picture over this one.

    `path` is its bucket, a / and its key. In the key, write a comma as `%2C`, a space at either end as `%20` and a
    percent sign as `%25`. `x` and `y` are pixels from the left and top (`10`) or from the right and bottom (`-10`), a
    percentage of the picture (`10p`), `center`, or `repeat`, which tiles. `transparency` is 0 for opaque and 100 for
    invisible. The ratios limit it to a percentage of the picture's width and height.
    """
    mark = fade(scale_to_fit(context.load(path), image.size, width_ratio, height_ratio), transparency)
    layer = new("RGBA", image.size, (0, 0, 0, 0))
    for place in mark_corners(image.size, mark.size, x, y):
        layer.paste(mark, place)
    ground = to_rgb(image)
    result = ground.convert("RGBA")
    result.alpha_composite(layer)
    return result.convert(ground.mode)


@costs(60, framed_size)
def frame(image: Image, context: Context, path: OverlayPath) -> Image:
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


def scale_to_fit(mark: Image, size: tuple[int, int], across: int, down: int) -> Image:
    """Scale a mark to the largest size that fits into percentages of the picture's width and height.

    Proportions are kept. A percentage of 0 sets no limit.
    """
    if not across and not down:
        return mark
    target = scaled_size(mark.size, size, across, down)
    return unpremultiply(premultiply(mark).resize(target, Resampling.LANCZOS))


def scaled_size(mark: Size, size: Size, across: int, down: int) -> Size:
    """The size that `scale_to_fit` makes of a mark."""
    if not across and not down:
        return mark
    widest = size[0] * across / 100 if across else math.inf
    highest = size[1] * down / 100 if down else math.inf
    ratio = min(widest / mark[0], highest / mark[1])
    # A long thin mark ends at twice the picture's side: more would cost memory and be out of sight.
    width, height = (max(1, min(round(own * ratio), 2 * side)) for own, side in zip(mark, size, strict=True))
    return width, height


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
        [at.start(side, own)] if at.word != "repeat" else spread(side, own, min(count, FEW) if few else count)
        for side, own, at, count in zip(size, mark, (x, y), counts, strict=True)
    )
    return [(left, top) for left in lefts for top in tops]


def repeat_count(side: int, own: int) -> int:
    """How many marks of length `own` a side takes: as many as fit, or where two do not, as many as cover it."""
    return side // own if side >= 2 * own else math.ceil(side / own)


def spread(side: int, own: int, count: int) -> list[int]:
    """Where each of `count` marks begins along a side: evenly from end to end, or GAP apart where two do not fit."""
    gap = GAP if side < 2 * own else (side - count * own) / max(1, count - 1)
    return [int(number * (own + gap)) for number in range(count)]
