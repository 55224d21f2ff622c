"""How often an animated AVIF plays: Pillow neither tells it nor writes it.

The film is a track of an ISO base media file (ISO/IEC 14496-12): its edit list says how long one showing is and that it
is repeated, and the durations of movie and track how long all showings are together.
"""

from collections.abc import Iterator

#: Bytes of the least box that says something here: a version, flags and a duration.
LEAST = 8

#: Boxes that hold other boxes, each only those that come after it.
HOLDERS = (b"moov", b"trak", b"edts")


def boxes(
    content: bytes, start: int, end: int, holders: tuple[bytes, ...] = HOLDERS
) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the content of every box that concerns time, as far as the file goes."""
    while start + 8 <= end:
        size, kind = int.from_bytes(content[start : start + 4], "big"), content[start + 4 : start + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16], "big"), 16
        if size < head or start + size > end:
            return  # to the end of the file, or nonsense: no film's header is
        if kind in holders:
            yield from boxes(content, start + head, start + size, holders[holders.index(kind) + 1 :])
        else:
            yield kind, start + head, start + size
        start += size


def showing(content: bytes) -> tuple[list[tuple[int, int]], int, bool]:
    """Where the durations of movie and tracks stand (position and number of bytes), how long one showing is in the
    file's own units, and whether it is repeated."""
    places, one, repeated = [], 0, False
    for kind, start, end in boxes(content, 0, len(content)):
        if end < start + LEAST:
            continue
        wide = content[start : start + 1] == b"\1"
        if kind == b"mvhd":
            places.append((start + (24 if wide else 16), 8 if wide else 4))
        elif kind == b"tkhd":
            places.append((start + (28 if wide else 20), 8 if wide else 4))
        elif kind == b"elst":
            repeated = bool(content[start + 3] & 1)
            one = int.from_bytes(content[start + 8 : start + 8 + (8 if wide else 4)], "big")
    return places, one, repeated


def plays(content: bytes) -> int:
    """How often an animated AVIF plays; 0: for ever, which also is what nothing said means."""
    places, one, repeated = showing(content)
    if not places or not one:
        return 0
    if not repeated:
        return 1
    position, width = places[-1]
    whole = int.from_bytes(content[position : position + width], "big")
    return 0 if whole == (1 << 8 * width) - 1 else max(1, -(-whole // one))


def with_plays(content: bytes, count: int) -> bytes:
    """The file that Pillow wrote, which plays for ever, playing that often instead."""
    places, one, repeated = showing(content)
    if not count or not one or not repeated:
        return content
    patched = bytearray(content)
    for position, width in places:
        patched[position : position + width] = min(count * one, (1 << 8 * width) - 2).to_bytes(width, "big")
    return bytes(patched)
