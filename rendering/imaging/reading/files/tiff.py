"""TIFF: how many tags and strips its first directory has. A reader makes an object of each."""

from collections.abc import Iterator
from struct import pack, unpack_from
from typing import Literal

from ...errors import TooLarge
from ..limits import Limits

#: Where strips, and where tiles, are.
STRIPS, TILES = 273, 324

#: How files in which the larger byte comes first begin: those whose numbers have 8 bytes, and those of 4.
BIG_ENDIAN, CLASSIC = b"MM\x00\x2b", b"MM\x00\x2a"
#: How many bytes values of each type take, and the types that take 8 to say what 4 can: in files of less than UNKNOWN.
WIDTHS = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
LONG, UNKNOWN = (16, 17, 18), (1 << 32) - 1
#: Tags of other directories.
DIRECTORIES = (330, 34665, 34853, 40965)

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


def without_big_numbers(content: bytes) -> bytes:
    """The TIFF with a first directory that Pillow can read, of a BigTIFF in which the larger byte of a number comes
    first. Its numbers have 8 bytes, which no file here is large enough to need. Other files are returned unchanged."""
    if not content.startswith(BIG_ENDIAN) or len(content) < 24:
        return content
    (place,) = unpack_from(">Q", content, 8)
    if place + 8 > len(content):
        return content
    count = min(unpack_from(">Q", content, place)[0], TAGS, (len(content) - place - 8) // 20)
    entries: list[bytes] = []
    beyond = bytearray()
    end = len(content) + 2 + 12 * count + 4
    for at in range(place + 8, place + 8 + 20 * count, 20):
        if entry := with_small_numbers(content, at, end, beyond):
            entries.append(entry)
        if len(beyond) > len(content):
            return content
    directory = pack(">H", len(entries)) + b"".join(entries)
    return b"".join(
        [CLASSIC, pack(">I", len(content)), content[8:], directory.ljust(end - len(content), b"\0"), beyond]
    )


def with_small_numbers(content: bytes, at: int, end: int, beyond: bytearray) -> bytes:
    """An entry of a directory with numbers of 4 bytes, for that of a BigTIFF at that byte; nothing for one that says
    nothing of pixels, or that is cut off. Values that need a new place are added to those `beyond` the `end`."""
    tag, kind, number, value = unpack_from(">HHQQ", content, at)
    size = number * WIDTHS.get(kind, 1)
    start = at + 12 if size <= 8 else value
    if tag in DIRECTORIES or start + size > len(content) or (kind in LONG and number > PIECES):
        return b""
    if kind in LONG:
        kind, data = 4, b"".join(pack(">I", min(one, UNKNOWN)) for one in unpack_from(f">{number}Q", content, start))
    elif size > 8:
        return pack(">HHII", tag, kind, number, start)
    else:
        data = content[start : start + size]
    if len(data) > 4:
        place = end + len(beyond)
        beyond += data
        data = pack(">I", place)
    return pack(">HHI", tag, kind, number) + data.ljust(4, b"\0")
