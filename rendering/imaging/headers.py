"""What a file says of itself, read from its bytes without decoding a pixel.

Pillow answers some of these questions only after it has allocated or decoded what is being asked about; here they are
answered first, in time linear in the file and without memory.
"""

import re
from collections.abc import Iterator
from itertools import islice
from struct import unpack_from
from zlib import crc32

#: Pillow's name of each format that is read here, by how its files begin. MPO begins as the JPEG that it is.
MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"\x00\x00\x01\x00": "ICO",
    b"II\x2a\x00": "TIFF",
    b"MM\x00\x2a": "TIFF",
    b"II\x2b\x00": "TIFF",
    b"MM\x00\x2b": "TIFF",
}

#: Kinds of file that people try, so that the answer can name them.
FOREIGN = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript file",
    b"\xc5\xd0\xd3\xc6": "a PostScript file",
    b"8BPS": "a Photoshop document",
    b"\xff\x0a": "a JPEG XL picture",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 picture",
    b"\xff\x4f\xff\x51": "a JPEG 2000 picture",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
}


def kind(content: bytes) -> str | None:
    """Pillow's name of the format that the file says it has, if it is one that is read here."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        # HEIC shares the container, and often the major brand "mif1": only AVIF's own brands tell them apart.
        brands = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
        return "AVIF" if b"avif" in brands or b"avis" in brands else None
    return next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)


def foreign(content: bytes) -> str:
    """In words, what a file is that is no picture read here."""
    if not content:
        return "empty"
    if content[4:8] == b"ftyp":
        return "a HEIC picture or a film"
    for magic, name in FOREIGN.items():
        if content.startswith(magic):
            return name
    start = content[:1024]
    if re.search(rb"<svg[\s>]", start):
        return "an SVG drawing"
    if re.match(rb"\s*<(!doctype html|html|\?xml)", start, re.IGNORECASE):
        return "a web page or an XML document"
    return (
        "text" if start.isascii() and start.decode("ascii").replace("\n", " ").strip().isprintable() else "no picture"
    )


#: A JPEG marker outside of a segment: not a stuffed zero, not a restart marker, not padding.
JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
JPEG_SCAN = re.compile(rb"\xff\xda")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


def jpeg_scans(content: bytes, most: int) -> int:
    """How many scans a JPEG has; counting stops above `most`."""
    # These two bytes cannot occur within a scan's data, so their number is never too low, and all that most files need.
    # It may be too high, for files with thumbnails, second pictures or films behind them: only those are walked.
    # (The expression is searched for in a third of the time that bytes.count takes.)
    candidates = sum(1 for _ in islice(JPEG_SCAN.finditer(content), most + 1))
    if candidates <= most:
        return candidates
    scans, position = 0, 2
    while scans <= most:
        marker = JPEG_MARKER.search(content, position)
        if not marker or marker[1][0] == END_OF_IMAGE:
            break
        scans += marker[1][0] == START_OF_SCAN
        # A segment's length counts its own two bytes, so a file cannot hold this loop up by claiming nought.
        position = marker.end() + max(2, int.from_bytes(content[marker.end() : marker.end() + 2], "big"))
    return scans


def webp_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a WebP's canvas, of which its decoder makes two as soon as it is asked for anything."""
    chunk = content[12:16]
    if chunk == b"VP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if chunk == b"VP8 " and len(content) >= 30:
        width, height = unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def icon_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    """Width and height of every picture in an ICO, from its own header: the directory's may be untrue."""
    count = int.from_bytes(content[4:6], "little")
    for entry in range(6, min(6 + 16 * count, len(content) - 15), 16):
        offset = int.from_bytes(content[entry + 12 : entry + 16], "little")
        if len(content) < offset + 24:
            continue
        if content.startswith(b"\x89PNG", offset):
            yield unpack_from(">II", content, offset + 16)
        elif content[offset : offset + 4] == b"\x0c\x00\x00\x00":
            width, height = unpack_from("<HH", content, offset + 4)
            yield width, height // 2  # twice as high as the picture: its mask lies below it
        else:
            width, height = unpack_from("<ii", content, offset + 4)
            yield abs(width), abs(height) // 2


def png_exif(content: bytes) -> bytes | None:
    """The EXIF of a PNG, which may stand behind the pixels where Pillow finds it only after decoding them."""
    found = content.find(b"eXIf")
    if found < 4:
        return None
    end = found + 4 + int.from_bytes(content[found - 4 : found], "big")
    # The checksum tells a chunk from four bytes of pixels, without a walk over all chunks.
    return content[found + 4 : end] if crc32(content[found:end]).to_bytes(4, "big") == content[end : end + 4] else None


def gif_frames(content: bytes, most: int) -> tuple[int, int, int]:
    """How many frames a GIF has (counting stops above `most`), and the width and height that hold all of them, which
    may be more than its header says."""
    frames, width, height = 0, *unpack_from("<HH", content, 6)
    position = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    while frames <= most and position < len(content):
        block = content[position]
        if block == 0x3B:
            break
        if block == 0x2C and position + 10 < len(content):
            left, top, across, down, flags = unpack_from("<HHHHB", content, position + 1)
            frames, width, height = frames + 1, max(width, left + across), max(height, top + down)
            position = gif_blocks_end(content, position + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
        elif block == 0x21:
            position = gif_blocks_end(content, position + 2)
        else:
            position += 1  # stray bytes between blocks are skipped, as Pillow does
    return frames, width, height


def gif_blocks_end(content: bytes, position: int) -> int:
    """Where a GIF goes on behind the chain of data blocks that begins at `position`."""
    while position < len(content) and content[position]:
        position += content[position] + 1
    return position + 1
