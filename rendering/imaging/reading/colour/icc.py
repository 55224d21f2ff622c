"""ICC profiles as bytes: checking them, and writing those for colours that an original describes otherwise."""

from collections.abc import Sequence
from functools import lru_cache
from struct import pack, unpack

from .matrices import D50, to_xyz
from .space import Chromaticities

HEADER, ENTRY = 128, 12
#: The positions of the data colour space and of the signature.
SPACE, SIGNATURE = slice(16, 20), slice(36, 40)

#: The version that is written, 4.3.
VERSION = 0x04300000

#: The most tags that are searched for one: profiles have about twenty, and lcms reads no more.
TAGS = 100
#: Of a tag that is calculated in elements: how many of them, channels of one, and segments of all curves, are few.
ELEMENTS, CHANNELS, SEGMENTS = 16, 4, 200
#: Bytes of a tag that holds one point of XYZ.
POINT = 20


def is_profile(profile: bytes) -> bool:
    """Whether bytes have the header of an ICC profile, and are not cut off."""
    return (
        len(profile) > HEADER and profile[SIGNATURE] == b"acsp" and int.from_bytes(profile[:4], "big") <= len(profile)
    )


def code_points(profile: bytes) -> bytes | None:
    """Primaries, curve, matrix and range as code points of H.273: the tag `cicp` of an RGB profile that has it."""
    tag = find_tag(profile, b"cicp")
    return tag[8:12] if tag[:4] == b"cicp" and len(tag) >= ENTRY else None


def colorants(profile: bytes) -> tuple[tuple[float, float, float], ...] | None:
    """XYZ of red, green and blue: the tags of an RGB profile that has them."""
    found = [find_tag(profile, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    if any(tag[:4] != b"XYZ " or len(tag) < POINT for tag in found):
        return None
    red, green, blue = (unpack(">3i", tag[8:POINT]) for tag in found)
    return tuple((x / 65536, y / 65536, z / 65536) for x, y, z in (red, green, blue))


def find_tag(profile: bytes, name: bytes) -> bytes:
    """The first bytes of a tag of an RGB profile; empty if it has none of that name."""
    if profile[SPACE] != b"RGB ":
        return b""
    for number in range(min(number_at(profile, HEADER), TAGS)):
        start = HEADER + 4 + ENTRY * number
        if profile[start : start + 4] == name:
            offset = number_at(profile, start + 4)
            return profile[offset : offset + POINT]
    return b""


def is_laborious(profile: bytes) -> bool:
    """Whether a tag has more to calculate for each colour than lcms gets through in milliseconds: many elements one
    after another, with many channels between them, or curves of many segments (multiProcessElementsType)."""
    for number in range(min(number_at(profile, HEADER), TAGS)):
        tag = number_at(profile, HEADER + 4 + ENTRY * number + 4)
        if profile[tag : tag + 4] != b"mpet":
            continue
        elements, segments = number_at(profile, tag + 12), 0
        if elements > ELEMENTS:
            return True
        for place in range(tag + 16, tag + 16 + 8 * elements, 8):
            element = tag + number_at(profile, place)
            channels = number_at(profile, element + 8, 2), number_at(profile, element + 10, 2)
            if max(channels) > CHANNELS:
                return True
            if profile[element : element + 4] == b"cvst":
                curves = range(element + 12, element + 12 + 8 * channels[0], 8)
                segments += sum(number_at(profile, element + number_at(profile, curve) + 8, 2) for curve in curves)
        if segments > SEGMENTS:
            return True
    return False


def number_at(profile: bytes, start: int, width: int = 4) -> int:
    return int.from_bytes(profile[start : start + width], "big")


@lru_cache(maxsize=16)
def profile_of(primaries: Chromaticities) -> bytes:
    """The profile of colours with these primaries and the curve of sRGB."""
    curve = b"para" + bytes(4) + pack(">HH", 3, 0)
    curve += b"".join(fixed(value) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    columns = zip(*to_xyz(primaries), strict=True)
    tags = {name: point(xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    return write_profile(b"XYZ ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def lookup_profile(nodes: int, colours: Sequence[int]) -> bytes:
    """A profile that is a lookup table of `nodes` steps each of red, green and blue, blue varying fastest.
    `colours` are CIELAB, three numbers of 16 bits a node."""
    ramp = pack(">HH", 0, 0xFFFF) * 3
    same = b"".join(fixed(value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    head = b"mft2" + bytes(4) + bytes([3, 3, nodes, 0]) + same + pack(">HH", 2, 2)
    table = head + ramp + pack(f">{len(colours)}H", *colours) + ramp
    return write_profile(b"Lab ", {b"A2B0": table + bytes(-len(table) % 4)})


def write_profile(connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Write an RGB profile (ICC.1:2010) with that profile connection space: a header, a tag table, the tags."""
    tags = {b"wtpt": point(D50), **tags}
    table, body = pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + pack(">II", HEADER + 4 + ENTRY * len(tags) + len(body), len(content))
        body += content
    header = pack(">I4xI", HEADER + len(table) + len(body), VERSION) + b"mntrRGB " + connection + bytes(12) + b"acsp"
    return (header + bytes(28) + point(D50)[8:]).ljust(HEADER, b"\0") + table + body


def point(xyz: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(fixed(value) for value in xyz)


def fixed(value: float) -> bytes:
    """A number as s15Fixed16."""
    return pack(">i", round(value * 65536))
