"""Colour profiles, built here so that the benchmark needs none from a manufacturer.

The layout is that of ICC.1:2010 (profile version 4.3): a header of 128 bytes, a table of tags, the tags.
"""

from functools import cache
from itertools import product
from struct import pack

#: The white of the profile connection space, D50.
D50 = (0.9642, 1.0, 0.8249)

Triple = tuple[float, float, float]

#: Primaries as XYZ under D50: red, green and blue of Adobe RGB (1998) and of Display P3.
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))

#: Lab of solid inks on coated paper, as ISO 12647-2 has them, by (cyan, magenta, yellow). With black: near its own.
SOLIDS: dict[tuple[int, int, int], Triple] = {
    (0, 0, 0): (95, 0, -2),
    (1, 0, 0): (55, -37, -50),
    (0, 1, 0): (48, 74, -3),
    (0, 0, 1): (89, -5, 93),
    (1, 1, 0): (24, 22, -46),
    (1, 0, 1): (50, -68, 33),
    (0, 1, 1): (47, 68, 48),
    (1, 1, 1): (23, 0, 0),
}
BLACK = (16.0, 0.0, 0.0)


@cache
def adobe_rgb() -> bytes:
    """A profile like Adobe RGB (1998): gamma 2.2, in its own 8.8 bits."""
    return matrix_profile(ADOBE, b"curv" + bytes(4) + pack(">IH", 1, 0x0233))


@cache
def display_p3() -> bytes:
    """A profile like Display P3: wide primaries, the curve of sRGB."""
    curve = b"para" + bytes(4) + pack(">HH", 3, 0)
    return matrix_profile(P3, curve + b"".join(map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))))


@cache
def grey_gamma() -> bytes:
    """A grey profile of gamma 1.8, lighter than sRGB."""
    curve = b"curv" + bytes(4) + pack(">IH", 1, round(1.8 * 256))
    return profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": point(D50), b"kTRC": curve})


def matrix_profile(primaries: tuple[Triple, ...], curve: bytes) -> bytes:
    tags = {b"wtpt": point(D50)}
    for letter, primary in zip(b"rgb", primaries, strict=True):
        tags[bytes([letter]) + b"XYZ"] = point(primary)
        tags[bytes([letter]) + b"TRC"] = curve
    return profile(b"mntr", b"RGB ", b"XYZ ", tags)


@cache
def print_cmyk(steps: int = 9) -> bytes:
    """A profile of a printing press: inks mixed by the Neugebauer equations, with a Yule-Nielsen n of 2 as dot gain.

    It reads (A2B0, A2B1) and does not write, which is all that is asked of an original's profile.
    """
    grid = bytearray()
    for inks in product(range(steps), repeat=4):
        cyan, magenta, yellow, black = (ink / (steps - 1) for ink in inks)
        light = [0.0, 0.0, 0.0]
        for solid, lab in SOLIDS.items():
            area = 1.0
            for ink, on in zip((cyan, magenta, yellow), solid, strict=True):
                area *= ink if on else 1 - ink
            for part, colour in ((area * (1 - black), lab), (area * black, darkened(lab))):
                for band, value in enumerate(to_xyz(colour)):
                    light[band] += part * value**0.5
        lightness, red, blue = to_lab(tuple(value**2 for value in light))  # type: ignore[arg-type]  # three values
        grid += pack(">HHH", *(clipped(value) for value in (lightness * 652.8, (red + 128) * 256, (blue + 128) * 256)))
    ramp = pack(">HH", 0, 65535)
    table = b"mft2" + bytes(4) + bytes([4, 3, steps, 0]) + b"".join(map(fixed, (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    table += pack(">HH", 2, 2) + ramp * 4 + bytes(grid) + ramp * 3
    # Version 2, whose Lab in 16 bits is what is packed above.
    return profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": point(D50), b"A2B0": table, b"A2B1": table}, version=2)


def darkened(lab: Triple) -> Triple:
    """A solid under solid black."""
    return (BLACK[0] * (0.4 + 0.6 * lab[0] / 95), lab[1] * 0.05, lab[2] * 0.05)


def to_xyz(lab: Triple) -> Triple:
    across = (lab[0] + 16) / 116
    parts = (across + lab[1] / 500, across, across - lab[2] / 200)
    x, y, z = (
        (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29)) * white
        for part, white in zip(parts, D50, strict=True)
    )
    return max(x, 0.0), max(y, 0.0), max(z, 0.0)


def to_lab(xyz: Triple) -> Triple:
    x, y, z = (
        value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29
        for value in (part / white for part, white in zip(xyz, D50, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes], version: int = 4) -> bytes:
    """The file: a header, the table of tags, then the tags, each aligned to 4 bytes."""
    tags = {b"desc": text(version, "Made by the benchmark"), b"cprt": text(version, "CC0"), **tags}
    table, body = pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + pack(">II", 132 + 12 * len(tags) + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = pack(">I4x", 128 + len(table) + len(body)) + bytes([version, 0x40 if version == 2 else 0x30, 0, 0])
    header += kind + space + connection + pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + xyz(D50)
    return header.ljust(128, b"\0") + table + body


def text(version: int, words: str) -> bytes:
    if version == 2:
        plain = words.encode() + b"\0"
        return b"desc" + bytes(4) + pack(">I", len(plain)) + plain + bytes(12 + 67)
    wide = words.encode("utf-16-be")
    return b"mluc" + bytes(4) + pack(">II4sII", 1, 12, b"enUS", len(wide), 28) + wide


def point(value: Triple) -> bytes:
    return b"XYZ " + bytes(4) + xyz(value)


def xyz(value: Triple) -> bytes:
    return b"".join(map(fixed, value))


def fixed(value: float) -> bytes:
    """A signed fixed-point number (s15Fixed16): 16 bits after the point."""
    return pack(">i", round(value * 65536))


def clipped(value: float) -> int:
    return min(max(round(value), 0), 65535)
