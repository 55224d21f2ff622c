"""Code points of colours, ITU-T H.273, by which PNG, AVIF, HEIC and ICC files name primaries and curves."""

import math
from collections.abc import Callable

from .space import Chromaticities

#: White points: of daylight, of NTSC's first receivers, and of equal energy.
D65, C, E = (0.3127, 0.3290), (0.310, 0.316), (1 / 3, 1 / 3)

BT709: Chromaticities = (0.640, 0.330, 0.300, 0.600, 0.150, 0.060, *D65)
BT2020: Chromaticities = (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *D65)

#: The primaries by their code. Of the gaps 2 means that they are not specified; 0, 3 and all others are reserved.
PRIMARIES: dict[int, Chromaticities] = {
    1: BT709,
    4: (0.670, 0.330, 0.210, 0.710, 0.140, 0.080, *C),
    5: (0.640, 0.330, 0.290, 0.600, 0.150, 0.060, *D65),
    6: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *D65),
    7: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *D65),
    8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, *C),
    9: BT2020,
    10: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0, *E),
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, *D65),
    22: (0.630, 0.340, 0.295, 0.605, 0.155, 0.077, *D65),
}

SRGB, PQ, HLG = 13, 16, 18

#: From a value to light, both from 0 to 1.
Curve = Callable[[float], float]


def power(exponent: float) -> Curve:
    return lambda value: math.pow(value, exponent)


def srgb(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)


def to_srgb(light: float) -> float:
    """From light to a value of sRGB, both from 0 to 1."""
    return light * 12.92 if light <= 0.0031308 else 1.055 * math.pow(light, 1 / 2.4) - 0.055


def smpte240(value: float) -> float:
    return value / 4 if value < 0.091286 else math.pow((value + 0.111572) / 1.111572, 1 / 0.45)


def smpte428(value: float) -> float:
    return min(1.0, math.pow(value, 2.6) * 52.37 / 48)


#: How displays show what cameras wrote by the curves of BT.709, BT.601 and BT.2020 (ITU-R BT.1886).
BT1886 = power(2.4)

#: The curves by their code, other than PQ and HLG. 2 means that it is not specified. The logarithmic ones (9 and 10)
#: and the one with negative light (12) are no pictures'.
CURVES: dict[int, Curve] = {
    1: BT1886, 4: power(2.2), 5: power(2.8), 6: BT1886, 7: smpte240, 8: power(1), 11: BT1886, 13: srgb, 14: BT1886,
    15: BT1886, 17: smpte428,
}  # fmt: skip
#: Curves that browsers treat as sRGB's in AVIF and HEIC, because cameras write them for sRGB.
AS_SRGB = frozenset((1, 6, 11, 14, 15))
#: Reserved values between assigned ones: files with them are not to be relied on.
RESERVED = frozenset((0, 3))
