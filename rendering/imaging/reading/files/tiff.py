"""TIFF: how many tags and strips its first directory has. A reader makes an object of each."""

from collections.abc import Iterator
from typing import Literal

from ...errors import TooLarge
from ..limits import Limits

#: Where strips, and where tiles, are.
STRIPS, TILES = 273, 324

#: Tags of a directory, and strips or tiles of a picture: a strip for each row is the most that is usual.
TAGS, PIECES = 4_000, 100_000


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more tags, strips or tiles than a reader can go through."""
    for number, (tag, count) in enumerate(tags(content)):
        if number > TAGS:
            raise TooLarge(f"The picture is a TIFF of more than {TAGS:,} tags; save it anew")
        if tag in (STRIPS, TILES) and count > PIECES:
            raise TooLarge(
                f"The picture is a TIFF of {count:,} strips or tiles, {PIECES:,} are allowed; save it with larger ones"
            )


def tags(content: bytes) -> Iterator[tuple[int, int]]:
    """The tags of the first directory, each with the number of its values."""
    order: Literal["little", "big"] = "little" if content[:2] == b"II" else "big"

    def number(start: int, width: int) -> int:
        return int.from_bytes(content[start : start + width], order)

    wide = 43 in (content[2], content[3])  # BigTIFF
    position = number(8, 8) if wide else number(4, 4)
    width = 8 if wide else 2
    length, value = (20, 8) if wide else (12, 4)
    first = position + width
    for entry in range(first, min(first + length * number(position, width), len(content) - length + 1), length):
        yield number(entry, 2), number(entry + 4, value)
