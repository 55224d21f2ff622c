"""Sizes computed from other sizes, in pixels. The rounding is Thumbor's."""

import math
from collections.abc import Sequence

from ..reading.limits import Limits


def covering_size(width: int, height: int, across: int, down: int) -> tuple[int, int]:
    """The size of the largest part of a picture with the aspect ratio of `across x down`."""
    # The aspect ratios agree to the pixel: nothing is cut off. (Thumbor compares two decimals, and distorts by up to
    # 1 %.)
    if round(width * down / height) == across and round(height * across / width) == down:
        return width, height
    if across / width > down / height:
        return width, max(1, round(width * down / across))
    return min(width, math.ceil(across * height / down)), height


def contained_size(width: int, height: int, across: int, down: int, *, enlarge: bool) -> tuple[int, int]:
    """The size at which a picture fits inside `across x down`."""
    if enlarge and width < across and height < down:
        # Thumbor rounds down here, and only here.
        if across * height <= down * width:
            return across, max(1, across * height // width)
        return max(1, down * width // height), down
    if width <= across and height <= down:
        return width, height
    return proportional_size(width, height, across, down, by_width=width / across >= height / down)


def proportional_size(width: int, height: int, across: int, down: int, *, by_width: bool) -> tuple[int, int]:
    """The size of a picture scaled to the width `across` or, unless `by_width`, the height `down`. Rounds half up."""
    if by_width:
        return across, max(1, round(height * across / width + 1e-5))
    return max(1, round(width * down / height + 1e-5)), down


def size_within(width: int, height: int, across: int, down: int, *, all_of_it: bool) -> tuple[int, int]:
    """The size `across x down`, where 0 is a side that was not asked for, or the largest of the same aspect ratio for
    which a picture need not be enlarged: to cover it, or, if `all_of_it`, to fit inside."""
    shares = [have / asked for have, asked in ((width, across), (height, down)) if asked]
    share = min(1, (max if all_of_it else min)(shares, default=1))
    across, down = (max(1, round(side * share)) if side else 0 for side in (across, down))
    return across, down


def limited_size(width: int, height: int, limits: Limits) -> tuple[int, int]:
    """The size, or the largest of the same aspect ratio within the limits."""
    ratio = min(limits.width / width, limits.height / height, math.sqrt(limits.output_pixels / (width * height)))
    if ratio >= 1:
        return width, height
    # Without the small addition 4096 / 9000 * 9000 would end at 4095.
    return max(1, int(width * ratio + 1e-9)), max(1, int(height * ratio + 1e-9))


def covering_box(
    width: int, height: int, cut_width: int, cut_height: int, middle: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The box of that size in a picture, with its centre as close to `middle` as the edges allow."""
    left = round(min(max(middle[0] - cut_width / 2, 0), width - cut_width))
    top = round(min(max(middle[1] - cut_height / 2, 0), height - cut_height))
    return left, top, left + cut_width, top + cut_height


def centre_of_mass(points: Sequence[tuple[float, float, float]]) -> tuple[int, int]:
    """The weighted mean of points (x, y, weight), rounded down."""
    total = sum(weight for _, _, weight in points)
    x, y = (sum(point[axis] * point[2] for point in points) // total for axis in (0, 1))
    return int(x), int(y)
