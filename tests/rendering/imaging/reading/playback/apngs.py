"""Animated PNGs as they can be, drawn chunk by chunk."""

import zlib
from dataclasses import dataclass
from struct import pack

from PIL import Image

from ...pictures import saved

NONE, BACKGROUND, PREVIOUS = range(3)
SOURCE, OVER = range(2)


@dataclass(frozen=True)
class Cel:
    """A frame: its picture, and where and how it is drawn."""

    image: Image.Image
    corner: tuple[int, int] = (0, 0)
    dispose: int = NONE
    blend: int = OVER
    delay: tuple[int, int] = (1, 10)


def chunk(name, data):
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def chunks(content):
    """The name and data of each chunk of a PNG."""
    found, at = [], 8
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        found.append((content[at + 4 : at + 8], content[at + 8 : end - 4]))
        at = end
    return found


def apng(size, cels, *, still=None, loop=0, options=None):
    """An animated PNG of that size; with a `still`, that is no frame. All pictures have one mode and palette."""
    first = saved(still or cels[0].image, **(options or {}))
    head = next(data for name, data in chunks(first) if name == b"IHDR")
    made = first[:8] + chunk(b"IHDR", pack(">II", *size) + head[8:]) + chunk(b"acTL", pack(">II", len(cels), loop))
    made += b"".join(chunk(name, data) for name, data in chunks(first) if name in (b"PLTE", b"tRNS"))
    made += b"" if still is None else chunk(b"IDAT", pixels(first))
    number = 0
    for cel in cels:
        control = pack(">IIIIIHHBB", number, *cel.image.size, *cel.corner, *cel.delay, cel.dispose, cel.blend)
        made += chunk(b"fcTL", control)
        number += 1
        data = pixels(saved(cel.image, **(options or {})))
        if number == 1 and still is None:
            made += chunk(b"IDAT", data)
        else:
            made += chunk(b"fdAT", pack(">I", number) + data)
            number += 1
    return made + chunk(b"IEND", b"")


def pixels(content):
    return b"".join(data for name, data in chunks(content) if name == b"IDAT")
