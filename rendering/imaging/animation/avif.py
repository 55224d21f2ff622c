"""What Pillow does not do of an animated AVIF: how often it plays, and colours in limited range that are rounded.

The animation is a track of an ISO base media file (ISO/IEC 14496-12). Its edit list gives the duration of one play and
whether it repeats; the headers of the movie and its tracks give the duration of all plays together.
"""

from collections.abc import Iterator

from msgspec import Struct
from PIL import Image

#: Bytes of the smallest box that matters here: a version, flags and a duration.
SMALLEST_BOX = 8

#: Boxes that contain other boxes, from the outermost inwards.
CONTAINERS = (b"moov", b"trak", b"edts")

#: What every level becomes that goes up by one, or down. Black and white, and what is full or empty, stay.
UP = [0, *range(2, 256), 255]
DOWN = [0, *range(254), 255]


class MovieTiming(Struct, frozen=True):
    """The timing of a movie. Durations are in units of the file's own timescale."""

    #: Where the total durations of the movie and its tracks are stored: position and width, in bytes.
    totals: tuple[tuple[int, int], ...]
    #: The duration of one play; 0 if the file has no edit list.
    one_play: int
    repeats: bool


def boxes(
    content: bytes, start: int, end: int, containers: tuple[bytes, ...] = CONTAINERS
) -> Iterator[tuple[bytes, int, int]]:
    """Yield the type of every box between two positions, and where its content starts and ends. Containers are replaced
    by the boxes in them."""
    while start + 8 <= end:
        size, kind = int.from_bytes(content[start : start + 4], "big"), content[start + 4 : start + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16], "big"), 16
        if size < head or start + size > end:
            return  # malformed, or a box that extends to the end of the file, which a movie's header never does
        if kind in containers:
            yield from boxes(content, start + head, start + size, containers[containers.index(kind) + 1 :])
        else:
            yield kind, start + head, start + size
        start += size


def movie_timing(content: bytes) -> MovieTiming:
    """The timing of the movie in an AVIF, as far as the file states it."""
    totals, one_play, repeats = [], 0, False
    for kind, start, end in boxes(content, 0, len(content)):
        if end < start + SMALLEST_BOX:
            continue
        wide = content[start : start + 1] == b"\1"
        if kind == b"mvhd":
            totals.append((start + (24 if wide else 16), 8 if wide else 4))
        elif kind == b"tkhd":
            totals.append((start + (28 if wide else 20), 8 if wide else 4))
        elif kind == b"elst":
            repeats = bool(content[start + 3] & 1)
            one_play = int.from_bytes(content[start + 8 : start + 8 + (8 if wide else 4)], "big")
    return MovieTiming(tuple(totals), one_play, repeats)


def plays(content: bytes) -> int:
    """How often an animated AVIF plays; 0 means for ever, which is also the default."""
    timing = movie_timing(content)
    if not timing.totals or not timing.one_play:
        return 0
    if not timing.repeats:
        return 1
    position, width = timing.totals[-1]
    total = int.from_bytes(content[position : position + width], "big")
    return 0 if total == (1 << 8 * width) - 1 else max(1, -(-total // timing.one_play))


def with_plays(content: bytes, count: int) -> bytes:
    """An animated AVIF as Pillow wrote it, which plays for ever, made to play `count` times; 0 means for ever."""
    timing = movie_timing(content)
    if not count or not timing.one_play or not timing.repeats:
        return content
    patched = bytearray(content)
    for position, width in timing.totals:
        total = min(count * timing.one_play, (1 << 8 * width) - 2)
        patched[position : position + width] = total.to_bytes(width, "big")
    return bytes(patched)


def with_rounded_colours(frame: Image.Image) -> Image.Image:
    """A frame (mode L, LA, RGB or RGBA) whose colours are right once they are encoded in limited range.

    libyuv, which libavif converts with, cuts off the fractions of Cb and Cr where it should round: half a level too
    little on the mean, which makes red and blue darker and green lighter by one to two. A level more of red and blue
    and one less of green add 0.58 to Cb and 0.73 to Cr, and take 0.15 from Y.
    """
    bands = len(frame.getbands())
    return frame.point([*UP, *DOWN, *UP, *range(256)][: 256 * bands]) if bands > 2 else frame
