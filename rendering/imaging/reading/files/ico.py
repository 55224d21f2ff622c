"""ICO: the pictures in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack, unpack_from

from ..limits import BYTES_PER_PIXEL, Limits, check_budget, check_size

#: Samples per pixel of a PNG, by its colour type.
PNG_SAMPLES = {2: 3, 4: 2, 6: 4}
#: How an OS/2 bitmap begins, whose numbers have half the width.
CORE_HEADER = b"\x0c\x00\x00\x00"
#: The length of the shortest header of Windows.
INFO_HEADER = 40


def icon_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    """Width and height of every picture in an ICO, from its own header: the directory's may be untrue."""
    count = int.from_bytes(content[4:6], "little")
    for entry in range(6, min(6 + 16 * count, len(content) - 15), 16):
        offset = int.from_bytes(content[entry + 12 : entry + 16], "little")
        if len(content) < offset + 24:
            continue
        if content.startswith(b"\x89PNG", offset):
            yield unpack_from(">II", content, offset + 16)
        elif content[offset : offset + 4] == CORE_HEADER:
            width, height = unpack_from("<HH", content, offset + 4)
            yield width, height // 2  # twice as high as the picture: its mask lies below it
        else:
            width, height = unpack_from("<ii", content, offset + 4)
            yield abs(width), abs(height) // 2


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for any picture in it that is too large: opening an icon decodes one."""
    for width, height in icon_sizes(content):
        check_size(width, height, limits)
        check_budget("ICO", width, height, BYTES_PER_PIXEL["ICO"], limits)


@dataclass(frozen=True, slots=True)
class Icon:
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
        if content.startswith(b"\x89PNG", offset):
            depth = content[offset + 24] * PNG_SAMPLES.get(content[offset + 25], 1)
        else:
            (depth,) = unpack_from("<H", content, offset + (10 if content[offset : offset + 4] == CORE_HEADER else 14))
        yield Icon((content[entry] or 256, content[entry + 1] or 256), depth, entry, size, offset)


def ico_of_one(content: bytes) -> bytes:
    """The ICO with its best picture alone: the largest, and of these the deepest, as in browsers. Pillow takes the
    shallowest. If its alpha is zero everywhere, its mask counts, which Pillow reads if the directory says that there is
    no alpha."""
    best = max(icons(content), key=lambda icon: (icon.sides[0] * icon.sides[1], icon.depth), default=None)
    if not best:
        return content  # the reader will refuse it
    depth, size = best.depth, best.size
    if depth == 32 and (end := end_of_mask(content, best.offset)):
        depth, size = 24, end - best.offset
    entry = content[best.entry : best.entry + 6] + pack("<HII", depth, size, 22)
    return content[:4] + pack("<H", 1) + entry + content[best.offset :]


def end_of_mask(content: bytes, offset: int) -> int:
    """The end of the mask of a 32-bit bitmap whose alpha is zero everywhere; 0 for other bitmaps."""
    header, width, height = map(int, unpack_from("<Iii", content, offset))
    width, height = abs(width), abs(height) // 2
    pixels = offset + header
    end = pixels + 4 * width * height
    masked = end + -(-width // 32) * 4 * height
    if header < INFO_HEADER or masked > len(content) or any(content[pixels + 3 : end : 4]):
        return 0
    return masked
