"""Our own parsers of files: what one says of itself, read from its bytes without decoding a pixel.

Pillow answers some of these questions only after it has allocated or decoded what is being asked about; here they are
answered first, in time linear in the file and without memory.
"""

import re
from collections.abc import Iterator
from itertools import islice
from struct import unpack_from
from zlib import crc32, decompressobj, error

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
    b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
}

#: What a file in the container of MPEG films says it holds, where that is a picture. "mif1" alone says neither which.
AVIF_BRANDS = (b"avif", b"avis")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

#: Kinds of file that people try, so that the answer can name them.
FOREIGN = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript file",
    b"\xc5\xd0\xd3\xc6": "a PostScript file",
    b"8BPS": "a Photoshop document",
    b"\xff\x0a": "a JPEG XL picture",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
}


def kind(content: bytes) -> str | None:
    """Pillow's name of the format that the file says it has, if it is one that is read here."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        # AVIF and HEIC often share the major brand "mif1": only AVIF's own brands tell them apart.
        brands = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
        if any(brand in brands for brand in AVIF_BRANDS):
            return "AVIF"
        return "HEIF" if any(brand in brands for brand in HEIF_BRANDS) else None
    return next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)


def foreign(content: bytes) -> str:
    """In words, what a file is that is no picture read here."""
    if not content:
        return "empty"
    if content[4:8] == b"ftyp":
        return "a film, or a picture in a film's container that is neither AVIF nor HEIC"
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


#: A JPEG marker outside of a segment: not a stuffed zero, not a restart marker, not padding. (Written so that it begins
#: with one certain byte, which is searched for twenty times as fast as `\xff+`.)
JPEG_MARKER = re.compile(rb"\xff\xff*([^\x00\xff\xd0-\xd7])")
JPEG_SCAN = re.compile(rb"\xff\xda")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
#: Frames of JPEGs: those that are coded in one go, in Huffman's code; and the others. The gaps are other segments.
SEQUENTIAL = frozenset((0xC0, 0xC1))
OTHER_FRAMES = frozenset(range(0xC2, 0xD0)) - {0xC4, 0xC8, 0xCC}

#: Markers of a JPEG 2000: what says how it was coded, and where its header ends.
CODING_STYLE, START_OF_TILE = 0x52, 0x90

#: Chunks of a PNG that hold compressed text or a compressed profile.
PNG_PACKED = (b"iCCP", b"zTXt", b"iTXt")


def jpeg_scans(content: bytes, most: int) -> int:
    """How many scans a JPEG has, as far as a decoder goes through them; counting stops above `most`."""
    if jpeg_is_one_scan(content):
        return 1
    # These two bytes cannot occur within a scan's data, so their number is never too low, and all that most files need.
    # It may be too high, for files with thumbnails, second pictures or films after them: only those are walked.
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


def jpeg_is_one_scan(content: bytes) -> bool:
    """Whether a JPEG's first scan is the whole picture, so that decoders stop after it: the file is not progressive,
    and the scan has all components, as cameras write it."""
    components, position = 0, 2
    while marker := JPEG_MARKER.match(content, position):
        start, kind = marker.end(), marker[1][0]
        if start + 8 > len(content):
            break
        if kind == START_OF_SCAN:
            return 0 < components == content[start + 2]
        if kind in SEQUENTIAL:
            components = content[start + 7]
        elif kind in OTHER_FRAMES:
            break
        position = start + int.from_bytes(content[start : start + 2], "big")
        if position + 10 > len(content):
            break
    return False


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


def webp_with_alpha(content: bytes) -> bytes:
    """The WebP, if it moves, saying that it has transparent parts. Its writer says so only if a frame has, but where no
    frame reaches there is nothing either, as browsers show it."""
    flags = content[20] if content[12:16] == b"VP8X" and len(content) > 20 else 0
    if flags & WEBP_MOVES and not flags & WEBP_ALPHA:
        return content[:20] + bytes([flags | WEBP_ALPHA]) + content[21:]
    return content


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


def wavelet_levels(content: bytes) -> int:
    """How often a JPEG 2000 halves itself: it can be decoded at half of its sides that many times over."""
    position = content.find(b"\xff\x4f\xff\x51") + 2
    while 2 <= position < len(content) - 12 and content[position] == 0xFF and content[position + 1] != START_OF_TILE:
        if content[position + 1] == CODING_STYLE:
            return content[position + 9]
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return 0


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a PNG, as far as they are whole: the name of each, where it begins, and where the next one does.
    The data begins 8 bytes in, and ends 4 bytes before the end, where its checksum stands."""
    end = 8
    while end + 12 <= len(content):
        start = end
        end += 12 + int.from_bytes(content[start : start + 4], "big")
        yield content[start + 4 : start + 8], start, end


def png_without_bombs(content: bytes, most: int) -> bytes:
    """The PNG without the profiles and texts that unpack to more than `most` bytes, for which Pillow would refuse the
    whole picture."""
    kept, position = [], 0
    for name, start, end in png_chunks(content):
        if name in PNG_PACKED and unpacks_beyond(png_packed(name, content[start + 8 : end - 4]), most):
            kept.append(content[position:start])
            position = end
    return b"".join([*kept, content[position:]]) if kept else content


def png_packed(name: bytes, chunk: bytes) -> bytes:
    """The compressed part of a chunk: after a keyword, a zero and what each kind has there."""
    _, _, rest = chunk.partition(b"\0")
    if name != b"iTXt":
        return rest[1:]
    return rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""


def unpacks_beyond(packed: bytes, most: int) -> bool:
    unpacking = decompressobj()
    try:
        unpacking.decompress(packed, most)
    except error:
        return False  # Pillow passes over what cannot be unpacked
    return bool(unpacking.unconsumed_tail)


def png_ends(content: bytes) -> bool:
    """Whether a PNG goes on to its last chunk; one that does not was cut off."""
    return b"IEND\xae\x42\x60\x82" in content[-4096:]


def png_exif(content: bytes) -> bytes | None:
    """The EXIF of a PNG, which may stand after the pixels, where Pillow finds it only after decoding them."""
    for name, start, end in png_chunks(content):
        if name == b"eXIf" and crc32(content[start + 4 : end - 4]).to_bytes(4, "big") == content[end - 4 : end]:
            return content[start + 8 : end - 4]
    return None


#: Flags of an extended WebP.
WEBP_MOVES, WEBP_ALPHA = 0x02, 0x10
