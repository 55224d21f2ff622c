"""Whether a picture may have colours that sRGB cannot show."""

from collections.abc import Sequence

from . import codes, icc
from .space import ColourSpace

#: How much larger than that of sRGB the triangle of the primaries must be: profiles of sRGB differ by rounding.
WIDER = 1.1


def is_wide(space: ColourSpace) -> bool:
    """Whether the primaries of a space span much more than those of sRGB, or it is one of high dynamic range."""
    if space.signal:
        return True
    points = icc.colorants(space.profile) if space.profile else None
    if points is None or any(sum(point) <= 0 for point in points):
        return False
    # A profile's colorants are those under D50, so sRGB's are compared as a profile would have them.
    srgb = icc.colorants(icc.profile_of(codes.BT709))
    assert srgb is not None
    return area(points) > WIDER * area(srgb)


def area(points: Sequence[tuple[float, float, float]]) -> float:
    """Twice the area of a triangle of XYZ colours in the diagram of xy."""
    (ax, ay), (bx, by), (cx, cy) = [(x / (x + y + z), y / (x + y + z)) for x, y, z in points]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
