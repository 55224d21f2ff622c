"""JPEG 2000 (ISO/IEC 15444-1): into how many pieces a picture is cut. Its decoder takes memory for all pieces of a tile
before it looks at any data, so a file of a hundred bytes can ask for gigabytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod
from struct import unpack_from

from ...errors import TooLarge
from ..limits import BYTES_PER_PIXEL, Limits, check_size, sizes

START, SIZE, CODING, CODING_OF_ONE, ORDERS, TILE_PART, DATA = 0x4F, 0x51, 0x52, 0x53, 0x5F, 0x90, 0x93
#: The markers that decoders know. From another one on they look at every two bytes until they meet one of these.
KNOWN = frozenset((SIZE, CODING, CODING_OF_ONE, ORDERS, TILE_PART, 0x50, 0x55, 0x57, 0x58, 0x59, 0x5C, 0x5D, 0x5E, 0x60,
                   0x61, 0x63, 0x64, 0x74, 0x75, 0x77, 0x78))  # fmt: skip

#: What OpenJPEG 2.5 takes for each piece, in bytes: for a tile, for each component of it, for a precinct of a band, for
#: a code block, and for each packet of a tile. Measured, the allocator's own share included.
TILE, COMPONENT, PRECINCT, BLOCK, PACKET = 8200, 1100, 220, 350, 2

#: How many of each a picture may have. The first three are many times what pictures of `Limits.pixels` have in use;
#: each of the others takes a decoder one or two seconds, without any data.
COMPONENTS, CODINGS, SEGMENTS = 16, 64, 100_000
TILES, PRECINCTS, BLOCKS, PACKETS, STEPS = 20_000, 1_500_000, 3_000_000, 20_000_000, 200_000_000

#: The part of `Limits.memory` that pieces may take beside the pixels, and how far both together may exceed it.
SHARE, EXCESS = 0.35, 1.2


@dataclass(frozen=True, slots=True)
class Coding:
    """How a component is coded: how often it is halved, and as exponents of 2 the sides of code blocks, and of the
    precincts of each resolution, the smallest first."""

    levels: int
    block: tuple[int, int]
    precincts: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Codestream:
    """What headers say. Sides are pairs: across and down."""

    first: tuple[int, int]
    last: tuple[int, int]
    #: Where the tiles begin, and the sides of one.
    corner: tuple[int, int]
    tile: tuple[int, int]
    #: How many pixels of the picture one of each component stands for.
    steps: tuple[tuple[int, int], ...]
    #: The codings that the component of a number has anywhere; None: all components.
    codings: set[tuple[int | None, Coding]] = field(default_factory=set)
    layers: int = 1
    #: How often the order of packets changes.
    orders: int = 0


@dataclass(slots=True)
class Pieces:
    """How many there are in all; and of the largest tile the bytes, and the most precincts of one resolution."""

    precincts: int = 0
    packets: int = 0
    blocks: int = 0
    bytes: int = 0
    most: int = 0


def wavelet_levels(content: bytes) -> int:
    """How often a JPEG 2000 halves itself: it can be decoded at half of its sides that many times over."""
    stream = read(content)
    return min((coding.levels for _, coding in stream.codings), default=0) if stream else 0


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for a picture that is cut into too many pieces."""
    stream = read(content)
    if not stream or not stream.codings:
        return  # whoever opens it will say
    check_size(stream.last[0] - stream.first[0], stream.last[1] - stream.first[1], limits)
    tiles = [axis(stream, which) for which in (0, 1)]
    deepest = max(coding.levels for _, coding in stream.codings) + 1
    # Counting takes time, too.
    work = len({*stream.steps}) * len(stream.codings) * deepest * (len(tiles[0]) + len(tiles[1]))
    refuse_over("rows and columns of tiles, for each level of each coding", work, SEGMENTS)
    pieces = count_pieces(stream, tiles)
    refuse_over("precincts in all bands", pieces.precincts, PRECINCTS)
    refuse_over("code blocks", pieces.blocks, BLOCKS)
    refuse_over("packets, which are precincts times layers", pieces.packets * stream.layers, PACKETS)
    changes = 1 + stream.orders
    looked_at = pieces.packets * stream.layers + places(stream) * deepest * len(stream.steps)
    refuse_over("places that are looked at for packets", looked_at * changes, STEPS)
    packets = (stream.layers + 1) * deepest * len(stream.steps) * pieces.most
    needed = (
        prod(len(sides) - 1 for sides in tiles) * (TILE + COMPONENT * len(stream.steps))
        + pieces.bytes
        + packets * PACKET
    )
    pixels = prod(last - first for first, last in zip(stream.first, stream.last, strict=True))
    allowed = max(limits.memory * SHARE, limits.memory * EXCESS - pixels * BYTES_PER_PIXEL["JPEG2000"])
    if needed > allowed:
        raise TooLarge(
            "The picture is a JPEG 2000 whose tiles, precincts and code blocks would take {}, {} are allowed; save it "
            "with larger ones".format(*sizes(needed, allowed))
        )


def refuse_over(what: str, count: int, most: int) -> None:
    if count > most:
        raise TooLarge(f"The picture is a JPEG 2000 of {count:,} {what}, {most:,} are allowed; save it with fewer")


def axis(stream: Codestream, which: int) -> list[int]:
    """Where the tiles along an axis begin, and where the last one ends."""
    first, last = stream.first[which], stream.last[which]
    start, step = stream.corner[which], stream.tile[which]
    return [first, *(begin for begin in range(start + step, last, step) if begin > first), last]


def count_pieces(stream: Codestream, tiles: list[list[int]]) -> Pieces:
    """Count for each component, resolution and tile; of several codings that a component may have, the worst."""
    found = Pieces()
    counted: dict[tuple[tuple[int, int], Coding], Pieces] = {}
    for number, steps in enumerate(stream.steps):
        worst = Pieces()
        for whose, coding in stream.codings:
            if whose in (None, number):
                one = counted.get((steps, coding)) or pieces_of(coding, steps, tiles)
                counted[steps, coding] = one
                for name in Pieces.__slots__:
                    setattr(worst, name, max(getattr(worst, name), getattr(one, name)))
        found.most = max(found.most, worst.most)
        for name in ("precincts", "packets", "blocks", "bytes"):
            setattr(found, name, getattr(found, name) + getattr(worst, name))
    return found


def pieces_of(coding: Coding, steps: tuple[int, int], tiles: list[list[int]]) -> Pieces:
    """The pieces of one component."""
    found = Pieces()
    for resolution, precinct in enumerate(coding.precincts):
        bands = 3 if resolution else 1
        halved = coding.levels - resolution
        # Bands other than the smallest have half the sides of their resolution.
        smaller = 1 if resolution else 0
        precincts, blocks = [], []
        for which in (0, 1):
            unit = steps[which] << halved
            sides = [-(-edge // unit) for edge in tiles[which]]
            block = min(coding.block[which], max(0, precinct[which] - smaller)) + smaller
            precincts.append([cells(start, end, precinct[which]) for start, end in pairwise(sides)])
            blocks.append([cells(start, end, block) for start, end in pairwise(sides)])
        largest = prod(map(max, precincts))
        packets = prod(map(sum, precincts))
        found.packets += packets
        found.precincts += bands * packets
        found.blocks += bands * prod(map(sum, blocks))
        found.bytes += bands * (largest * PRECINCT + prod(map(max, blocks)) * BLOCK)
        found.most = max(found.most, largest)
    return found


def cells(start: int, end: int, exponent: int) -> int:
    """How many cells of a grid of that side a stretch touches."""
    return 0 if start >= end else -(-end >> exponent) - (start >> exponent)


def places(stream: Codestream) -> int:
    """How many places a decoder looks at for packets that come by their place: those of the finest grid that precincts
    make, across and down."""
    finest = [
        min(
            steps[which] << coding.levels - resolution + precinct[which]
            for steps in stream.steps
            for _, coding in stream.codings
            for resolution, precinct in enumerate(coding.precincts)
        )
        for which in (0, 1)
    ]
    return prod(-(-(last - first) // step) for first, last, step in zip(stream.first, stream.last, finest, strict=True))


def read(content: bytes) -> Codestream | None:
    """What the headers of the picture, and of all parts of its tiles, say; None where that cannot be read. Raises
    TooLarge for more of them, or for more tiles, than there may be."""
    stream = None
    for number, (marker, start, end) in enumerate(segments(content, codestream_start(content))):
        refuse_over("segments", number, SEGMENTS)
        body = content[start:end]
        if marker == SIZE and not stream:
            stream = read_size(body)
            if not stream:
                return None
            sides = zip(stream.corner, stream.last, stream.tile, strict=True)
            refuse_over("tiles", prod(-(-(last - first) // step) for first, last, step in sides), TILES)
            refuse_over("components", len(stream.steps), COMPONENTS)
        elif stream and marker == CODING and len(body) >= 10:
            stream.layers = max(stream.layers, int.from_bytes(body[2:4], "big"))
            add_coding(stream, None, body[0], body[5:])
        elif stream and marker == CODING_OF_ONE:
            width = 1 if len(stream.steps) < 257 else 2
            if len(body) >= width + 6:
                add_coding(stream, int.from_bytes(body[:width], "big"), body[width], body[width + 1 :])
        elif stream and marker == ORDERS:
            stream.orders += len(body) // 7
        if stream:
            refuse_over("codings", len(stream.codings), CODINGS)
    return stream


def read_size(body: bytes) -> Codestream | None:
    if len(body) < 36:
        return None
    right, bottom, left, top, across, down, x, y, count = unpack_from(">IIIIIIIIH", body, 2)
    steps = tuple((body[at + 1], body[at + 2]) for at in range(36, min(36 + 3 * count, len(body) - 2), 3))
    if not (across and down and left < right and top < bottom and steps and all(map(all, steps))):
        return None
    return Codestream((left, top), (right, bottom), (x, y), (across, down), steps)


def add_coding(stream: Codestream, whose: int | None, flags: int, body: bytes) -> None:
    """Add the coding that a segment describes to those that one component, or all, may have."""
    levels = body[0]
    chosen = body[5 : 6 + levels] if flags & 1 else bytes([0xFF]) * (levels + 1)
    if levels <= 32 and len(chosen) == levels + 1:
        precincts = tuple((side & 15, side >> 4) for side in chosen)
        stream.codings.add((whose, Coding(levels, (body[1] % 16 + 2, body[2] % 16 + 2), precincts)))


def codestream_start(content: bytes) -> int:
    """Where the codestream begins: at once, or in the first box of that kind."""
    position = 0
    while content[:4] == b"\0\0\0\x0c" and position + 8 <= len(content):
        length, kind = int.from_bytes(content[position : position + 4], "big"), content[position + 4 : position + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(content[position + 8 : position + 16], "big"), 16
        if kind == b"jp2c":
            return position + head
        if length < head:
            break
        position += length
    return 0


def segments(content: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """The segments of all headers, as OpenJPEG finds them: the marker's second byte, and where the body begins and
    ends. The next part of a tile is where the length of the one before says."""
    if content[start : start + 2] != bytes((0xFF, START)):
        return
    position, part = start + 2, 0
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
            position = next_known(content, position + 2)
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        if length < 2:
            return
        yield marker, position + 4, min(position + 2 + length, len(content))
        position += 2 + length


def next_known(content: bytes, position: int) -> int:
    """Where the next marker is that decoders know."""
    while position + 4 <= len(content) and not (content[position] == 0xFF and content[position + 1] in KNOWN):
        position += 2
    return position
