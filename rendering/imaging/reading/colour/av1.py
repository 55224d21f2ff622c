"""Colours by code points in the AV1 bitstream of an AVIF. They count where the container says nothing.

AV1 Bitstream & Decoding Process Specification, 5.5: the sequence header.
"""

from collections.abc import Iterator

from ..files.heif import READERS, Item, Meta, Numbers, at, boxes

#: The type of the unit (OBU) that has the colours, how many of its bytes are read, and how many units are searched.
SEQUENCE_HEADER, LONGEST, UNITS = 1, 256, 16

#: Tables of a track that say where its first chunk is, and how long that number is.
CHUNKS = {b"stco": 4, b"co64": 8}


class Bits:
    """Reads bits one after the other; zeros after the end."""

    def __init__(self, data: bytes) -> None:
        self.value, self.left = int.from_bytes(data, "big"), 8 * len(data)

    def next(self, count: int) -> int:
        self.left -= count
        return (self.value >> max(self.left, 0)) & ((1 << count) - 1) if self.left >= 0 else 0


def code_points(content: bytes) -> tuple[int, int] | None:
    """The code points of primaries and curve (ITU-T H.273) in the stream of an AVIF's picture, if they are there."""
    start = start_of_stream(content)
    for kind, body in units(content, start) if start else ():
        if kind == SEQUENCE_HEADER:
            return in_header(Bits(body))
    return None


def start_of_stream(content: bytes) -> int:
    """The position of the picture's bitstream, its first tile's, or the first track's; 0 if there is none."""
    meta, first = Meta(), 0
    for _, kind, start, end in boxes(content, 0, len(content), b""):
        if kind == b"idat":
            meta.data = start
        elif kind in CHUNKS:
            first = first or at(content, start + 8, CHUNKS[kind])
        elif kind in READERS:
            READERS[kind](meta, Numbers(content, start, end))
    item = meta.items.get(meta.primary, Item())
    if item.pieces:
        item = meta.items.get(item.pieces[0], Item())
    return item.runs[0][0] + (meta.data if item.inside else 0) if item.runs else first


def units(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the type and the first LONGEST bytes of each of the first UNITS units of a bitstream."""
    for _ in range(UNITS):
        head, start = at(content, start, 1), start + 1
        start += head >> 2 & 1  # an extension
        length, shift = 0, 0
        if not head >> 1 & 1:
            return  # without a length there is no next unit
        while shift < 56:
            byte, start = at(content, start, 1), start + 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if start >= len(content):
            return
        yield head >> 3 & 15, content[start : start + min(length, LONGEST)]
        start += length


def in_header(bits: Bits) -> tuple[int, int] | None:
    """The code points in a sequence header. What precedes them is skipped."""
    profile, _, short = bits.next(3), bits.next(1), bits.next(1)
    if short:
        bits.next(5)
    else:
        skip_timing_and_points(bits)
    sides = bits.next(4) + 1, bits.next(4) + 1
    bits.next(sides[0])
    bits.next(sides[1])
    if not short and bits.next(1):  # frame IDs
        bits.next(7)
    bits.next(3)
    if not short:
        bits.next(4)
        ordered = bits.next(1)
        bits.next(2 * ordered)
        tools = bits.next(1) or bits.next(1)
        if tools and not bits.next(1):
            bits.next(1)
        bits.next(3 * ordered)
    bits.next(3)
    if bits.next(1) and profile == 2:
        bits.next(1)
    if profile != 1:
        bits.next(1)  # monochrome
    return (bits.next(8), bits.next(8)) if bits.next(1) else None


def skip_timing_and_points(bits: Bits) -> None:
    """Skip the timing information and the operating points."""
    delay = 0
    if bits.next(1):
        bits.next(64)
        if bits.next(1):  # frames of one duration, in Exp-Golomb code
            zeros = 0
            while zeros < 32 and not bits.next(1) and bits.left > 0:
                zeros += 1
            bits.next(zeros)
        if bits.next(1):
            delay = bits.next(5) + 1
            bits.next(42)
    delayed = bits.next(1)
    for _ in range(bits.next(5) + 1):
        bits.next(12)
        if bits.next(5) > 7:
            bits.next(1)
        if delay and bits.next(1):
            bits.next(2 * delay + 1)
        if delayed and bits.next(1):
            bits.next(4)
