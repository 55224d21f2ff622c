"""WebP: the size of its canvas, how many chunks it has, and whether its animation has transparent parts."""

from collections.abc import Iterator
from itertools import islice
from struct import unpack_from

from ...errors import TooLarge
from ..limits import BYTES_PER_PIXEL, Limits, check_budget, check_size

#: Where the first chunk begins.
FIRST = 12
#: Where the flags of an extended WebP stand, and those that are looked at.
FLAGS, WEBP_MOVES, WEBP_ALPHA = 20, 0x02, 0x10

#: Chunks of one file: a frame of an animation is one.
CHUNKS = 100_000


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
    flags = content[FLAGS] if content[12:16] == b"VP8X" and len(content) > FLAGS else 0
    if flags & WEBP_MOVES and not flags & WEBP_ALPHA:
        return content[:FLAGS] + bytes([flags | WEBP_ALPHA]) + content[FLAGS + 1 :]
    return content


def webp_of_browsers(content: bytes) -> bytes:
    """The WebP with a header by which Pillow shows it as browsers do."""
    return webp_with_alpha(webp_as_long_as_it_is(content))


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for a canvas of which there would be two as soon as the file is opened, or for more chunks than a
    reader can go through."""
    if next(islice(chunk_ends(content), CHUNKS, None), None):
        raise TooLarge(f"The picture is a WebP of more than {CHUNKS:,} chunks; save it with fewer")
    if canvas := webp_size(content):
        check_size(*canvas, limits)
        check_budget("WEBP", *canvas, BYTES_PER_PIXEL["WEBP"], limits)


def webp_as_long_as_it_is(content: bytes) -> bytes:
    """The WebP with its true length, if it claims to be longer although every chunk is complete.

    An animation may lack frames, so it is mended only if it lacks no more than the padding byte of its last chunk.
    """
    claimed = int.from_bytes(content[4:8], "little") + 8
    if claimed <= len(content) or len(content) <= FLAGS:
        return content
    moves = content[12:16] == b"VP8X" and content[FLAGS] & WEBP_MOVES
    end = max(chunk_ends(content), default=FIRST)
    if end - 1 > len(content) or (moves and claimed > len(content) + 1):
        return content
    content = content.ljust(end, b"\0")[:end]
    return content[:4] + (end - 8).to_bytes(4, "little") + content[8:]


def chunk_ends(content: bytes) -> Iterator[int]:
    """The end of each chunk of a WebP, by the length that it states."""
    position = FIRST
    while position + 8 <= len(content):
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        position += 8 + length + (length & 1)
        yield position
