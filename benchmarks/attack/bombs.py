"""Files that cost much more than they weigh, drawn byte by byte: small files with large claims."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from PIL import Image

u16, u32 = struct.Struct(">H").pack, struct.Struct(">I").pack


# JPEG 2000: a head with many small parts of something, and no data.


def segment(marker: int, body: bytes) -> bytes:
    return u16(marker) + u16(len(body) + 2) + body


def jpeg2000(
    side: int = 4000, *, precinct: int | None = None, levels: int = 5, components: int = 1, layers: int = 1,
    tile: int = 0, block: int = 4, own: bool = False,
) -> bytes:  # fmt: skip
    """A codestream of a picture with nothing in it. `precinct` and `block` are powers of two; `own`: by component."""
    size = struct.pack(">HIIIIIIIIH", 0, side, side, 0, 0, tile or side, tile or side, 0, 0, components)
    style = bytes([levels, block - 2, block - 2, 0, 1])
    precincts = b"" if precinct is None else bytes([precinct * 17]) * (levels + 1)
    coding = bytes([bool(precincts), 0]) + u16(layers) + b"\0" + style + precincts
    plain = bytes([0, 0]) + u16(layers) + b"\0" + style
    heads = segment(0xFF51, size + b"\x07\x01\x01" * components)
    heads += segment(0xFF52, plain if own else coding)
    if own:
        number = b"\0" if components < 257 else b"\0\0"
        heads += segment(0xFF53, number + bytes([bool(precincts)]) + style + precincts)
    heads += segment(0xFF5C, b"\x40" + b"\x40" * (3 * levels + 1))
    return b"\xff\x4f" + heads + segment(0xFF90, u16(0) + u32(0) + b"\0\1") + b"\xff\x93" + bytes(64) + b"\xff\xd9"


def jp2(codestream: bytes, side: int) -> bytes:
    """The codestream in boxes, as .jp2 has it."""
    head = box(b"ihdr", u32(side) + u32(side) + u16(1) + b"\x07\x07\0\0") + box(b"colr", b"\1\0\0" + u32(17))
    signature = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return signature + box(b"jp2h", head) + box(b"jp2c", codestream)


# PNG.


def chunk(kind: bytes, data: bytes) -> bytes:
    return u32(len(data)) + kind + data + u32(zlib.crc32(kind + data))


def png(width: int, height: int, *between: bytes, colour: int = 2) -> bytes:
    """A black PNG with chunks between its head and its pixels."""
    return b"".join([png_head(width, height, colour), *between, *idat(width, height, colour), chunk(b"IEND", b"")])


def png_head(width: int, height: int, colour: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))


def idat(width: int, height: int, colour: int, size: int = 1 << 20) -> Iterator[bytes]:
    data = zeros(height * (1 + width * {0: 1, 2: 3, 6: 4}[colour]))
    return (chunk(b"IDAT", data[at : at + size]) for at in range(0, len(data), size))


def zeros(length: int) -> bytes:
    """`length` zeros, deflated."""
    packer, parts = zlib.compressobj(6), list[bytes]()
    for at in range(0, length, 1 << 20):
        parts.append(packer.compress(bytes(min(1 << 20, length - at))))
    return b"".join([*parts, packer.flush()])


def text_chunks(number: int, length: int, kind: bytes = b"zTXt") -> bytes:
    """A small PNG with many texts, each of which unpacks to `length` bytes."""
    packed = zlib.compress(b"a" * length, 9)
    head = {b"zTXt": b"note\0\0", b"iTXt": b"note\0\1\0\0\0"}[kind]
    return png(64, 64, chunk(kind, head + packed) * number)


def many_idats(number: int) -> bytes:
    """A PNG whose pixels come a byte at a time, with empty chunks between."""
    parts = list(idat(64, 64, 2, size=1))
    return b"".join([png_head(64, 64, 2), *parts, chunk(b"IDAT", b"") * number, chunk(b"IEND", b"")])


def apng(frames: int, side: int) -> bytes:
    parts = [png_head(side, side, 0), chunk(b"acTL", u32(frames) + u32(0))]
    data = zeros(side * (1 + side))
    for number in range(frames):
        control = struct.pack(">IIIIIHHBB", max(0, 2 * number - 1), side, side, 0, 0, 1, 100, 0, 0)
        parts.append(chunk(b"fcTL", control))
        parts.append(chunk(b"IDAT", data) if number == 0 else chunk(b"fdAT", u32(2 * number) + data))
    return b"".join([*parts, chunk(b"IEND", b"")])


# AVIF: one small tile of real data that a grid shows many times, or a head that claims a size.


def box(kind: bytes, body: bytes) -> bytes:
    return u32(len(body) + 8) + kind + body


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + length]
        at += length


def avif_grid(columns: int, rows: int, tile: int = 64, claimed: tuple[int, int] | None = None) -> bytes:
    """An AVIF of columns x rows tiles, each an item of its own, and all of the same bytes."""
    buffer = BytesIO()
    Image.new("RGB", (tile, tile), "#c30").save(buffer, "AVIF", quality=50)
    whole = dict(boxes(buffer.getvalue()))
    coded = whole[b"mdat"]
    properties = dict(boxes(dict(boxes(dict(boxes(whole[b"meta"][4:]))[b"iprp"]))[b"ipco"]))
    width, height = claimed or (columns * tile, rows * tile)
    count = columns * rows
    names = [box(b"infe", b"\2\0\0\0" + u16(one) + u16(0) + (b"grid" if one == 1 else b"av01") + b"\0")
             for one in range(1, count + 2)]  # fmt: skip
    shown = [box(b"ispe", bytes(4) + u32(w) + u32(h)) for w, h in ((width, height), (tile, tile))]
    described = box(b"ipco", b"".join([*shown, box(b"av1C", properties[b"av1C"]), box(b"pixi", properties[b"pixi"])]))
    of_grid, of_tile = b"\2\1\4", b"\3\2\x83\4"
    given = b"".join(u16(one) + (of_grid if one == 1 else of_tile) for one in range(1, count + 2))
    described += box(b"ipma", bytes(4) + u32(count + 1) + given)
    refers = box(b"dimg", u16(1) + u16(count) + b"".join(u16(one) for one in range(2, count + 2)))
    grid = b"\0\1" + bytes([rows - 1, columns - 1]) + u32(width) + u32(height)

    def meta(at: int) -> bytes:
        """`at`: where in the file the grid's payload begins; the tile's bytes follow it."""
        places = [(1, at, len(grid)), *((one, at + len(grid), len(coded)) for one in range(2, count + 2))]
        listed = b"".join(u16(one) + u16(0) + u16(1) + u32(start) + u32(length) for one, start, length in places)
        handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        items = box(b"iinf", b"\0\0\0\0" + u16(count + 1) + b"".join(names))
        located = box(b"iloc", bytes(4) + b"\x44\0" + u16(count + 1) + listed)
        body = handler + box(b"pitm", bytes(4) + u16(1)) + located + items
        return box(b"meta", bytes(4) + body + box(b"iref", bytes(4) + refers) + box(b"iprp", described))

    begins = box(b"ftyp", b"avif\0\0\0\0avifmif1miaf")
    return begins + meta(len(begins) + len(meta(0)) + 8) + box(b"mdat", grid + coded)


def avif_claiming(width: int, height: int) -> bytes:
    """A small AVIF whose head says that it is large."""
    buffer = BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "AVIF")
    before, after = (bytes(4) + u32(64) + u32(64)), bytes(4) + u32(width) + u32(height)
    return buffer.getvalue().replace(b"ispe" + before, b"ispe" + after)


# WebP, GIF, JPEG, TIFF, ICO.


def webp_lossless(side: int) -> bytes:
    """A WebP of one colour: each of its five codes has one symbol, so no pixel takes a bit."""
    bits, at = 0, 0

    def put(value: int, width: int) -> None:
        nonlocal bits, at
        bits |= value << at
        at += width

    for value in (side - 1, side - 1):
        put(value, 14)
    put(0, 1 + 3 + 1 + 1 + 1)  # no alpha, version 0, no transform, no cache of colours, one group of codes
    for _ in range(5):
        put(1, 1)  # a simple code
        put(0, 1 + 1 + 1)  # of one symbol, of one bit: 0
    data = b"\x2f" + bits.to_bytes((at + 7) // 8, "little")
    data += b"\0" * (len(data) % 2)
    body = b"WEBPVP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(side: int, frames: int, comments: int = 0) -> bytes:
    """A GIF of equal frames that are all drawn in full, with comments between its head and the first."""
    buffer = BytesIO()
    Image.new("P", (side, side)).save(buffer, "GIF")
    whole = buffer.getvalue()
    begins = whole.index(b"\x2c", 13)
    head = whole[:13] + whole[13 : 13 + 3 * 2 ** ((whole[10] & 7) + 1)]
    control = b"\x21\xf9\x04\x08\x04\x00\x00\x00"
    return head + b"\x21\xfe\x01a\x00" * comments + (control + whole[begins:-1]) * frames + b";"


def jpeg(side: int, *, progressive: bool = False) -> bytes:
    buffer = BytesIO()
    Image.new("L", (side, side), 99).save(buffer, "JPEG", progressive=progressive)
    return buffer.getvalue()


def jpeg_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG that repeats its last scan."""
    whole = jpeg(side, progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + b"\xff\xd9"


def jpeg_claiming(side: int) -> bytes:
    """A small JPEG whose head says that it is large."""
    whole = bytearray(jpeg(16))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = u16(side) + u16(side)
    return bytes(whole)


def jpeg_segments(number: int) -> bytes:
    whole = jpeg(64)
    return whole[:2] + segment(0xFFFE, b"note") * number + whole[2:]


def tiff(tags: Iterable[tuple[int, int, int]], data: bytes = b"", directories: int = 1) -> bytes:
    """A TIFF whose directories, one or many alike, have these tags: (number, type, value)."""
    entries = list(tags)
    length = 2 + 12 * len(entries) + 4
    parts = [b"II*\0" + struct.pack("<I", 8)]
    for one in range(directories):
        parts.append(struct.pack("<H", len(entries)))
        parts += [struct.pack("<HHII", number, kind, 1, value) for number, kind, value in entries]
        parts.append(struct.pack("<I", 8 + (one + 1) * length if one + 1 < directories else 0))
    return b"".join([*parts, data])


def tiff_tile(tile: int) -> bytes:
    """A TIFF of 8 x 8 pixels, in one tile of tile x tile."""
    longs, shorts = 4, 3
    tags = [(256, longs, 8), (257, longs, 8), (258, shorts, 8), (259, shorts, 5), (262, shorts, 1), (277, shorts, 1),
            (322, longs, tile), (323, longs, tile), (324, longs, 8), (325, longs, 8)]  # fmt: skip
    return tiff(tags, bytes(16))


def tiff_directories(number: int) -> bytes:
    longs, shorts = 4, 3
    tags = [(256, longs, 8), (257, longs, 8), (258, shorts, 8), (259, shorts, 1), (262, shorts, 1), (273, longs, 8),
            (277, shorts, 1), (278, longs, 8), (279, longs, 64)]  # fmt: skip
    return tiff(tags, bytes(64), number)


def icon(inner: bytes) -> bytes:
    """An ICO with a PNG in it that is larger than the icon says."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(inner), 22) + inner


BOMBS: dict[str, Callable[[], bytes]] = {
    "precincts.j2k": lambda: jpeg2000(precinct=2),
    "precincts-of-2.j2k": lambda: jpeg2000(precinct=1),
    "precincts-of-components.j2k": lambda: jpeg2000(2000, precinct=3, components=16),
    "precincts-by-component.j2k": lambda: jpeg2000(precinct=2, own=True),
    "precincts.jp2": lambda: jp2(jpeg2000(precinct=2), 4000),
    "layers.j2k": lambda: jpeg2000(precinct=5, layers=65535),
    "components.j2k": lambda: jpeg2000(64, components=16384),
    "tiles.j2k": lambda: jpeg2000(4000, tile=16),
    "levels.j2k": lambda: jpeg2000(4000, levels=32),
    "blocks.j2k": lambda: jpeg2000(8000, block=2),
    "large.j2k": lambda: jpeg2000(8600),
    "texts.png": lambda: text_chunks(2000, 1_048_000),
    "many-texts.png": lambda: text_chunks(30_000, 1_048_000),
    "international-texts.png": lambda: text_chunks(2000, 1_048_000, b"iTXt"),
    "tiny-texts.png": lambda: text_chunks(300_000, 10),
    "pieces.png": lambda: many_idats(1_000_000),
    "narrow.png": lambda: png(1, 74_000_000, colour=0),
    "wide.png": lambda: png(74_000_000, 1, colour=0),
    "large.png": lambda: png(8600, 8600, colour=6),
    "apng.png": lambda: apng(500, 4000),
    "grid-40.avif": lambda: avif_grid(40, 40),
    "grid-150.avif": lambda: avif_grid(150, 150),
    "grid-200.avif": lambda: avif_grid(200, 200),
    "claiming.avif": lambda: avif_claiming(65535, 65535),
    "claiming-grid.avif": lambda: avif_grid(100, 100, claimed=(640, 640)),
    "large.webp": lambda: webp_lossless(8600),
    "largest.webp": lambda: webp_lossless(16384),
    "below-limit.webp": lambda: webp_lossless(6000),
    "frames.gif": lambda: gif(1, 100_000),
    "animation.gif": lambda: gif(3000, 250),
    "comments.gif": lambda: gif(64, 1, comments=2_000_000),
    "scans.jpg": lambda: jpeg_scans(5000, 5000),
    "more-scans.jpg": lambda: jpeg_scans(5000, 60_000),
    "claiming.jpg": lambda: jpeg_claiming(8600),
    "segments.jpg": lambda: jpeg_segments(2_000_000),
    "tile.tif": lambda: tiff_tile(40000),
    "directories.tif": lambda: tiff_directories(200_000),
    "icon.ico": lambda: icon(png(8600, 8600, colour=6)),
}
