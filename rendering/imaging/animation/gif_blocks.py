"""The blocks that a GIF is made of: where its frames are and how each is shown, read without decoding a pixel."""

from collections.abc import Iterator
from itertools import islice
from struct import unpack_from

from msgspec import Struct

from ..errors import BrokenPicture

#: The first byte of a block, as GIF89a defines it.
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B

#: The length of a full data block, and how many bytes of such blocks are skipped at a time.
FULL_BLOCK, LOOKAHEAD = 255, 65536

#: Bytes of the header, including the logical screen descriptor.
HEADER = 13

#: The flag of a screen, and of a frame, that says that it has a colour table.
OWN_TABLE = 0x80

#: What follows EXTENSION in a graphic control extension: its label, and its size in bytes.
CONTROL = b"\xf9\x04"

#: What follows EXTENSION in an application extension that says how often to repeat, by those who introduced it.
REPEATS = (b"\xff\x0bNETSCAPE2.0", b"\xff\x0bANIMEXTS1.0")

#: The disposal method that clears a frame's box, and those that bring back what it covered: 4 is an old misreading of
#: 3, which browsers follow. All others keep it.
RESTORE_TO_BACKGROUND, RESTORE_TO_PREVIOUS = 2, (3, 4)


def tables_end(flags: int, position: int) -> int:
    """The end of the colour table at `position`, if the packed flags before it say that there is one."""
    return position + (3 << (flags & 7) + 1 if flags & OWN_TABLE else 0)


def extent(content: bytes, most: int) -> tuple[int, int, int]:
    """The number of frames of a GIF, and the width and height in pixels that hold all of them, which may exceed those
    in its header. Counting stops above `most`. Raises BrokenPicture for a GIF that ends within its header."""
    check_complete_header(content)
    count, width, height = 0, *unpack_from("<HH", content, 6)
    for frame in islice(frames(content), most + 1):
        count, width, height = count + 1, max(width, frame.box[2]), max(height, frame.box[3])
    return count, width, height


class GifFrame(Struct, frozen=True):
    """A frame of a GIF, as its blocks describe it."""

    #: Left, top, right and bottom on the logical screen, in pixels.
    box: tuple[int, int, int, int]
    #: GIF89a's disposal method: what happens to the frame before the next one is drawn.
    disposal: int
    #: For how long it is shown, in hundredths of a second.
    delay: int
    #: The index of its transparent colour, if it has one.
    transparent: int | None
    #: Where its image block starts and ends.
    start: int
    end: int


def check_complete_header(content: bytes) -> None:
    """Raise BrokenPicture for a GIF that ends within its header."""
    if len(content) < HEADER:
        raise BrokenPicture("The file says that it is a GIF but ends within its header: it is cut off")


def blocks(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the first byte of each block, where it starts and where it ends, up to where the GIF is cut off. Raises
    BrokenPicture if that is within its header."""
    check_complete_header(content)
    position = tables_end(content[10], HEADER)
    while position < len(content) and (kind := content[position]) != TRAILER:
        start = position
        if kind == IMAGE and position + 10 < len(content):
            position = blocks_end(content, tables_end(content[position + 9], position + 10) + 1)
        elif kind == EXTENSION:
            position = blocks_end(content, position + 2)
        else:
            position += 1  # stray bytes between blocks are skipped, as Pillow does
            continue
        yield kind, start, position


def frames(content: bytes) -> Iterator[GifFrame]:
    """Yield the frames of a GIF, up to where it is cut off. Raises BrokenPicture if it ends within its header."""
    disposal, delay, transparent = nothing = 0, 0, None
    for kind, start, end in blocks(content):
        if kind == IMAGE:
            left, top, across, down = unpack_from("<HHHH", content, start + 1)
            box = left, top, left + across, top + down
            yield GifFrame(box, disposal, delay, transparent, start, end)
            disposal, delay, transparent = nothing
        elif content[start + 1 : start + 3] == CONTROL and start + 8 <= len(content):
            flags, delay, index = unpack_from("<BHB", content, start + 3)
            disposal, transparent = flags >> 2 & 7, index if flags & 1 else None


def plays(content: bytes) -> int:
    """How often a GIF plays; 0: for ever. The last block that says so counts, wherever it is, as in browsers."""
    count = 1
    for kind, start, end in blocks(content):
        if kind == EXTENSION and content[start + 1 : start + 14] in REPEATS:
            said = content[start + 14 : end]
            if len(said) > 3 and said[0] >= 3 and said[1] == 1:
                repeats = int.from_bytes(said[2:4], "little")
                count = repeats + 1 if repeats else 0
    return count


def shows_through(content: bytes, size: tuple[int, int]) -> bool:
    """Whether parts of the screen, which is transparent, show in the first frame of a GIF of that size."""
    first = next(frames(content), None)
    if not first:
        return False
    left, top, right, bottom = first.box
    return first.transparent is not None or left > 0 or top > 0 or right < size[0] or bottom < size[1]


def alone(content: bytes, frame: GifFrame) -> bytes:
    """The GIF of one frame: its box is the screen."""
    sides, flags = content[frame.start + 5 : frame.start + 9], content[frame.start + 9 : frame.start + 10]
    screen, table = content[10:13], content[HEADER : tables_end(content[10], HEADER)]
    if flags[0] & OWN_TABLE:  # beside which Pillow would take the one of all frames for its own, if that is grey
        screen, table = bytes(3), b""
    control = b""
    if frame.transparent is not None:
        control = b"!" + CONTROL + bytes([1, 0, 0, frame.transparent, 0])
    pixels = content[frame.start + 10 : frame.end]
    return b"".join((b"GIF89a", sides, screen, table, control, b",\0\0\0\0", sides, flags, pixels, b";"))


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
