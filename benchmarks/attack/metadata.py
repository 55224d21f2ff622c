"""Files that cost much by what they say beside their pixels: EXIF, palettes, boxes, chunks, frames of nothing."""

import struct
import zlib
from collections.abc import Callable

from .bombs import avif_claiming, box, chunk, icon, jpeg, png, png_head, segment, text_chunks, u32, webp_lossless

#: EXIF's orientation, horizontal resolution and artist; shorts, and fractions.
ORIENTATION, RESOLUTION, ARTIST = 0x112, 0x11A, 0x13B
SHORT, FRACTION = 3, 5
#: Boxes in which readers look for others.
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def exif(tag: int, kind: int, count: int, width: int) -> bytes:
    """EXIF of one tag that has many values."""
    head = b"II*\0" + struct.pack("<IHHHII", 8, 1, tag, kind, count, 26) + bytes(4)
    return head + b"\xff\x7f" * (count * width // 2)


def exif_tags(number: int) -> bytes:
    entries = (struct.pack("<HHII", tag, SHORT, 1, 1) for tag in range(number))
    return b"II*\0" + struct.pack("<IH", 8, number) + b"".join(entries) + bytes(4)


def exif_loop() -> bytes:
    """EXIF whose directories are all the same one."""
    entries = (struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005))
    return b"II*\0" + struct.pack("<IH", 8, 3) + b"".join(entries) + u32(8)[::-1]


def jpeg_exif(content: bytes) -> bytes:
    """A JPEG with EXIF in as many segments as it takes."""
    whole, size = jpeg(64), 65_000
    parts = (segment(0xFFE1, b"Exif\0\0" + content[at : at + size]) for at in range(0, len(content), size))
    return whole[:2] + b"".join(parts) + whole[2:]


def jpeg_profile(pieces: int) -> bytes:
    whole = jpeg(64)
    numbers = range(1, pieces + 1)
    parts = (segment(0xFFE2, b"ICC_PROFILE\0" + bytes([number, pieces]) + bytes(65_000)) for number in numbers)
    return whole[:2] + b"".join(parts) + whole[2:]


def png_palettes(number: int, frames: int) -> bytes:
    """An animated PNG with many palettes, which every frame needs."""
    parts = [png_head(16, 16, 3), chunk(b"PLTE", bytes(3)) * number, chunk(b"acTL", u32(frames) + u32(0))]
    data = zlib.compress(bytes(16 * 17))
    for one in range(frames):
        parts.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", max(0, 2 * one - 1), 16, 16, 0, 0, 1, 100, 0, 0)))
        parts.append(chunk(b"fdAT", u32(2 * one) + data) if one else chunk(b"IDAT", data))
    return b"".join([*parts, chunk(b"IEND", b"")])


def nested_boxes(depth: int) -> bytes:
    """Boxes, each of which holds the next one."""
    heads = (u32(8 * (depth - one)) + HOLDERS[one % len(HOLDERS)] for one in range(depth))
    return box(b"ftyp", b"avif\0\0\0\0avifmif1") + b"".join(heads)


def webp(flags: int, side: int, *parts: bytes) -> bytes:
    sides = (side - 1).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + sides + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_frames(frames: int, side: int) -> bytes:
    """An animated WebP whose frames are dots on a canvas of that side."""
    dot = webp_lossless(1)[12:]
    frame = b"ANMF" + struct.pack("<I", 16 + len(dot)) + bytes(12) + b"\x0a\0\0\0" + dot
    return webp(2, side, b"ANIM" + struct.pack("<I", 6) + bytes(6), frame * frames)


def webp_chunks(number: int) -> bytes:
    return webp(0, 64, webp_lossless(64)[12:], (b"note" + struct.pack("<I", 2) + b"aa") * number)


BOMBS: dict[str, Callable[[], bytes]] = {
    "exif-value.jpg": lambda: jpeg_exif(exif(ORIENTATION, SHORT, 18_000_000, 2)),
    "exif-fractions.jpg": lambda: jpeg_exif(exif(RESOLUTION, FRACTION, 125_000, 8)),
    "exif-value.png": lambda: png(64, 64, chunk(b"eXIf", exif(ORIENTATION, SHORT, 18_000_000, 2))),
    "exif-artist.png": lambda: png(64, 64, chunk(b"eXIf", exif(ARTIST, FRACTION, 4_000_000, 8))),
    "exif-tags.jpg": lambda: jpeg_exif(exif_tags(65_535)),
    "exif-loop.jpg": lambda: jpeg_exif(exif_loop()),
    "profile.jpg": lambda: jpeg_profile(255),
    "palettes.png": lambda: png_palettes(50_000, 300),
    "texts.ico": lambda: icon(text_chunks(30_000, 1_048_000)),
    "nested.avif": lambda: nested_boxes(100_000),
    "empty-boxes.avif": lambda: avif_claiming(64, 64) + box(b"free", b"") * 1_000_000,
    "frames.webp": lambda: webp_frames(200_000, 1),
    "canvas.webp": lambda: webp_frames(300, 577),
    "large-canvas.webp": lambda: webp_frames(300, 6000),
    "chunks.webp": lambda: webp_chunks(1_000_000),
}
