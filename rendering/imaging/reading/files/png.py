"""PNG: its chunks, of which a reader gets those that a picture is made of, and no text that nobody asked for."""

import logging
from collections.abc import Iterator
from itertools import islice
from zlib import crc32, decompressobj, error

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

#: Chunks of one file. Encoders write pixels in pieces of 8 KB or more; Pillow takes a second for this many.
CHUNKS = 100_000


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
    """The PNG without the chunks that a reader passes over or, worse, unpacks for nothing: unknown ones, texts but the
    last of each keyword in READ; nor any of those that unpacks to more than LARGEST_TEXT, for which Pillow would refuse
    the whole picture. COLOURS are left out, too."""
    kept: dict[object, tuple[int, int]] = {}
    end = 8
    for name, start, end in png_chunks(content):  # what follows the last one is kept
        if name in TEXTS:
            if (word := keyword(content, start)) in READ:
                kept[word] = start, end  # of two alike the last one counts, as in Pillow
        elif name in OF_THE_PICTURE or not name.isalpha():  # a name that is none is for the reader to find broken
            kept[start] = start, end
    pieces = [piece for what, piece in kept.items() if isinstance(what, int) or not unpacks_beyond(content, *piece)]
    if len(pieces) < len(kept):
        logger.warning("Ignored texts of a PNG that unpack to more than %d bytes", LARGEST_TEXT)
    if sum(stop - start for start, stop in pieces) == end - 8:
        return content
    return b"".join([content[:8], *(content[start:stop] for start, stop in sorted(pieces)), content[end:]])


def keyword(content: bytes, start: int) -> bytes:
    """The keyword of a text: at most 79 bytes, and a zero."""
    return content[start + 8 : start + 88].partition(b"\0")[0]


def unpacks_beyond(content: bytes, start: int, end: int) -> bool:
    """Whether a compressed text unpacks to more than LARGEST_TEXT."""
    name, (_, _, rest) = content[start + 4 : start + 8], content[start + 8 : end - 4].partition(b"\0")
    if name == b"tEXt":
        return False
    packed = rest[1:]
    if name == b"iTXt":  # a flag, the method, the language, and the keyword in it
        packed = rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""
    unpacking = decompressobj()
    try:
        unpacking.decompress(packed, LARGEST_TEXT)
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


def colours(content: bytes) -> dict[bytes, bytes]:
    """The data of the first of each chunk of COLOURS before the pixels, as far as checksums are right."""
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
    """The ICC file in the data of iCCP: a name, a method of compression, of which there is one, and the packed file."""
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
