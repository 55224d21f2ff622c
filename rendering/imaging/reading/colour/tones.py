"""Tone mapping: colours of high dynamic range, PQ and HLG (ITU-R BT.2100), as a display of sRGB shows them.

The operator is the EETF of ITU-R BT.2390, on the largest of red, green and blue under the primaries of BT.2020; the
others keep their ratio to it, and so the hue. The display's peak is 406 cd/m², twice the reference white of BT.2408, so
that up to this white (203 cd/m²) light stays in proportion, and what is beyond it has the upper half of the range.
"""

import math
from functools import lru_cache
from itertools import product

from . import icc
from .codes import BT2020, HLG, PQ, to_srgb
from .matrices import D50, Row, apply, between, dot, to_xyz
from .space import Signal

#: In cd/m²: the maximum of PQ, the peak that pictures are mastered for, and the peak that becomes sRGB's white.
MOST, MASTERED, SHOWN = 10_000.0, 1_000.0, 2 * 203.0

#: Constants of PQ (SMPTE ST 2084) and of HLG.
M1, M2, C1, C2, C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
A = 0.17883277
B = 1 - 4 * A
C = 0.5 - A * math.log(4 * A)
#: The exponent of HLG's display for MASTERED.
GAMMA = 1.2

#: The exponent of the levels in which PQ is reduced.
LEVELS = 2.4

#: Nodes of a lookup along each axis.
NODES = 25
#: How CIELAB is written with 16 bits: the scale of L*, that of a* and b*, and the zero of a* and b*.
LIGHTNESS, CHROMA, NEUTRAL = 652.8, 256, 0x8000


def pq_to_light(value: float) -> float:
    """From a value, 0 to 1, to light in cd/m²."""
    root = math.pow(value, 1 / M2)
    return MOST * math.pow(max(root - C1, 0.0) / (C2 - C3 * root), 1 / M1)


def light_to_pq(light: float) -> float:
    root = math.pow(light / MOST, M1)
    return math.pow((C1 + C2 * root) / (1 + C3 * root), M2)


def hlg_to_scene(value: float) -> float:
    """From a value to the light of the scene, both from 0 to 1."""
    return value * value / 3 if value <= 0.5 else (math.exp((value - C) / A) + B) / 12


def tone_map(light: float) -> float:
    """Map light in cd/m² to the fraction, 0 to 1, of the display's peak: BT.2390, 5.4.1."""
    top = light_to_pq(MASTERED)
    value, peak = min(light_to_pq(light) / top, 1.0), light_to_pq(SHOWN) / top
    knee = 1.5 * peak - 0.5
    if value > knee:
        part = (value - knee) / (1 - knee)
        square, cube = part * part, part * part * part
        value = (
            (2 * cube - 3 * square + 1) * knee
            + (cube - 2 * square + part) * (1 - knee)
            + (3 * square - 2 * cube) * peak
        )
    return min(pq_to_light(value * top) / SHOWN, 1.0)


def even_levels() -> bytes:
    """The values of PQ as levels in which averages look right: the part x/(1+x) of light, to the power that displays
    have."""
    most = MOST / (MOST + SHOWN)
    lights = (pq_to_light(value / 255) for value in range(256))
    return bytes(round(255 * (light / (light + SHOWN) / most) ** (1 / LEVELS)) for light in lights)


def level_to_light(level: float) -> float:
    """From such a level, 0 to 1, to light in cd/m²."""
    part = math.pow(level, LEVELS) * MOST / (MOST + SHOWN)
    return SHOWN * part / (1 - part)


@lru_cache(maxsize=2)
def greys(curve: int) -> bytes:
    """The grey of sRGB that shows each of 256 greys; those of PQ are `even_levels`."""
    values = [value / 255 for value in range(256)]
    if curve == PQ:
        lights = [level_to_light(value) for value in values]
    else:
        lights = [MASTERED * math.pow(hlg_to_scene(value), GAMMA) for value in values]
    return bytes(round(255 * to_srgb(tone_map(light))) for light in lights)


@lru_cache(maxsize=6)
def profile_of(signal: Signal) -> bytes:
    """An ICC file that maps the tones of colours, by a lookup between whose nodes lcms interpolates: along greys as if
    there was nothing else. Values of PQ are `even_levels`. Writing it takes 70 ms, converting a pixel 35 ns."""
    curve = level_to_light if signal.curve == PQ else hlg_to_scene
    lights = [curve(step / (NODES - 1)) for step in range(NODES)]
    to_common, to_connection = between(signal.primaries, BT2020), to_xyz(signal.primaries)
    luminances = to_xyz(BT2020)[1]
    nodes: list[int] = []
    for light in product(lights, lights, lights):
        common = apply(to_common, light)
        most, gain = max(common), 1.0
        if signal.curve == HLG:
            # HLG says what was in front of the camera. Its display (BT.2100) makes what is bright brighter.
            gain = MASTERED * math.pow(max(dot(luminances, common), 0.0), GAMMA - 1)
        scale = tone_map(most * gain) / most if most > 0 else 0.0
        x, y, z = apply(to_connection, light)
        nodes += lab((x * scale, y * scale, z * scale))
    return icc.lookup_profile(NODES, nodes)


def lab(xyz: Row) -> tuple[int, int, int]:
    """CIELAB of XYZ, with 16 bits each."""
    x, y, z = (
        math.cbrt(part / white) if part / white > 216 / 24389 else part / white * 841 / 108 + 4 / 29
        for part, white in zip(xyz, D50, strict=True)
    )
    numbers = (116 * y - 16) * LIGHTNESS, 500 * (x - y) * CHROMA + NEUTRAL, 200 * (y - z) * CHROMA + NEUTRAL
    first, second, third = (min(max(round(number), 0), 0xFFFF) for number in numbers)
    return first, second, third
