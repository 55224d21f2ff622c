"""WebP: the size of its canvas, and whether its animation has transparent parts."""

from struct import unpack_from

from ..limits import BYTES_PER_PIXEL, Limits, check_budget, check_size

#: Flags of an extended WebP.
WEBP_MOVES, WEBP_ALPHA = 0x02, 0x10


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


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for a canvas of which there would be two as soon as the file is opened."""
    if canvas := webp_size(content):
        check_size(*canvas, limits)
        check_budget("WEBP", *canvas, BYTES_PER_PIXEL["WEBP"], limits)
