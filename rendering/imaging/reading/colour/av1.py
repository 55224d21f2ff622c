"""Colours by code points in the stream of an AVIF, which count where the file around it says nothing.

AV1 Bitstream & Decoding Process, 5.5: the header of a sequence.
"""

from collections.abc import Iterator

from ..files.heif import READERS, Item, Meta, Numbers, at, boxes

#: The unit of the stream that has the colours, bytes of it that are looked at, and units before it.
SEQUENCE_HEADER, LONGEST, UNITS = 1, 256, 16

#: Tables of a track that say where its first chunk is, and how long that number is.
CHUNKS = {b"stco": 4, b"co64": 8}


class Bits:
    """The bits of bytes, one after the other; noughts after their end."""

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
    """Where the stream of the picture begins, of its first piece, or of the first track; 0 if nothing says so."""
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
    """The kind of each of the first units of a stream, and its content, as far as it is looked at."""
    for _ in range(UNITS):
        head, start = at(content, start, 1), start + 1
        start += head >> 2 & 1  # an extension
        length, shift = 0, 0
        if not head >> 1 & 1:
            return  # it has no length: nothing follows that could be found
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
    """The code points in a sequence header. What comes before them is passed over."""
    profile, _, short = bits.next(3), bits.next(1), bits.next(1)
    if short:
        bits.next(5)
    else:
        pass_timing_and_points(bits)
    sides = bits.next(4) + 1, bits.next(4) + 1
    bits.next(sides[0])
    bits.next(sides[1])
    if not short and bits.next(1):  # numbers of frames
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
        bits.next(1)  # without colours
    return (bits.next(8), bits.next(8)) if bits.next(1) else None


def pass_timing_and_points(bits: Bits) -> None:
    """Pass over how long frames are shown, and the points at which a decoder may operate."""
    delay = 0
    if bits.next(1):
        bits.next(64)
        if bits.next(1):  # frames of one duration, in a code of as many bits as noughts come first
            noughts = 0
            while noughts < 32 and not bits.next(1) and bits.left > 0:
                noughts += 1
            bits.next(noughts)
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
