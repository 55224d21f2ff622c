"""TIFF: how many tags and strips its first directory has. A reader makes an object of each."""

from collections.abc import Iterator
from struct import pack, unpack_from
from typing import Literal

from ...errors import TooLarge
from ...pillow.directories import TAGS
from ...pillow.tiffs import is_known
from ..limits import Limits, sizes

#: Where strips, and where tiles, are, and how many bytes they have.
STRIPS, TILES, LENGTHS = 273, 324, (279, 325)

#: How big-endian files begin: BigTIFF, whose numbers have 8 bytes, and classic TIFF, whose numbers have 4.
BIG_ENDIAN, CLASSIC = b"MM\x00\x2b", b"MM\x00\x2a"
#: The bytes of a value of each type, and the types of 8 bytes whose values fit into 4 in files smaller than UNKNOWN.
WIDTHS = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
LONG, UNKNOWN = (16, 17, 18), (1 << 32) - 1
#: Tags of other directories.
DIRECTORIES = (330, 34665, 34853, 40965)

#: Tags that describe samples: how deep they are, packed, meant and filled, how many a pixel has, whether channels are
#: apart, what those are that are no colours, and of which form they are.
DEPTHS, PACKING, MEANING, FILLING, SAMPLES, PLANES, BESIDE, FORMS = DESCRIBING = 258, 259, 262, 266, 277, 284, 338, 339
#: Each channel in a plane of its own.
APART = 2
#: Ways of packing that no reader here can unpack.
NOT_UNPACKED = {
    22610: "JPEG XR", 32809: "ThunderScan", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34661: "JBIG",
    34676: "LogLuv", 34677: "LogLuv", 34712: "JPEG 2000", 34887: "LERC", 34892: "a lossy DNG", 34927: "JPEG XR",
    34934: "JPEG XR", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip
#: Sample formats and photometric interpretations in words.
FORM_NAMES = {1: "whole numbers", 2: "numbers with a sign", 3: "floating point", 5: "complex", 6: "complex"}
MEANING_NAMES = {
    0: "grey", 1: "grey", 2: "RGB", 3: "of a palette", 4: "a mask", 5: "CMYK", 6: "YCbCr", 8: "Lab", 9: "Lab",
    10: "Lab", 32803: "of a sensor", 32844: "LogL", 32845: "LogLuv", 34892: "of a sensor",
}  # fmt: skip
#: Kinds of alpha; and the most samples of a pixel, bits of a sample and numbers of a tag of files that are looked at.
ALPHA, MOST_SAMPLES, MOST_BITS, MOST_NUMBERS = frozenset((1, 2)), 64, 128, 64

#: Strips or tiles of a picture: a strip for each row is the most that is usual. No other tag has as many values, unless
#: they are bytes.
PIECES = 100_000
#: What strips or tiles may have in all, in bytes: a reader copies each, and they may lie over one another.
COPIED = 256 * 1024 * 1024
#: The types of bytes and text, which a reader takes as they are.
BYTES = frozenset((1, 2, 6, 7))


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more tags, strips or tiles than a reader can go through."""
    order, wide, _ = head(content)
    lengths: dict[int, int] = {}
    for number, (tag, at) in enumerate(entries(content)):
        kind = int.from_bytes(content[at + 2 : at + 4], order)
        count = int.from_bytes(content[at + 4 : at + (12 if wide else 8)], order)
        if number >= TAGS:
            raise TooLarge(f"The picture is a TIFF of more than {TAGS:,} tags; save it anew")
        if tag in (STRIPS, TILES) and count > PIECES:
            raise TooLarge(
                f"The picture is a TIFF of {count:,} strips or tiles, {PIECES:,} are allowed; save it with larger ones"
            )
        if kind not in BYTES and count > PIECES:
            raise TooLarge(
                f"The picture is a TIFF with {count:,} values of a tag, {PIECES:,} are allowed; save it anew"
            )
        if tag in LENGTHS:
            lengths.setdefault(tag, at)  # of two alike, readers take the first one
    for at in lengths.values():
        claimed = sum(min(one, len(content)) for one in numbers(content, at, PIECES))
        if claimed > COPIED:
            found, allowed = sizes(claimed, COPIED)
            raise TooLarge(
                f"The picture is a TIFF whose strips lie over one another, {found} in all; {allowed} are allowed"
            )


def without_big_numbers(content: bytes) -> bytes:
    """A big-endian BigTIFF as a classic TIFF, which Pillow can read. No file here is large enough to need numbers of 8
    bytes. Other files are returned unchanged."""
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
    """The classic entry for the BigTIFF entry at that byte; empty for one that does not concern pixels, or is cut off.
    Values that do not fit into it are appended to `beyond`, which begins at the byte `end`."""
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


def unread(content: bytes) -> str:
    """In words, the feature for which a TIFF cannot be read; empty if there is none."""
    first = {tag: numbers(content, at) for tag, at in entries(content) if tag in DESCRIBING}
    packed = first.get(PACKING, [1])[0]
    if packed in NOT_UNPACKED:
        return f"pixels packed as {NOT_UNPACKED[packed]}"
    if first.get(PLANES, [1])[0] == APART and first.get(SAMPLES, [1])[0] == 2:
        return "grey and alpha, each in a plane of its own"
    bits, forms = first.get(DEPTHS, [1]), first.get(FORMS, [1])
    samples, meaning = first.get(SAMPLES, [len(bits)])[0], first.get(MEANING, [1])[0]
    depths = tuple(bits * samples if len(bits) == 1 else bits[:samples])
    form = tuple(forms[:1] if len(set(forms)) == 1 else forms)
    layout = (meaning, form, depths, tuple(first.get(BESIDE, [])))
    if (
        samples > MOST_SAMPLES
        or not depths
        or not 0 < min(depths) <= max(depths) <= MOST_BITS
        or len(depths) != samples
        or is_known(content[:2], *layout, first.get(FILLING, [1])[0])
    ):
        return ""
    each = "/".join(map(str, sorted(set(depths))))
    kind = " and ".join(FORM_NAMES.get(one, "unknown") for one in sorted(set(form)))
    colours = MEANING_NAMES.get(meaning, "of an unknown meaning")
    beside = " and alpha" if ALPHA.intersection(layout[3]) else ""
    return f"samples of {each} bits ({kind}), {samples} a pixel, {colours}{beside}"


def entries(content: bytes) -> Iterator[tuple[int, int]]:
    """The tags of the first directory, and where the entry of each begins."""
    order, wide, position = head(content)
    count = int.from_bytes(content[position : position + (8 if wide else 2)], order)
    length, first = (20, position + 8) if wide else (12, position + 2)
    for at in range(first, min(first + length * count, len(content) - length + 1), length):
        yield int.from_bytes(content[at : at + 2], order), at


def head(content: bytes) -> tuple[Literal["little", "big"], bool, int]:
    """The order of bytes, whether it is a BigTIFF, and where the first directory is."""
    order: Literal["little", "big"] = "little" if content[:2] == b"II" else "big"
    wide = 43 in (content[2], content[3])
    return order, wide, int.from_bytes(content[8:16] if wide else content[4:8], order)


def numbers(content: bytes, at: int, most: int = MOST_NUMBERS) -> list[int]:
    """The whole numbers of an entry, of which there are as many as a pixel has samples, or at most so many."""
    order, wide, _ = head(content)
    room = 8 if wide else 4
    width = WIDTHS.get(int.from_bytes(content[at + 2 : at + 4], order), 1)
    count = min(int.from_bytes(content[at + 4 : at + 4 + room], order), most)
    start = at + 4 + room
    if count * width > room:
        start = int.from_bytes(content[start : start + room], order)
    return [
        int.from_bytes(content[one : one + width], order) for one in range(start, start + count * width, width)
    ] or [0]
