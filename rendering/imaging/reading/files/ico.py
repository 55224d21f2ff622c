"""ICO: the pictures in it."""

from collections.abc import Iterator
from struct import unpack_from

from ..limits import BYTES_PER_PIXEL, Limits, check_budget, check_size


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


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for any picture in it that is too large: opening an icon decodes one."""
    for width, height in icon_sizes(content):
        check_size(width, height, limits)
        check_budget("ICO", width, height, BYTES_PER_PIXEL["ICO"], limits)
