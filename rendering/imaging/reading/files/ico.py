"""ICO: the pictures in it."""

from collections.abc import Iterator
from struct import pack, unpack_from

from msgspec import Struct

from ..limits import BYTES_PER_PIXEL, Limits, check_budget, check_size
from . import bmp, png

#: Samples per pixel of a PNG, by its colour type.
PNG_SAMPLES = {2: 3, 4: 2, 6: 4}
#: How an OS/2 bitmap begins, whose numbers have half the width.
CORE_HEADER = b"\x0c\x00\x00\x00"
#: The length of the shortest header of Windows, and the compression BI_BITFIELDS, with which masks follow it.
INFO_HEADER, FIELDS = 40, 3
#: How a PNG begins.
PNG = b"\x89PNG"


def icon_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    """Width and height of every picture in an ICO, from its own header: the directory's may be untrue."""
    count = int.from_bytes(content[4:6], "little")
    for entry in range(6, min(6 + 16 * count, len(content) - 15), 16):
        offset = int.from_bytes(content[entry + 12 : entry + 16], "little")
        if len(content) < offset + 24:
            continue
        if content.startswith(PNG, offset):
            yield unpack_from(">II", content, offset + 16)
        elif content[offset : offset + 4] == CORE_HEADER:
            width, height = unpack_from("<HH", content, offset + 4)
            yield width, height // 2  # twice as high as the picture: its mask lies below it
        else:
            width, height = unpack_from("<ii", content, offset + 4)
            yield abs(width), abs(height) // 2


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for any picture in it that is too large, which opening an icon decodes, or for its best one if
    that has more pieces than a reader can go through."""
    for width, height in icon_sizes(content):
        check_size(width, height, limits)
        check_budget("ICO", width, height, BYTES_PER_PIXEL["ICO"], limits)
    if best := best_of(content):
        picture = content[best.offset :]
        if picture.startswith(PNG):
            png.check(picture, limits)
        else:
            bmp.check(bytes(bmp.HEADER) + picture, limits)


class Icon(Struct, frozen=True):
    """One of the pictures in an ICO. Its sides are those in the directory, where 0 means 256."""

    sides: tuple[int, int]
    #: Bits per pixel, from its own header: the directory often leaves them out.
    depth: int
    #: The position of its entry in the directory; the size and position of its bytes, by the directory.
    entry: int
    size: int
    offset: int


def icons(content: bytes) -> Iterator[Icon]:
    """The pictures in an ICO, as far as there are bytes for their headers."""
    count = int.from_bytes(content[4:6], "little")
    for entry in range(6, min(6 + 16 * count, len(content) - 15), 16):
        size, offset = unpack_from("<II", content, entry + 8)
        if len(content) < offset + 26:
            continue
        if content.startswith(PNG, offset):
            depth = content[offset + 24] * PNG_SAMPLES.get(content[offset + 25], 1)
        else:
            (depth,) = unpack_from("<H", content, offset + (10 if content[offset : offset + 4] == CORE_HEADER else 14))
        yield Icon((content[entry] or 256, content[entry + 1] or 256), depth, entry, size, offset)


def best_of(content: bytes) -> Icon | None:
    """The largest picture, and of these the deepest, as in browsers."""
    return max(icons(content), key=lambda icon: (icon.sides[0] * icon.sides[1], icon.depth), default=None)


def ico_of_one(content: bytes) -> bytes:
    """The ICO with its best picture alone. Pillow takes the shallowest. If its alpha is zero everywhere, its mask
    counts, which Pillow reads if the directory says that there is no alpha."""
    best = best_of(content)
    if not best:
        return content  # the reader will refuse it
    picture = content[best.offset :]
    if picture.startswith(PNG):
        picture = png.png_of_pixels(picture)
        depth, size = best.depth, len(picture)
    else:
        depth, size = depth_and_size(picture, best)
        if best.size <= len(picture) or size != best.size:  # else it is cut off
            picture = picture.ljust(size, b"\0")
    entry = content[best.entry : best.entry + 6] + pack("<HII", depth, size, 22)
    return content[:4] + pack("<H", 1) + entry + picture


def depth_and_size(bitmap: bytes, told: Icon) -> tuple[int, int]:
    """The depth of a bitmap, 24 if it has 32 bits whose alpha is zero everywhere; and how many bytes it has with its
    mask, which may be missing: then nothing is masked. Pillow looks for the mask where the directory says it ends."""
    header, width, height = map(int, unpack_from("<Iii", bitmap))
    if header < INFO_HEADER or len(bitmap) < INFO_HEADER or not told.depth:
        return told.depth, told.size
    width, height = abs(width), abs(height) // 2
    (packing,), (colours,) = unpack_from("<I", bitmap, 16), unpack_from("<I", bitmap, 32)
    start = header + (12 if packing == FIELDS and header == INFO_HEADER else 0)
    if told.depth <= 8:
        start += 4 * (colours or 1 << told.depth)
    end = start + -(-width * told.depth // 32) * 4 * height
    if packing not in (0, FIELDS) or end > len(bitmap):
        return told.depth, told.size
    hidden = told.depth == 32 and not any(bitmap[start + 3 : end : 4])
    return 24 if hidden else told.depth, end + -(-width // 32) * 4 * height
