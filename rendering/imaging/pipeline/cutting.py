"""Cutting a picture that was decoded at a reduced size, whose pixels mix what is inside and outside the cut."""

from collections.abc import Iterator
from math import ceil, floor

from PIL import Image, ImageChops

from ..errors import TooLarge
from ..reading.checks import check_memory
from ..reading.header import Header
from ..reading.limits import Limits
from ..reading.orientation import Region

#: The side of a JPEG's blocks in pixels, with chroma at half the size. Pixels of different blocks are never mixed.
BLOCK = 16

#: A cut follows an outline if, across one of its sides, more than the fraction ALONG of the pixels differ by more
#: than FAR levels. Of the sides of random cuts through sample photographs 3 % do.
FAR, ALONG = 80, 0.25


def mixes_beyond(pixels: Image.Image, cut: Region, scale: int, header: Header, limits: Limits) -> bool:
    """Whether the picture must be decoded at full size, because a cut follows an outline that the picture at 1/scale
    mixes with what is outside. `cut` is in pixels of the stored picture. Not if that would take too much memory."""
    if header.format == "JPEG" and follows_blocks(cut, header.size):
        return False
    try:
        check_memory(header, limits)
    except TooLarge:
        return False
    return follows_outlines(pixels, part_of_box(cut, scale, pixels))


def part_of_box(box: Region, scale: int, pixels: Image.Image) -> Region:
    """The box of a stored picture in pixels of the picture decoded at 1/scale of its sides."""
    if scale == 1:
        return box
    left, top, right, bottom = (side / scale for side in box)
    return left, top, min(right, pixels.width), min(bottom, pixels.height)


def follows_blocks(cut: Region, size: tuple[int, int]) -> bool:
    """Whether a cut through a JPEG of that size follows the edges of blocks."""
    return all(side % BLOCK == 0 or side == size[number % 2] for number, side in enumerate(cut))


def follows_outlines(image: Image.Image, cut: Region) -> bool:
    """Whether a cut through a decoded picture follows an outline in it."""
    return any(share_of_distant(within, beyond) > ALONG for within, beyond in borders(image, cut))


def borders(image: Image.Image, cut: Region) -> Iterator[tuple[Image.Image, Image.Image]]:
    """For each side of a cut that goes through a picture, the last row or column of pixels that is wholly within, and
    the first that is wholly beyond."""
    left, top, right, bottom = ceil(cut[0]), ceil(cut[1]), floor(cut[2]), floor(cut[3])
    if left >= right or top >= bottom:
        return
    rows = {(top, top + 1): floor(cut[1]) - 1, (bottom - 1, bottom): ceil(cut[3])}
    columns = {(left, left + 1): floor(cut[0]) - 1, (right - 1, right): ceil(cut[2])}
    for (start, end), beyond in rows.items():
        if 0 <= beyond < image.height:
            yield image.crop((left, start, right, end)), image.crop((left, beyond, right, beyond + 1))
    for (start, end), beyond in columns.items():
        if 0 <= beyond < image.width:
            yield image.crop((start, top, end, bottom)), image.crop((beyond, top, beyond + 1, bottom))


def share_of_distant(one: Image.Image, other: Image.Image) -> float:
    """The fraction of pixels of two pictures of one size that are FAR apart, in the channel where they are the most."""
    counts = [band.histogram() for band in ImageChops.difference(one, other).split()]
    return max(sum(count[FAR + 1 :]) for count in counts) / (one.width * one.height)
