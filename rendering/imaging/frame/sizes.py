"""How large: sizes that follow from other sizes, in pixels. The rounding is Thumbor's."""

import math
from collections.abc import Sequence

from ..reading.limits import Limits


def covering_size(width: int, height: int, across: int, down: int) -> tuple[int, int]:
    """The size of the largest part of a picture that has the proportions of `across x down`."""
    # As nearly in proportion as whole pixels can say: nothing to cut off. (Thumbor compares ratios to two decimals, and
    # distorts by up to 1 %.)
    if round(width * down / height) == across and round(height * across / width) == down:
        return width, height
    if across / width > down / height:
        return width, max(1, round(width * down / across))
    return min(width, math.ceil(across * height / down)), height


def contained(width: int, height: int, across: int, down: int, *, enlarge: bool) -> tuple[int, int]:
    """The size of a picture that is made to fit inside of `across x down`."""
    if enlarge and width < across and height < down:
        # Thumbor rounds down here, and only here.
        if across * height <= down * width:
            return across, max(1, across * height // width)
        return max(1, down * width // height), down
    if width <= across and height <= down:
        return width, height
    return proportional(width, height, across, down, by_width=width / across >= height / down)


def proportional(width: int, height: int, across: int, down: int, *, by_width: bool) -> tuple[int, int]:
    """The size in proportion with one side given; a half is rounded up."""
    if by_width:
        return across, max(1, round(height * across / width + 1e-5))
    return max(1, round(width * down / height + 1e-5)), down


def within_limits(width: int, height: int, limits: Limits) -> tuple[int, int]:
    """The size, or the largest of the same proportions that is allowed."""
    ratio = min(limits.width / width, limits.height / height, math.sqrt(limits.output_pixels / (width * height)))
    if ratio >= 1:
        return width, height
    # The least addition keeps 4096 / 9000 * 9000 from ending at 4095.
    return max(1, int(width * ratio + 1e-9)), max(1, int(height * ratio + 1e-9))


def covering_box(
    width: int, height: int, cut_width: int, cut_height: int, middle: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The part of that size of a picture, as near to `middle` as the edges let it."""
    left = round(min(max(middle[0] - cut_width / 2, 0), width - cut_width))
    top = round(min(max(middle[1] - cut_height / 2, 0), height - cut_height))
    return left, top, left + cut_width, top + cut_height


def centre_of_mass(points: Sequence[tuple[float, float, float]]) -> tuple[int, int]:
    """The weighted mean, rounded down, of points given as x, y, weight."""
    total = sum(weight for _, _, weight in points)
    x, y = (sum(point[axis] * point[2] for point in points) // total for axis in (0, 1))
    return int(x), int(y)
