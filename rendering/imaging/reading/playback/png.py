"""Animated PNGs: their frames, each taken out of the chunks as a PNG that a reader can open.

https://www.w3.org/TR/png-3/#apng-frame-based-animation
"""

from collections.abc import Iterator
from struct import unpack_from
from zlib import crc32

from msgspec import Struct

from ...box import Pixels
from ...errors import BrokenPicture
from ..files.png import png_chunks
from .canvas import Then

#: Bytes of a chunk that describes a frame, and of the numbers before its data and that of pixels.
CONTROL, SEQUENCE = 26, 4

#: What the two bytes at the end of such a chunk say.
DISPOSALS, OVER = {0: Then.KEEP, 1: Then.CLEAR, 2: Then.RESTORE}, 1

#: The chunks without which the pixels of a frame cannot be understood.
OF_PIXELS = (b"PLTE", b"tRNS")


class PngFrame(Struct, frozen=True):
    """A frame of an animated PNG: its box on the canvas, duration in milliseconds, and the PNG that it is by itself."""

    box: Pixels
    duration: float
    then: Then
    over: bool
    content: bytes


def frames(content: bytes) -> Iterator[PngFrame]:
    """Yield the frames of an animated PNG. Raises BrokenPicture for one whose chunks contradict each other."""
    head, control, data, sequence = b"", b"", list[bytes](), 0
    shared = dict[bytes, bytes]()  # of two alike the last one counts, as in Pillow
    for name, start, end in png_chunks(content):
        inside = content[start + 8 : end - 4]
        if name == b"IHDR":
            head = inside
        elif name in OF_PIXELS:
            shared[name] = content[start:end]
        elif name == b"IDAT" and control:
            if control[4:20] != head[:8] + bytes(8):
                raise broken("its first frame is not the whole picture")
            data.append(inside)
        elif name in (b"fcTL", b"fdAT"):
            if len(inside) < (CONTROL if name == b"fcTL" else SEQUENCE) or at(inside, 0) != sequence:
                raise broken("its chunks are not in order")
            sequence += 1
            if name == b"fdAT":
                data.append(inside[SEQUENCE:])
                continue
            if control:
                yield frame_of(head, [*shared.values()], control, data)
            control, data = inside, []
    if control:
        yield frame_of(head, [*shared.values()], control, data)


def frame_of(head: bytes, shared: list[bytes], control: bytes, data: list[bytes]) -> PngFrame:
    """A frame, by the data of the chunks that describe the canvas and the frame, and that of its pixels."""
    width, height, left, top, delay, of, disposal, blend = unpack_from(">IIIIHHBB", control, 4)
    if not data or len(head) < 13:
        raise broken("a frame has no pixels")
    if not width or not height or left + width > at(head, 0) or top + height > at(head, 4):
        raise broken("a frame is not within the picture")
    return PngFrame(
        box=(left, top, left + width, top + height),
        duration=1000 * delay / (of or 100),
        then=DISPOSALS.get(disposal, Then.KEEP),
        over=blend == OVER,
        content=b"".join((
            b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", control[4:12] + head[8:]), *shared, chunk(b"IDAT", b"".join(data)),
            chunk(b"IEND", b""),
        )),
    )  # fmt: skip


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + crc32(data, crc32(name)).to_bytes(4, "big")


def at(data: bytes, start: int) -> int:
    """The number of four bytes that starts there."""
    return int.from_bytes(data[start : start + 4], "big")


def broken(what: str) -> BrokenPicture:
    return BrokenPicture(f"The file says that it is an animated PNG, but {what}: it is damaged")
