"""PNGs of photographs, unpacked at once before Pillow reads them.

Pillow has zlib unpack a PNG row by row, which takes a third to a half of the time of decoding a photograph. ISA-L
unpacks all of it in half the time; what it gives is handed to Pillow as a PNG that is stored instead of packed
(RFC 1951, 3.2.4), whose rows zlib then only copies.
"""

from struct import pack, unpack_from

from . import headers
from .limits import UNPACKED_AT_ONCE

#: Samples of a pixel, by the colour type of the header (PNG specification, 11.2.1).
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

#: Of so many bytes one must be left by packing: drawings pack better, and are unpacked fast by any zlib.
PHOTOGRAPH = 5

#: Bits of a sample; deeper pictures would take more memory than is reckoned with.
DEEPEST = 8

#: Bytes of a stored block.
BLOCK = 65535


def unpacked(content: bytes) -> bytes | None:
    """The same picture as a larger PNG. None for one that is not worth it, is deep, interlaced or moves, or whose
    pixels are not just what its header says: Pillow shall find out what is wrong with it."""
    width, height, depth, colour, _, _, interlaced = unpack_from(">IIBBBBB", content, 16)
    length = ((width * SAMPLES.get(colour, 0) * depth + 7) // 8 + 1) * height
    pieces, first, last = [], 0, 0
    for name, start, end in headers.png_chunks(content):
        if name == b"acTL":
            return None
        if name == b"IDAT":
            pieces.append(content[start + 8 : end - 4])
            first, last = first or start, end
    packed = b"".join(pieces)
    if depth > DEEPEST or interlaced or not len(packed) <= length <= min(UNPACKED_AT_ONCE, len(packed) * PHOTOGRAPH):
        return None
    pixels = inflated(packed, length)
    return b"".join([content[:first], *stored(pixels), content[last:]]) if pixels else None


def inflated(packed: bytes, length: int) -> bytes | None:
    """What was packed, if it is of that length and whole."""
    from isal import isal_zlib  # few originals are PNGs of photographs

    unpacking = isal_zlib.decompressobj()
    try:
        pixels = unpacking.decompress(packed, length + 1)
    except isal_zlib.IsalError:  # type: ignore[misc]  # its stubs take the class for something else
        return None
    return pixels if len(pixels) == length and unpacking.eof else None


def stored(pixels: bytes) -> list[bytes | memoryview]:
    """The chunk that holds these bytes as they are. Its checksum is nought: Pillow asks for none of pixels."""
    from isal import isal_zlib

    parts: list[bytes | memoryview] = [b"IDAT\x78\x01"]
    view = memoryview(pixels)
    for start in range(0, len(pixels), BLOCK):
        block = view[start : start + BLOCK]
        parts += [pack("<BHH", start + len(block) == len(pixels), len(block), len(block) ^ 0xFFFF), block]
    parts.append(pack(">I", isal_zlib.adler32(pixels)))
    return [pack(">I", sum(map(len, parts)) - 4), *parts, b"\0\0\0\0"]
