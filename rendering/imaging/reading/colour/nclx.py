"""Colours of AVIF and HEIC by code points: `colr` boxes of the kind `nclx` (ISO/IEC 14496-12)."""

import logging

from ..files.heif import DESCRIBED, READERS, Item, Meta, Numbers, at, boxes

logger = logging.getLogger(__name__)

#: The brand of an image sequence.
SEQUENCE = b"avis"
#: A `colr` of code points (ITU-T H.273): two bytes each for primaries, curve and matrix, and the last that are known of
#: each, with the reserved ones before it. libheif refuses pictures that have others, libavif those with such a matrix.
NCLX, CODES, UNSPECIFIED = b"nclx", 3, 2
LAST_KNOWN = (22, 18, 17)
RESERVED = (frozenset((0, 3, *range(13, 22))), frozenset((0, 3)), frozenset((3, 15)))


def code_points(content: bytes) -> tuple[int, ...] | None:
    """The code points of primaries, curve and matrix in a file; None if it has none. If the major brand is that of an
    animation, the track's count first, otherwise those of the picture or, in a grid, of its first tile."""
    meta, number = Meta(), 0
    described: dict[int, int] = {}
    track = 0
    for parent, kind, start, end in boxes(content, 0, len(content), b""):
        number += parent == b"ipco"
        if kind == b"colr" and is_nclx(content, start, end):
            if parent == b"ipco":
                described.setdefault(number, start)
            elif parent in DESCRIBED:
                track = track or start
        elif kind in READERS:
            READERS[kind](meta, Numbers(content, start, end))
    item = meta.items.get(meta.primary, Item())
    pieces = [meta.items[piece] for piece in item.pieces[:1] if piece in meta.items]
    picture = next((described[one] for each in (item, *pieces) for one in each.properties if one in described), 0)
    place = (track or picture) if content[8:12] == SEQUENCE else (picture or track)
    return codes_at(content, place) if place else None


def with_known_codes(content: bytes) -> bytes:
    """The file with reserved code points replaced by “unspecified”, so that no picture is refused for them."""
    changed = bytearray()
    for _, kind, start, end in boxes(content, 0, len(content), b""):
        if kind != b"colr" or not is_nclx(content, start, end):
            continue
        for number, code in enumerate(codes_at(content, start)):
            if code > LAST_KNOWN[number] or code in RESERVED[number]:
                logger.warning("Ignored a code point of an nclx that is reserved: %d", code)
                changed = changed or bytearray(content)
                place = start + len(NCLX) + 2 * number
                changed[place : place + 2] = UNSPECIFIED.to_bytes(2, "big")
    return bytes(changed) if changed else content


def is_nclx(content: bytes, start: int, end: int) -> bool:
    return content.startswith(NCLX, start) and end >= start + len(NCLX) + 2 * CODES


def codes_at(content: bytes, start: int) -> tuple[int, ...]:
    return tuple(at(content, start + len(NCLX) + 2 * number, 2) for number in range(CODES))
