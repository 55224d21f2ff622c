"""Files with 16 bits a channel, which Pillow does not write in colour: PNG and TIFF, uncompressed."""

import zlib
from array import array
from struct import pack
from sys import byteorder
from typing import Literal

from PIL import Image

#: PNG's colour type, by the number of channels; TIFF needs none.
PNG_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}


def samples(image: Image.Image, order: Literal["big", "little"]) -> bytes:
    """The picture's channels, one pixel after another, as 16 bits each.

    The eight lower bits are not a copy of the upper ones, so that cutting them off is not the same as rounding.
    """
    wide = array("H", (value * 256 + (255 - value) for value in image.tobytes()))
    if image.mode.endswith("A"):
        # Fully transparent and fully opaque must stay so.
        bands = len(image.getbands())
        wide[bands - 1 :: bands] = array("H", (value * 257 for value in image.getchannel("A").tobytes()))
    if order != byteorder:
        wide.byteswap()
    return wide.tobytes()


def intended(image: Image.Image) -> Image.Image:
    """What the file shows, in 8 bits: `samples`, scaled and rounded."""
    bands = [band.point([round((value * 256 + 255 - value) / 257) for value in range(256)]) for band in image.split()]
    if image.mode.endswith("A"):
        bands[-1] = image.getchannel("A")
    return Image.merge(image.mode, bands)


def png(image: Image.Image) -> bytes:
    """Mode L, LA, RGB or RGBA as a PNG of 16 bits."""
    raw, bands = samples(image, "big"), len(image.getbands())
    row = image.width * bands * 2
    lines = b"".join(b"\0" + raw[start : start + row] for start in range(0, len(raw), row))
    header = pack(">IIBBBBB", *image.size, 16, PNG_COLOURS[bands], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def tiff(image: Image.Image) -> bytes:
    """Mode L or RGB as a TIFF of 16 bits, in one strip."""
    raw, bands = samples(image, "little"), len(image.getbands())
    # After the pixels: the bits of each channel, then the directory. Values of at most 4 bytes are in their entry.
    bits = 8 + len(raw)
    entries = {
        256: (4, 1, image.width),
        257: (4, 1, image.height),
        258: (3, bands, bits if bands > 2 else 16),
        259: (3, 1, 1),
        262: (3, 1, 2 if bands == 3 else 1),
        273: (4, 1, 8),
        277: (3, 1, bands),
        278: (4, 1, image.height),
        279: (4, 1, len(raw)),
        284: (3, 1, 1),
    }
    directory = pack("<H", len(entries))
    for tag, (kind, count, value) in entries.items():
        directory += pack("<HHII", tag, kind, count, value)
    return b"II*\0" + pack("<I", bits + 8) + raw + pack("<4H", 16, 16, 16, 0) + directory + bytes(4)
