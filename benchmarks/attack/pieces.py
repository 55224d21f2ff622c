"""Files that cost much by how many pieces they have: tables and markers of JPEGs, entries of containers, strips."""

import struct
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from rendering.imaging.reading.colour import icc

from .bombs import avif_claiming, box, gif, icon, jp2, jpeg, jpeg2000, many_idats, segment, u16, u32, webp_lossless
from .metadata import jpeg_exif

#: As many bytes as a file may have, less some.
FULL = 38 << 20
#: EXIF's type of bytes.
BYTES = 1


def exif_beyond(tags: int, length: int) -> bytes:
    """EXIF whose tags have more data than there is, of each of which a reader warns."""
    entries = (struct.pack("<HHII", tag, BYTES, length, 8) for tag in range(tags))
    return b"II*\0" + struct.pack("<IH", 8, tags) + b"".join(entries) + bytes(4) + bytes(length // 4)


def jpeg_with(marker: int, body: bytes, times: int, before: bytes = b"\xff\xdb") -> bytes:
    """A JPEG with a segment again and again, before one of its own."""
    whole = jpeg(64)
    at = whole.index(before)
    return whole[:at] + segment(marker, body) * times + whole[at:]


def jpeg_components(times: int) -> bytes:
    """A JPEG whose frame has thousands of components, again and again."""
    whole = jpeg(64)
    at = whole.index(b"\xff\xc0")
    return jpeg_with(0xFFC0, whole[at + 4 : at + 9] + b"\x01" + b"\x01\x11\0" * 21_800, times)


def jpeg_padding(length: int) -> bytes:
    """A JPEG with so long a padding that ends in nothing."""
    whole = jpeg(64)
    return whole[:2] + b"\xff" * length + b"\0" + whole[2:]


def jpeg_between_scans(comments: int) -> bytes:
    """A progressive JPEG with empty comments before its last scan."""
    whole = jpeg(1600, progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + segment(0xFFFE, b"") * comments + whole[last:]


def profile_of_elements(elements: int) -> bytes:
    """An RGB profile that is calculated in so many steps, all of which are one matrix at one place."""
    matrix = b"matf" + bytes(4) + u16(3) + u16(3) + struct.pack(">12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    steps = (u32(16 + 8 * elements) + u32(len(matrix))) * elements
    return profile(b"mpet" + bytes(4) + u16(3) + u16(3) + u32(elements) + steps + matrix)


def profile_of_curves(segments: int) -> bytes:
    """An RGB profile of one curve for all channels, of so many segments."""
    breaks = struct.pack(f">{segments - 1}f", *(one / segments for one in range(1, segments)))
    formula = b"parf" + bytes(4) + u16(0) + u16(0) + struct.pack(">4f", 1, 1, 0, 0)
    curve = b"curf" + bytes(4) + u16(segments) + u16(0) + breaks + formula * segments
    element = b"cvst" + bytes(4) + u16(3) + u16(3) + (u32(36) + u32(len(curve))) * 3 + curve
    return profile(b"mpet" + bytes(4) + u16(3) + u16(3) + u32(1) + u32(24) + u32(len(element)) + element)


def profile(steps: bytes) -> bytes:
    """An RGB profile with sRGB's primaries, and with a tag by which colours are calculated, relative to white."""
    curve = b"curv" + bytes(4) + u32(1) + u16(0x0233)
    colours = {b"rXYZ": (0.436, 0.222, 0.014), b"gXYZ": (0.385, 0.717, 0.097), b"bXYZ": (0.143, 0.061, 0.714)}
    points = {name: icc.point(xyz) for name, xyz in colours.items()}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return icc.write_profile(b"XYZ ", {**points, **curves, b"D2B1": steps})


def jpeg_of(colours: bytes) -> bytes:
    """A JPEG with that profile."""
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "#c30").save(buffer, "JPEG", icc_profile=colours)
    return buffer.getvalue()


def tiff_strips(strips: int, length: int) -> bytes:
    """A TIFF whose strips, of a row each, are all the same bytes in reversed order, of which each claims `length`."""
    longs, shorts = 4, 3
    start = 8 + 2 + 12 * 10 + 4
    tags = [(256, longs, 1, 64), (257, longs, 1, strips), (258, shorts, 1, 8), (259, shorts, 1, 32773),
            (262, shorts, 1, 1), (266, shorts, 1, 2), (273, longs, strips, start), (277, shorts, 1, 1),
            (278, longs, 1, 1), (279, longs, strips, start + 4 * strips)]  # fmt: skip
    directory = b"".join(struct.pack("<HHII", *one) for one in tags)
    places = struct.pack("<I", start + 8 * strips) * strips + struct.pack("<I", length) * strips
    row = bytes([0b10000011, 0])  # 64 zeros, packed by PackBits
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + directory + bytes(4) + places + row + bytes(length)


def icon_in_runs(length: int) -> bytes:
    """An ICO of a bitmap in runs of one pixel."""
    head = struct.pack("<IiiHHIIiiII", 40, 4000, 8000, 1, 8, 1, 0, 0, 0, 256, 0) + bytes(1024)
    bitmap = head + b"\1\1" * (length // 2)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 8, len(bitmap), 22) + bitmap


def avif_beside(*more: bytes) -> bytes:
    """A small AVIF with other boxes behind it."""
    return avif_claiming(64, 64) + b"".join(more)


def meta(*inside: bytes) -> bytes:
    return box(b"meta", bytes(4) + b"".join(inside))


def runs_of_one_item(entries: int) -> bytes:
    """A table of where bytes are, all of whose entries are of one item."""
    entry = u16(1) + u16(0) + u16(2) + (u32(100) + u32(1)) * 2
    return box(b"iloc", bytes(4) + b"\x44\0" + u16(entries) + entry * entries)


def track(*inside: bytes) -> bytes:
    content = b"".join(inside)
    for kind in (b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        content = box(kind, content)
    return content


def jp2_boxes(number: int) -> bytes:
    """A JP2 whose header has many empty boxes."""
    whole = jp2(jpeg2000(64), 64)
    at = whole.index(b"jp2h") - 4
    length = int.from_bytes(whole[at : at + 4], "big")
    return whole[:at] + box(b"jp2h", whole[at + 8 : at + length] + box(b"free", b"") * number) + whole[at + length :]


def codestream_of_nothing(length: int) -> bytes:
    """A JPEG 2000 with a marker that nobody knows, and zeros behind it."""
    whole = jpeg2000(64)
    at = whole.index(b"\xff\x52")
    return whole[:at] + b"\xff\x30" + bytes(length) + whole[at:]


def webp_beyond(chunks: int) -> bytes:
    """A WebP that claims to be longer than it is, with many empty chunks."""
    body = webp_lossless(64)[12:] + (b"note" + bytes(4)) * chunks
    return b"RIFF" + struct.pack("<I", len(body) + 6) + b"WEBP" + body


def gif_extensions_behind(frames: int, number: int) -> bytes:
    """A GIF with many comments behind its frames."""
    return gif(1, frames)[:-1] + b"\x21\xfe\x01a\x00" * number + b";"


BOMBS: dict[str, Callable[[], bytes]] = {
    "exif-beyond.jpg": lambda: jpeg_exif(exif_beyond(65_535, 900_000)),
    "quantization.jpg": lambda: jpeg_with(0xFFDB, (b"\x03" + b"\x01" * 64) * 1000, FULL // 65_004),
    "components.jpg": lambda: jpeg_components(FULL // 65_410),
    "resources.jpg": lambda: jpeg_with(0xFFED, b"Photoshop 3.0\0" + (b"8BIM\x10" + bytes(7)) * 5400, FULL // 64_818),
    "padding.jpg": lambda: jpeg_padding(1_000_000),
    "between-scans.jpg": lambda: jpeg_between_scans(FULL // 4),
    "elements.jpg": lambda: jpeg_of(profile_of_elements(60_000)),
    "curves.jpg": lambda: jpeg_of(profile_of_curves(60_000)),
    "strips.tif": lambda: tiff_strips(30_000, 1_000_000),
    "pieces.ico": lambda: icon(many_idats(3_000_000)),
    "runs.ico": lambda: icon_in_runs(FULL),
    "runs.avif": lambda: avif_beside(meta(runs_of_one_item(24_000))),
    "references.avif": lambda: avif_beside(meta(box(b"iref", bytes(4) + box(b"cdsc", u16(1) + u16(0)) * (FULL // 12)))),
    "sample-entry.avif": lambda: avif_beside(
        track(box(b"stsd", bytes(8) + box(b"av01", bytes(78) + box(b"free", b"") * (FULL // 8))))
    ),
    "boxes.jp2": lambda: jp2_boxes(FULL // 8),
    "nothing.j2k": lambda: codestream_of_nothing(FULL),
    "beyond.webp": lambda: webp_beyond(FULL // 8),
    "extensions.gif": lambda: gif_extensions_behind(301, FULL // 5),
}
