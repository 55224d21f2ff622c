"""JPEG 2000 (ISO/IEC 15444-1): into how many pieces a picture is cut. Its decoder takes memory for all pieces of a tile
before it looks at any data, so a file of a hundred bytes can ask for gigabytes."""

from itertools import pairwise
from math import prod
from struct import unpack_from

from msgspec import Struct

from ...errors import TooLarge, UnsupportedFormat
from ..limits import BYTES_PER_PIXEL, Limits, check_size, sizes
from .codestream import (
    BOXES,
    CODING,
    CODING_OF_ONE,
    ORDERS,
    SIZE,
    Codestream,
    Coding,
    add_coding,
    boxes,
    codestream_start,
    nested_boxes,
    read_size,
    segments,
)

#: The most channels of a picture that is read.
MOST_CHANNELS = 4

#: The types of channels in the box `cdef`.
OF_COLOUR, OF_ALPHA, OF_MULTIPLIED_ALPHA = 0, 1, 2

#: What OpenJPEG 2.5 takes for each piece, in bytes: for a tile, for each component of it, for a precinct of a band, for
#: a code block, and for each packet of a tile. Measured, the allocator's own share included.
TILE, COMPONENT, PRECINCT, BLOCK, PACKET = 8200, 1100, 220, 350, 2

#: How many of each a picture may have. The first three are many times what pictures of `Limits.pixels` have in use;
#: each of the others takes a decoder one or two seconds, without any data.
COMPONENTS, CODINGS, SEGMENTS = 16, 64, 100_000
TILES, PRECINCTS, BLOCKS, PACKETS, STEPS = 20_000, 1_500_000, 3_000_000, 20_000_000, 200_000_000

#: The part of `Limits.memory` that pieces may take beside the pixels, and how far both together may exceed it.
SHARE, EXCESS = 0.35, 1.2


class Pieces(Struct):
    """How many there are in all; and of the largest tile the bytes, and the most precincts of one resolution."""

    precincts: int = 0
    packets: int = 0
    blocks: int = 0
    bytes: int = 0
    most: int = 0


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for a picture that is cut into too many pieces, and UnsupportedFormat for misaligned chroma."""
    for number, _ in enumerate(nested_boxes(content, 0, len(content))):
        refuse_over("boxes", number, BOXES)
    stream = read(content)
    if not stream or not stream.codings:
        return  # whoever opens it will say
    check_size(stream.last[0] - stream.first[0], stream.last[1] - stream.first[1], limits)
    tiles = [axis(stream, which) for which in (0, 1)]
    refuse_misaligned_chroma(stream, tiles)
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


def refuse_misaligned_chroma(stream: Codestream, tiles: list[list[int]]) -> None:
    """Raise UnsupportedFormat for subsampled chroma whose edges are not on the grid of its subsampling. Pillow 13
    rounds the length of rows down where OpenJPEG rounds it up, and skews the picture."""
    steps = set(stream.steps)
    if len(steps) > 1 and any(edge % step[which] for which in (0, 1) for edge in tiles[which] for step in steps):
        raise UnsupportedFormat(
            "The file is a JPEG 2000 whose colours have fewer pixels than its brightness, and one of whose sides is no "
            "multiple of theirs, which is not read here; save it without subsampling, or as a PNG"
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
                for name in Pieces.__struct_fields__:
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


def scales(content: bytes) -> tuple[int, ...]:
    """The scales at which a JPEG 2000 can be decoded to the same picture, as divisors of its sides, the largest first.

    None if the picture does not begin at the corner of the reference grid: Pillow would misplace tiles. None below 8
    bits: a reduced picture would be as coarse.
    """
    stream = read(content)
    if not stream or not stream.codings or any(stream.first) or min(stream.depths) < 8:
        return ()
    deepest = 1 << min(coding.levels for _, coding in stream.codings)
    step = max(map(max, stream.steps))
    return tuple(
        scale
        for scale in (8, 4, 2)
        if scale <= deepest and (step == 1 or not any(edge % (scale * step) for edge in stream.last))
    )


class Channels(Struct, frozen=True):
    """The bit depths of channels, the indexes of red, green, blue and alpha among them, and whether colours are
    premultiplied by alpha."""

    depths: tuple[int, ...]
    order: tuple[int, ...]
    premultiplied: bool = False


def channels(content: bytes) -> Channels:
    """The channels of a JPEG 2000. Without a usable `cdef` they are in their own order."""
    stream = read(content)
    depths = stream.depths if stream else ()
    usual = Channels(depths, tuple(range(len(depths))))
    header = next((box for box in boxes(content, 0, len(content)) if box[0] == b"jp2h"), None)
    if not header or content[:4] == b"\xff\x4f\xff\x51":
        return usual
    inside = {kind: (start, end) for kind, start, end in boxes(content, header[1], header[2])}
    if b"cdef" not in inside or b"pclr" in inside:
        return usual
    start, end = inside[b"cdef"]
    last = min(end, start + 2 + 6 * COMPONENTS)
    definitions = [unpack_from(">3H", content, at) for at in range(start + 2, last - 5, 6)]
    colours = {colour: channel for channel, kind, colour in definitions if kind == OF_COLOUR}
    clear = [(channel, kind) for channel, kind, _ in definitions if kind in (OF_ALPHA, OF_MULTIPLIED_ALPHA)]
    order = (*(colours.get(number + 1, -1) for number in range(len(colours))), *(channel for channel, _ in clear))
    if sorted(order) != list(usual.order):
        return usual
    return Channels(depths, order, bool(clear) and clear[0][1] == OF_MULTIPLIED_ALPHA)


def unread(content: bytes) -> str:
    """In words, the feature for which a JPEG 2000 cannot be read; empty if there is none."""
    stream = read(content)
    if not stream:
        return ""
    if len(stream.steps) > MOST_CHANNELS:
        return f"{len(stream.steps)} channels"
    apart = len(set(stream.steps)) > 1 and len(stream.steps) in (1, 2)
    return "channels of different sizes" if apart else ""
