"""BMP: how much of it is run-length encoded, and its colour profile."""

from struct import pack, unpack_from

from ...errors import TooLarge
from ..limits import Limits, sizes

#: The kinds of compression by runs, of 8 and of 4 bits, and where it stands.
RUNS, COMPRESSION = (1, 2), 30

#: The offset of the header, and the length of version 5, the only one with profiles. In it: the offset of the colour
#: space type, the type that means an embedded profile, and the offset of the profile's position and length.
HEADER, VERSION_5, COLOURS, EMBEDDED, PROFILE = 14, 124, 56, b"DEBM", 112

#: The offset of the position of the pixels.
PIXELS = 10
#: The lengths of headers of OS/2, and those that Pillow knows of them.
SHORTEST, LONGEST, KNOWN = 16, 64, (40, 52, 56, 64)

#: Compressions that are not read, in headers of OS/2 and of Windows; and bits per pixel that some programs write, but
#: that are not read either.
OF_OS2 = {3: "a fax (Huffman 1D)", 4: "runs of 24 bits"}
OF_WINDOWS = {
    4: "a JPEG",
    5: "a PNG",
    11: "CMYK",
    12: "CMYK in runs",
    13: "CMYK in runs",
}
UNREAD_DEPTHS, SHORTEST_OF_ALL = (2, 48, 64), 12

#: Bytes in runs. Each run is read in Python, which takes half a second for this many.
PACKED = 2 * 1024 * 1024


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more runs than a reader can go through."""
    if len(content) < COMPRESSION + 4:
        return  # the reader will refuse it
    (compression,) = unpack_from("<I", content, COMPRESSION)
    if compression in RUNS and len(content) > PACKED:
        found, allowed = sizes(len(content), PACKED)
        raise TooLarge(f"The picture is a BMP in runs of {found}, {allowed} are allowed; save it as a PNG")


def icc_profile(content: bytes) -> bytes | None:
    """The ICC profile embedded in a BMP, if there is one."""
    if len(content) < HEADER + VERSION_5 or unpack_from("<I", content, HEADER)[0] != VERSION_5:
        return None
    if content[HEADER + COLOURS : HEADER + COLOURS + 4] != EMBEDDED:
        return None
    place, length = unpack_from("<II", content, HEADER + PROFILE)
    return content[HEADER + place : HEADER + place + length] or None


def with_known_header(content: bytes) -> bytes:
    """The BMP with a header of a length that Pillow knows. OS/2's may end after any field from the 16th byte on;
    missing fields are zero."""
    if len(content) < HEADER + SHORTEST:
        return content  # the reader will refuse it
    (length,) = unpack_from("<I", content, HEADER)
    if not SHORTEST <= length < LONGEST or length in KNOWN:
        return content
    padded = next(known for known in KNOWN if known > length)
    header = pack("<I", padded) + content[HEADER + 4 : HEADER + length].ljust(padded - 4, b"\0")
    (pixels,) = unpack_from("<I", content, PIXELS)
    start = pack("<I", pixels + padded - length) if pixels else bytes(4)
    return content[:PIXELS] + start + header + content[HEADER + length :]


def unread(content: bytes) -> str:
    """In words, the feature for which a BMP cannot be read; empty if there is none."""
    if len(content) < COMPRESSION + 4 or content[HEADER] == SHORTEST_OF_ALL:
        return ""
    length, bits, compression = (*unpack_from("<I", content, HEADER), *unpack_from("<HI", content, COMPRESSION - 2))
    names = OF_OS2 if length in (16, 64) else OF_WINDOWS
    if compression in names:
        return f"pixels packed as {names[compression]}"
    return f"{bits} bits a pixel" if bits in UNREAD_DEPTHS else ""
