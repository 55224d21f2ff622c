"""The codestream of JPEG 2000 (ISO/IEC 15444-1), and the boxes around it: what their headers say."""

from collections.abc import Iterator
from struct import unpack_from

from msgspec import Struct

from ...errors import TooLarge

#: How coefficients are quantized: for all components, and for one.
STEPS, STEPS_OF_ONE = 0x5C, 0x5D
START, SIZE, CODING, CODING_OF_ONE, ORDERS, TILE_PART, DATA = 0x4F, 0x51, 0x52, 0x53, 0x5F, 0x90, 0x93
#: The markers that decoders know. After an unknown one they skip two bytes at a time until they meet one of these.
KNOWN = frozenset((SIZE, CODING, CODING_OF_ONE, ORDERS, TILE_PART, 0x50, 0x55, 0x57, 0x58, 0x59, 0x5C, 0x5D, 0x5E, 0x60,
                   0x61, 0x63, 0x64, 0x74, 0x75, 0x77, 0x78))  # fmt: skip

#: Boxes that hold boxes: the header, and the resolutions in it.
HOLDERS = (b"jp2h", b"res ")
#: The most boxes around a codestream, and within each other, which are two in what encoders write; and bytes after
#: markers that decoders do not know.
BOXES, LEVELS, SKIPPED = 1_000, 16, 200_000


class Coding(Struct, frozen=True):
    """How a component is coded: its decomposition levels, and the sides of code blocks and of the precincts of each
    resolution, the lowest first, as exponents of 2."""

    levels: int
    block: tuple[int, int]
    precincts: tuple[tuple[int, int], ...]


class Codestream(Struct):
    """What headers say. Sides are pairs: across and down."""

    first: tuple[int, int]
    last: tuple[int, int]
    #: Where the tiles begin, and the sides of one.
    corner: tuple[int, int]
    tile: tuple[int, int]
    #: The subsampling of each component.
    steps: tuple[tuple[int, int], ...]
    #: The bit depth of each component.
    depths: tuple[int, ...]
    #: All codings that occur, each with the number of its component; None: all components.
    codings: set[tuple[int | None, Coding]] = set()
    layers: int = 1
    #: How often the progression order changes.
    orders: int = 0


def read_size(body: bytes) -> Codestream | None:
    if len(body) < 36:
        return None
    right, bottom, left, top, across, down, x, y, count = unpack_from(">IIIIIIIIH", body, 2)
    steps = tuple((body[at + 1], body[at + 2]) for at in range(36, min(36 + 3 * count, len(body) - 2), 3))
    if not (across and down and left < right and top < bottom and steps and all(map(all, steps))):
        return None
    depths = tuple((body[at] & 0x7F) + 1 for at in range(36, 36 + 3 * len(steps), 3))
    return Codestream((left, top), (right, bottom), (x, y), (across, down), steps, depths)


def add_coding(stream: Codestream, whose: int | None, flags: int, body: bytes) -> None:
    """Add the coding that a segment describes to those that one component, or all, may have."""
    levels = body[0]
    chosen = body[5 : 6 + levels] if flags & 1 else bytes([0xFF]) * (levels + 1)
    if levels <= 32 and len(chosen) == levels + 1:
        precincts = tuple((side & 15, side >> 4) for side in chosen)
        stream.codings.add((whose, Coding(levels, (body[1] % 16 + 2, body[2] % 16 + 2), precincts)))


def codestream_start(content: bytes) -> int:
    """Where the codestream begins: at once, or in the first box of that kind."""
    if content[:4] != b"\0\0\0\x0c":
        return 0
    return next((start for kind, start, _ in boxes(content, 0, len(content)) if kind == b"jp2c"), 0)


def boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes around a codestream, or in one of them: the kind of each, and where what is in it begins and ends. The
    last one may be as long as the file. Raises TooLarge for too many of them."""
    for _ in range(BOXES):
        if start + 8 > end:
            return
        length, kind, head = int.from_bytes(content[start : start + 4], "big"), content[start + 4 : start + 8], 8
        if length == 1:
            length, head = int.from_bytes(content[start + 8 : start + 16], "big"), 16
        yield kind, start + head, min(start + length, end) if length else end
        if length < head:
            return
        start += length
    raise TooLarge(f"The picture is a JPEG 2000 in more than {BOXES:,} boxes; save it anew")


def nested_boxes(content: bytes, start: int, end: int, level: int = 1) -> Iterator[tuple[bytes, int, int]]:
    """The same with those in them that readers go through as well. Raises TooLarge for boxes that lie too deep."""
    if level > LEVELS:
        raise TooLarge(
            f"The picture is a JPEG 2000 with boxes within each other, more than {LEVELS} deep; save it anew"
        )
    for kind, first, last in boxes(content, start, end):
        yield kind, first, last
        if kind in HOLDERS:
            yield from nested_boxes(content, first, last, level + 1)


def segments(content: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """The segments of all headers, as OpenJPEG finds them: the marker's second byte, and where the body begins and
    ends. The next part of a tile is where the length of the one before says. Raises TooLarge for too much between."""
    if content[start : start + 2] != bytes((0xFF, START)):
        return
    position, part, skipped = start + 2, 0, 0
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == DATA and part:
            claimed = int.from_bytes(content[part + 6 : part + 10], "big")
            if not claimed:
                return  # the last one: to the end of the file
            position, part = max(part + claimed, position + 2), 0
            continue
        if marker == TILE_PART:
            part = position
        elif marker not in KNOWN:
            if part:
                return
            known = next_known(content, position + 2)
            skipped, position = skipped + known - position, known
            if skipped > SKIPPED:
                raise TooLarge(f"The picture is a JPEG 2000 with {SKIPPED:,} bytes of no meaning; save it anew")
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        if length < 2:
            return
        yield marker, position + 4, min(position + 2 + length, len(content))
        position += 2 + length


def next_known(content: bytes, position: int) -> int:
    """Where the next marker is that decoders know, or how far it is looked for."""
    end = min(len(content) - 3, position + SKIPPED)
    while position < end and not (content[position] == 0xFF and content[position + 1] in KNOWN):
        position += 2
    return position


def with_half_levels(content: bytes) -> bytes | None:
    """The picture with levels of more than 8 bits half as far from their middle, so that a decoder cannot exceed what
    there are; None if the file leaves no room for that.

    One bit more is claimed of them. Of coefficients without loss nothing depends on it; others are as large as the
    steps between them, which are halved, with one of their guard bits for the bit that this adds.
    """
    changed = bytearray(content)
    for marker, start, end in segments(content, codestream_start(content)):
        if marker == SIZE:
            for at in range(start + 36, end - 2, 3):
                depth = (content[at] & 0x7F) + 1
                if depth > 8:
                    changed[at] = 0x80 | depth
        elif marker in (STEPS, STEPS_OF_ONE) and end > start + 3:
            first = start + (marker == STEPS_OF_ONE)
            if content[first] & 31 == 0:
                continue
            exponents = range(first + 1, end - 1, 2)
            if content[first] < 32 or any(content[at] >> 3 == 31 for at in exponents):
                return None
            changed[first] -= 32
            for at in exponents:
                changed[at] += 8
    return bytes(changed)
