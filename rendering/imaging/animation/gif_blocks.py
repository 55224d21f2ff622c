"""The blocks that a GIF is made of: where its frames are and how each is shown, read without decoding a pixel."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from struct import unpack_from

from ..errors import BrokenPicture

#: The first byte of a block, as GIF89a defines it.
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B

#: The length of a full data block, and how many bytes of such blocks are skipped at a time.
FULL_BLOCK, LOOKAHEAD = 255, 65536

#: Bytes of the header, including the logical screen descriptor.
HEADER = 13

#: What follows EXTENSION in a graphic control extension: its label, and its size in bytes.
CONTROL = b"\xf9\x04"


def tables_end(flags: int, position: int) -> int:
    """The end of the colour table at `position`, if the packed flags before it say that there is one."""
    return position + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def extent(content: bytes, most: int) -> tuple[int, int, int]:
    """The number of frames of a GIF, and the width and height in pixels that hold all of them, which may exceed those
    in its header. Counting stops above `most`. Raises BrokenPicture for a GIF that ends within its header."""
    check_complete_header(content)
    count, width, height = 0, *unpack_from("<HH", content, 6)
    for frame in islice(frames(content), most + 1):
        count, width, height = count + 1, max(width, frame.box[2]), max(height, frame.box[3])
    return count, width, height


@dataclass(frozen=True, slots=True)
class GifFrame:
    """A frame of a GIF, as its blocks describe it."""

    #: Left, top, right and bottom on the logical screen, in pixels.
    box: tuple[int, int, int, int]
    #: GIF89a's disposal method; 2 clears the box before the next frame is drawn.
    disposal: int
    #: Whether one of its colours is transparent.
    transparent: bool
    #: Where its graphic control extension starts, or would be inserted; and whether it has one.
    control: int
    has_control: bool
    #: The size of its colour table.
    colours: int


def check_complete_header(content: bytes) -> None:
    """Raise BrokenPicture for a GIF that ends within its header."""
    if len(content) < HEADER:
        raise BrokenPicture("The file says that it is a GIF but ends within its header: it is cut off")


def frames(content: bytes) -> Iterator[GifFrame]:
    """Yield the frames of a GIF, up to where it is cut off. Raises BrokenPicture if it ends within its header."""
    check_complete_header(content)
    position, control, colours = tables_end(content[10], HEADER), 0, 2 << (content[10] & 7)
    while position < len(content):
        block = content[position]
        if block == TRAILER:
            break
        if block == IMAGE and position + 10 < len(content):
            left, top, across, down, flags = unpack_from("<HHHHB", content, position + 1)
            flags_of_control = content[control + 3] if control else 0
            yield GifFrame(
                box=(left, top, left + across, top + down),
                disposal=flags_of_control >> 2 & 7,
                transparent=bool(flags_of_control & 1),
                control=control or position,
                has_control=bool(control),
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
    """The GIF with the colour at `index` made transparent in that frame."""
    start = frame.control
    if frame.has_control:
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
    """The end of the chain of data blocks that starts at `position`."""
    while position < len(content) and (length := content[position]):
        if length == FULL_BLOCK:
            # All blocks of pixels but the last are full, so the bytes that hold their lengths are 256 apart.
            lengths = bytes(content[position : position + LOOKAHEAD : FULL_BLOCK + 1])
            position += (len(lengths) - len(lengths.lstrip(b"\xff"))) * (FULL_BLOCK + 1)
        else:
            position += length + 1
    return position + 1
