"""The blocks that a GIF is made of, read without decoding a pixel: where its frames are, and what is said of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from struct import unpack_from

from ..errors import BrokenPicture

#: How the blocks of a GIF begin.
IMAGE, EXTENSION, END = 0x2C, 0x21, 0x3B

#: The length of a full block of data, and how far blocks are looked at together.
FULL, AHEAD = 255, 65536

#: Bytes of the header, the size of the screen included.
HEADER = 13

#: How a graphic control extension goes on.
CONTROL = b"\xf9\x04"


def tables_end(flags: int, position: int) -> int:
    """The position after the colour table of a GIF at `position`, if the flags before it say that there is one."""
    return position + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def extent(content: bytes, most: int) -> tuple[int, int, int]:
    """How many frames a GIF has (counting stops above `most`), and the width and height in pixels that hold all of
    them, which may be more than its header says. Raises BrokenPicture for one that ends within its header."""
    check_complete_header(content)
    count, width, height = 0, *unpack_from("<HH", content, 6)
    for frame in islice(frames(content), most + 1):
        count, width, height = count + 1, max(width, frame.box[2]), max(height, frame.box[3])
    return count, width, height


@dataclass(frozen=True, slots=True)
class GifFrame:
    """A frame of a GIF: its box on the screen, what becomes of it when the next one comes (2: its place is cleared),
    whether one of its colours is transparent; where its control stands, or would stand, and its number of colours."""

    box: tuple[int, int, int, int]
    then: int
    transparent: bool
    control: int
    controlled: bool
    colours: int


def check_complete_header(content: bytes) -> None:
    """Raise BrokenPicture for a GIF that ends within its header."""
    if len(content) < HEADER:
        raise BrokenPicture("The file says that it is a GIF but ends within its header: it is cut off")


def frames(content: bytes) -> Iterator[GifFrame]:
    """The frames of a GIF, in order, as far as it goes. Raises BrokenPicture for one that ends within its header."""
    check_complete_header(content)
    position, control, colours = tables_end(content[10], HEADER), 0, 2 << (content[10] & 7)
    while position < len(content):
        block = content[position]
        if block == END:
            break
        if block == IMAGE and position + 10 < len(content):
            left, top, across, down, flags = unpack_from("<HHHHB", content, position + 1)
            said = content[control + 3] if control else 0
            yield GifFrame(
                box=(left, top, left + across, top + down),
                then=said >> 2 & 7,
                transparent=bool(said & 1),
                control=control or position,
                controlled=bool(control),
                colours=2 << (flags & 7) if flags & 0x80 else colours,
            )
            position, control = blocks_end(content, tables_end(flags, position + 10) + 1), 0
        elif block == EXTENSION:
            if content[position + 1 : position + 3] == CONTROL and position + 8 <= len(content):
                control = position
            position = blocks_end(content, position + 2)
        else:
            position += 1  # stray bytes between blocks are skipped, as Pillow does


def with_transparent(content: bytes, frame: GifFrame, index: int) -> bytes:
    """The GIF in which that frame's colour of that index is transparent."""
    start = frame.control
    if frame.controlled:
        flags = content[start + 3] | 1
        return (
            content[: start + 3]
            + bytes([flags])
            + content[start + 4 : start + 6]
            + bytes([index])
            + content[start + 7 :]
        )
    return content[:start] + b"!" + CONTROL + bytes([1, 0, 0, index, 0]) + content[start:]


def blocks_end(content: bytes | memoryview, position: int) -> int:
    """The position after the chain of data blocks of a GIF that begins at `position`."""
    while position < len(content) and (length := content[position]):
        if length == FULL:
            # Pixels come in blocks of the full length but for the last: their lengths stand 256 bytes apart.
            lengths = bytes(content[position : position + AHEAD : FULL + 1])
            position += (len(lengths) - len(lengths.lstrip(b"\xff"))) * (FULL + 1)
        else:
            position += length + 1
    return position + 1
