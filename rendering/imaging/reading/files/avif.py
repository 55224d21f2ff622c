"""AVIF as browsers show it, beyond what its reader does: the clean aperture, and associations in several boxes.

The boxes are those of ISO/IEC 14496-12 and 23008-12.
"""

from collections.abc import Iterator, Sequence
from struct import unpack_from
from typing import NamedTuple

from ...box import Pixels
from .heif import Meta, Numbers, at, boxes, read_primary, read_properties

#: The box of a clean aperture, and the bytes of its four fractions.
APERTURE, FRACTIONS = b"clap", 32

#: Where child boxes start in `meta`.
IN_META = 4

#: An `ipma` whose item IDs have 4 bytes (its version), and whose property indexes have 2 (a flag).
WIDE_ITEMS, WIDE_PROPERTIES = 1, 1
#: The most properties that an item can have.
MOST_PROPERTIES = 255
#: Bytes of a box's header.
HEAD = 8


def clean_aperture(content: bytes, size: tuple[int, int], *, animated: bool) -> Pixels | None:
    """The box of a stored picture of that size that its file says is to be shown; None for all of it. If `animated`,
    that of its track. An aperture that is invalid, or not in whole pixels, is ignored."""
    found = aperture_of_track(content) if animated else aperture_of_item(content)
    if found is None:
        return None
    width, of_width, height, of_height, *off = unpack_from(">IIIIiIiI", content, found)
    across, down = side(size[0], width, of_width, *off[:2]), side(size[1], height, of_height, *off[2:])
    if not across or not down or (across, down) == ((0, size[0]), (0, size[1])):
        return None
    return across[0], down[0], across[1], down[1]


def side(length: int, part: int, of_part: int, off: int, of_off: int) -> tuple[int, int] | None:
    """Where the aperture starts and ends along a side of that length. The first fraction is its length, the second the
    distance of its centre from the picture's. None if it reaches beyond the picture, or is not in whole pixels."""
    if not of_part or not of_off or part % of_part or 2 * off % of_off:
        return None
    part //= of_part
    twice = length - part + 2 * off // of_off
    start = twice // 2
    return None if twice % 2 or start < 0 or not part or start + part > length else (start, start + part)


def aperture_of_item(content: bytes) -> int | None:
    """The position of the fractions in the primary item's clean aperture; None if it has none."""
    meta, apertures, number = Meta(), {}, 0
    for parent, kind, start, end in boxes(content, 0, len(content), b""):
        if parent == b"ipco":
            number += 1
            if kind == APERTURE and end - start >= FRACTIONS:
                apertures[number] = start
        elif kind == b"pitm":
            read_primary(meta, Numbers(content, start, end))
        elif kind == b"ipma":
            read_properties(meta, Numbers(content, start, end))
    item = meta.items.get(meta.primary)
    return next((apertures[one] for one in item.properties if one in apertures), None) if item and apertures else None


def aperture_of_track(content: bytes) -> int | None:
    """The position of the fractions in the first track's clean aperture; None if it has none."""
    described = 0
    for parent, kind, start, end in boxes(content, 0, len(content), b""):
        described += parent == b"stsd" and kind == b"av01"
        if parent == b"av01" and described == 1 and kind == APERTURE and end - start >= FRACTIONS:
            return start
    return None


def with_one_association(content: bytes) -> bytes:
    """The AVIF with all associations of its items in one `ipma`. Browsers accept several; its reader refuses them.

    The new `meta` is appended and the old one becomes free space, so that everything else keeps its position.
    """
    outer = list(children(content, 0, len(content)))
    meta = next((one for one in outer if one.kind == b"meta"), None)
    inside = list(children(content, meta.start + IN_META, meta.end)) if meta else []
    properties = next((one for one in inside if one.kind == b"iprp"), None)
    parts = list(children(content, properties.start, properties.end)) if properties else []
    tables = [one for one in parts if one.kind == b"ipma"]
    if not meta or len(tables) < 2:
        return content
    kept = b"".join(content[one.head : one.end] for one in parts if one.kind != b"ipma")
    anew = b"".join(
        box(b"iprp", kept + merge_associations(content, tables)) if one is properties else content[one.head : one.end]
        for one in inside
    )
    changed = bytearray(content)
    changed[meta.head + 4 : meta.head + HEAD] = b"free"
    last = outer[-1]
    if at(content, last.head, 4) == 0:  # it extends to the end of the file, wherever that is
        changed[last.head : last.head + 4] = (last.end - last.head).to_bytes(4, "big")
    return bytes(changed) + box(b"meta", content[meta.start : meta.start + IN_META] + anew)


class IsoBox(NamedTuple):
    """A box of the container: its type, and the positions of its header, its content and its end."""

    kind: bytes
    head: int
    start: int
    end: int


def children(content: bytes, start: int, end: int) -> Iterator[IsoBox]:
    """Yield the boxes between two positions, not those nested in them."""
    while start + HEAD <= end:
        length, inner = at(content, start, 4), start + HEAD
        if length == 1:
            length, inner = at(content, start + 8, 8), start + 16
        stop = end if length == 0 else min(start + length, end)
        if stop < inner:
            return
        yield IsoBox(content[start + 4 : start + 8], start, inner, stop)
        start = stop


def merge_associations(content: bytes, tables: Sequence[IsoBox]) -> bytes:
    """One `ipma` in place of several. Of a property that an item has twice, the first association counts."""
    items: dict[int, dict[int, int]] = {}
    for one in tables:
        numbers = Numbers(content, one.start, one.end)
        flags = numbers.next(4)
        wide_items, wide = flags >> 24 > 0, flags & WIDE_PROPERTIES
        for _ in numbers.count(4):
            if numbers.at >= numbers.end:
                break
            properties = items.setdefault(numbers.next(4 if wide_items else 2), {})
            for _ in numbers.count(1):
                number = numbers.next(2 if wide else 1)
                # The first bit says that a property is essential.
                essential, number = (number >> 15, number & 0x7FFF) if wide else (number >> 7, number & 0x7F)
                properties.setdefault(number, essential << 15 | number)
    entries = [
        number.to_bytes(4, "big")
        + bytes([len(properties)])
        + b"".join(one.to_bytes(2, "big") for one in properties.values())
        for number, properties in sorted(items.items())
        if len(properties) <= MOST_PROPERTIES
    ]
    head = bytes([WIDE_ITEMS, 0, 0, WIDE_PROPERTIES]) + len(entries).to_bytes(4, "big")
    return box(b"ipma", head + b"".join(entries))


def box(kind: bytes, inside: bytes) -> bytes:
    return (HEAD + len(inside)).to_bytes(4, "big") + kind + inside
