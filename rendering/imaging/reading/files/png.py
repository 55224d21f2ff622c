"""PNG: its chunks, of which a reader gets those that a picture is made of, and no text that nobody asked for."""

import logging
from collections.abc import Iterator
from itertools import islice
from struct import pack, unpack_from
from zlib import MAX_WBITS, compressobj, crc32, decompressobj, error

from ...errors import TooLarge
from ..limits import LARGEST_PROFILE, LARGEST_TEXT, Limits

logger = logging.getLogger(__name__)

#: The chunks that Pillow's reader makes something of, other than texts.
OF_THE_PICTURE = frozenset((
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"eXIf", b"acTL", b"fcTL", b"fdAT",
))  # fmt: skip

#: The keywords of texts that are read: who made the picture, and which way is up.
READ = (b"XML:com.adobe.xmp", b"Raw profile type exif", b"exif")
#: Chunks that hold text, compressed or not.
TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
#: Chunks that say in which colour space the picture is. They are read here, and no reader gets them.
COLOURS = frozenset((b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"))

#: Chunks of an animation. The reader of animations checks them; damage in them makes it a still.
OF_ANIMATIONS = frozenset((b"acTL", b"fcTL", b"fdAT"))
#: The chunk of a transparent colour, or of the palette's; and the bytes without which side chunks say nothing, which
#: of that one depend on the type of colour.
TRANSPARENT = b"tRNS"
LEAST = {TRANSPARENT: 1, b"pHYs": 9, b"acTL": 8}
#: Where the first chunk, IHDR, ends.
HEAD = 33
#: Colour types, and the offset of the bit depth, which the colour type follows.
GREY, COLOUR, PALETTE, DEPTH = 0, 2, 3, 24
#: Samples per pixel, by colour type.
SAMPLES = {GREY: 1, COLOUR: 3, PALETTE: 1, 4: 2, 6: 4}
LEAST_TRANSPARENT = {GREY: 2, COLOUR: 6, PALETTE: 1}
#: The passes of an interlaced picture: where each starts, and its steps, across and down.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
#: The only compression method that there is.
DEFLATE = b"\0"
#: Bytes that are unpacked at a time.
PIECE = 256 * 1024

#: Chunks of one file. Encoders write pixels in pieces of 8 KB or more; Pillow takes a quarter of a second for these.
CHUNKS = 50_000


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more chunks than a reader can go through."""
    if next(islice(png_chunks(content), CHUNKS, None), None):
        raise TooLarge(f"The picture is a PNG of more than {CHUNKS:,} chunks; save it with fewer")


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a PNG, as far as they are whole: the name of each, where it begins, and where the next one does.
    The data begins 8 bytes in, and ends 4 bytes before the end, where its checksum stands."""
    end = 8
    while end + 12 <= len(content):
        start = end
        end += 12 + int.from_bytes(content[start : start + 4], "big")
        yield content[start + 4 : start + 8], start, end


def png_of_pixels(content: bytes) -> bytes:
    """The PNG without the chunks that a reader ignores or, worse, unpacks for nothing: unknown ones, texts but the
    last of each keyword in READ. COLOURS are left out, too.

    Nor are any of those kept that unpack to more than LARGEST_TEXT, are packed by an unknown method or have a wrong
    checksum: Pillow would refuse the whole picture. Palette and transparent colour are written as Pillow needs them.
    """
    if len(content) < HEAD:
        return content  # the reader will refuse it
    kept: dict[object, tuple[int, int]] = {}
    seen: set[bytes] = set()
    end = 8
    for name, start, end in png_chunks(content):  # what follows the last one is kept
        if name in TEXTS:
            if (word := keyword(content, start)) in READ:
                kept[word] = start, end  # of two alike the last one counts, as in Pillow
        elif name in OF_THE_PICTURE or not name.isalpha():  # a name that is none is for the reader to find broken
            if name not in LEAST or counts(name, content[DEPTH + 1], end - start - 12, seen):
                kept[start] = start, end
            seen.add(name)
    pieces = [
        piece
        for what, piece in kept.items()
        if is_sound(content, *piece) and (isinstance(what, int) or can_be_unpacked(content, *piece))
    ]
    if len(pieces) < len(kept):
        logger.warning(
            "Ignored side chunks of a PNG: a wrong checksum, an unknown method, or they unpack to more than %d bytes",
            LARGEST_TEXT,
        )
    in_palette = next(
        ((stop - start - 12) // 3 for start, stop in pieces if content[start + 4 : start + 8] == b"PLTE"), 0
    )
    changed = {start: rewrite(content, start, stop, in_palette) for start, stop in pieces}
    if not any(changed.values()) and sum(stop - start for start, stop in pieces) == end - 8:
        return content
    written = (changed[start] or content[start:stop] for start, stop in sorted(pieces))
    return b"".join([content[:8], *written, content[end:]])


def counts(name: bytes, colour: int, length: int, seen: set[bytes]) -> bool:
    """Whether a side chunk of LEAST is long enough for that type of colour, and a transparent colour the first one,
    after the palette and before the pixels. Browsers pass over others; Pillow heeds them, or refuses the picture."""
    if name == TRANSPARENT:
        early = colour == PALETTE and b"PLTE" not in seen
        return not early and seen.isdisjoint((TRANSPARENT, b"IDAT")) and length >= LEAST_TRANSPARENT.get(colour, 0)
    return length >= LEAST[name]


def is_sound(content: bytes, start: int, end: int) -> bool:
    """Whether a chunk is kept. Ancillary chunks with a wrong checksum are dropped, as by libpng and browsers."""
    name = content[start + 4 : start + 8]
    return name[:1].isupper() or not name.isalpha() or name in OF_ANIMATIONS or has_checksum(content, start, end)


def has_checksum(content: bytes, start: int, end: int) -> bool:
    """Whether the checksum of a chunk is right."""
    return crc32(memoryview(content)[start + 4 : end - 4]).to_bytes(4, "big") == content[end - 4 : end]


def rewrite(content: bytes, start: int, end: int, colours: int) -> bytes | None:
    """A chunk as Pillow needs it; None if it may stay as it is. `colours` are those of the palette.

    The samples of a transparent colour are as deep as the picture's, but Pillow compares grey ones of less than 8 bits
    after it has made them 8 bits deep. It shows greys for indexes beyond the palette; browsers show its last colour.
    """
    name, data = content[start + 4 : start + 8], content[start + 8 : end - 4]
    depth, colour = content[DEPTH : DEPTH + 2]
    if colour == PALETTE and depth <= 8:
        missing = (1 << depth) - colours
        if name == b"PLTE" and missing > 0 and colours:
            return chunk(name, data[: 3 * colours] + data[3 * colours - 3 : 3 * colours] * missing)
        if name == b"tRNS" and missing > 0 and 0 < colours <= len(data):
            return chunk(name, data[:colours] + data[colours - 1 : colours] * missing)
    if name == b"tRNS" and colour in (GREY, COLOUR) and depth <= 8 and len(data) >= 2 * SAMPLES[colour]:
        samples = (sample & 0xFF >> 8 - depth for sample in unpack_from(f">{SAMPLES[colour]}H", data))
        scaled = b"".join(pack(">H", sample * 255 // ((1 << depth) - 1)) for sample in samples)
        return chunk(name, scaled) if scaled != data else None
    return None


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))


def keyword(content: bytes, start: int) -> bytes:
    """The keyword of a text: at most 79 bytes, and a zero."""
    return content[start + 8 : start + 88].partition(b"\0")[0]


def can_be_unpacked(content: bytes, start: int, end: int) -> bool:
    """Whether a text is not packed by an unknown method, nor unpacks to more than LARGEST_TEXT."""
    name, (_, _, rest) = content[start + 4 : start + 8], content[start + 8 : end - 4].partition(b"\0")
    method, packed = rest[:1], rest[1:]
    if name == b"iTXt":  # a flag, the method, the language, and the keyword in it
        method, packed = rest[1:2], rest[2:].split(b"\0", 2)[-1]
    if name == b"tEXt" or (name == b"iTXt" and rest[:1] == b"\0"):
        return True
    if method != DEFLATE:
        return False
    unpacking = decompressobj()
    try:
        unpacking.decompress(packed, LARGEST_TEXT)
    except error:
        return True  # Pillow ignores what cannot be unpacked
    return not unpacking.unconsumed_tail


def png_ends(content: bytes) -> bool:
    """Whether a PNG goes on to its last chunk; one that does not was cut off."""
    return b"IEND\xae\x42\x60\x82" in content[-4096:]


def png_exif(content: bytes) -> bytes | None:
    """The EXIF of a PNG, which may stand after the pixels, where Pillow finds it only after decoding them."""
    for name, start, end in png_chunks(content):
        if name == b"eXIf" and crc32(content[start + 4 : end - 4]).to_bytes(4, "big") == content[end - 4 : end]:
            return content[start + 8 : end - 4]
    return None


def colours(content: bytes) -> dict[bytes, bytes]:
    """The data of the first chunk of each of COLOURS before the pixels that has a right checksum, by name."""
    found: dict[bytes, bytes] = {}
    for name, start, end in png_chunks(content):
        if name == b"IDAT":
            break
        if name in COLOURS and name not in found:
            data = content[start + 4 : end - 4]
            if crc32(data).to_bytes(4, "big") == content[end - 4 : end]:
                found[name] = data[4:]
    return found


def icc_profile(chunk: bytes) -> bytes | None:
    """The ICC profile in the data of iCCP: a name, a compression method, and the compressed profile."""
    _, _, rest = chunk.partition(b"\0")
    unpacking = decompressobj()
    try:
        # One byte more than is allowed, so that what is over it shows.
        profile = unpacking.decompress(rest[1:], LARGEST_PROFILE + 1) if rest[:1] == b"\0" else b""
    except error:
        profile = b""
    if not profile:
        logger.warning("Ignored the colour profile of a PNG, which cannot be unpacked")
    return profile or None


def with_all_pixels(content: bytes) -> bytes | None:
    """The PNG with its pixels compressed again, for a reader that refuses them; None if they are damaged.

    They may be complete though their Adler-32 is wrong or missing, which browsers do not check. Each chunk has a CRC of
    its own; if one of those is wrong, pixels may be wrong too.
    """
    pieces = [(start, end) for name, start, end in png_chunks(content) if name == b"IDAT"]
    if not pieces or not all(has_checksum(content, *piece) for piece in pieces):
        return None
    packed = b"".join(content[start + 8 : end - 4] for start, end in pieces)
    unpacking, packing = decompressobj(-MAX_WBITS), compressobj(1)
    missing, rest, written = unpacked_size(content), packed[2:], []
    try:
        while missing and (unpacked := unpacking.decompress(rest, min(PIECE, missing))):
            written.append(packing.compress(unpacked))
            missing, rest = missing - len(unpacked), unpacking.unconsumed_tail
    except error:
        return None
    if missing:
        return None
    return b"".join(
        [content[: pieces[0][0]], chunk(b"IDAT", b"".join([*written, packing.flush()])), content[pieces[-1][1] :]]
    )


def unpacked_size(content: bytes) -> int:
    """How many bytes the pixels of a PNG unpack to: rows of whole bytes, each after one for its filter."""
    width, height, depth, colour = unpack_from(">IIBB", content, 16)
    bits, total = depth * SAMPLES.get(colour, 4), 0
    for left, top, across, down in PASSES if content[28] else ((0, 0, 1, 1),):
        row, rows = -(-(width - left) // across), -(-(height - top) // down)
        if row > 0:
            total += max(0, rows) * (1 + (row * bits + 7) // 8)
    return total
