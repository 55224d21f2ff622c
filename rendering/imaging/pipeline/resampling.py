"""Resampling: cropping and resizing a decoded picture in one step. The only module that chooses how.

Figures are for photographs of 2 to 24 megapixels, compared with Lanczos in floating point over every pixel
(`make bench`). sharp and Thumbor use Lanczos as well.
"""

from math import ceil, floor

from PIL import Image

from ..pillow.resizing import left_to_resample
from ..reading.orientation import Region

#: Pillow's `reducing_gap`: a box filter first reduces the picture to at least this many times the size, before the
#: exact resampling. Less is faster and softer. More for JPEGs decoded at a reduced scale, where there is little time to
#: gain, and for cut-outs, whose flat parts then stay flat.
GAP, GAP_REDUCED = 1.35, 2.0

#: The same for frames of an animation in a lossy format, across only, since Pillow resamples rows first. It halves the
#: time of resampling, which is a quarter of all. The file's SSIM changes by -0.0013 to +0.0014; it has 1 to 2 % fewer
#: bytes.
GAP_ANIMATED = 1.0

#: Below this side, in pixels, no box filter comes first: it would dominate the shape of the exact filter.
TINY = 8

#: A cut-out is a picture with alpha of which, in a sample of SPREAD pixels, at most the fraction SOFT is partly
#: transparent. Drawings and logos have an eighth. More means a gradient or a soft shadow.
SPREAD, SOFT = (64, 64), 0.2

#: From MANY pixels on, where resampling takes a fifth of the time, pictures that still shrink by at least ENOUGH get
#: bicubic, whose window has two thirds the width: 6 to 20 % less time and 2 % fewer bytes, for 0.001 to 0.0025 less
#: SSIM of the file. Where they shrink less it would be 0.003, which is worse than sharp.
MANY, ENOUGH = 300_000, 1.35


def resample(
    image: Image.Image,
    box: Region,
    size: tuple[int, int],
    *,
    cut: Region | None = None,
    reduced_well: bool = False,
    animated: bool = False,
) -> Image.Image:
    """Resize the box of a picture (mode L, LA, RGB, RGBA, CMYK or LAB) to a width and height in pixels.

    Colours are weighted by their alpha. May return the picture itself. Pixels beyond the box count at its edges, as far
    as they are within the `cut`, if there is one. `reduced_well` says that the picture comes from a decoder that
    reduces well, as a JPEG's does; `animated`, that it is a frame of an animation in a lossy format.
    """
    left, top, right, bottom = box
    if (right - left, bottom - top) == size and (int(left), int(top)) == (left, top):
        if size == image.size:
            return image
        return image.crop((int(left), int(top), int(right), int(bottom)))
    clear = image.mode in ("LA", "RGBA")
    hard = clear and is_cut_out(image, box)
    gap = GAP_REDUCED if reduced_well or hard else GAP
    if cut:
        # Averages of colours with alpha would be rounded twice.
        image, box = cut_off(image, box, cut, (1, 1) if clear else factors(box, size, gap))
    if animated and not clear and min(size) >= TINY:
        image, box = average_across(image, box, int((box[2] - box[0]) / size[0] / GAP_ANIMATED))
    left, top, right, bottom = box
    shrink = min((right - left) / size[0], (bottom - top) / size[1])
    left_over = left_to_resample(shrink, gap)
    # Lanczos rings: along the edges of cut-outs it leaves a faint second outline, which takes a seventh to a third of
    # the bytes of a drawing's PNG. Bicubic does not, and differs from it by 46 to 57 dB of PSNR.
    narrow = hard or (size[0] * size[1] >= MANY and left_over >= ENOUGH)
    window = Image.Resampling.BICUBIC if narrow else Image.Resampling.LANCZOS
    return image.resize(size, window, box=box, reducing_gap=gap if min(size) >= TINY else None)


def factors(box: Region, size: tuple[int, int], gap: float) -> tuple[int, int]:
    """By how much `Image.resize` with `reducing_gap=gap` would first average a box, across and down."""
    if min(size) < TINY:
        return 1, 1
    return max(1, int((box[2] - box[0]) / size[0] / gap)), max(1, int((box[3] - box[1]) / size[1] / gap))


def cut_off(image: Image.Image, box: Region, cut: Region, average: tuple[int, int]) -> tuple[Image.Image, Region]:
    """What a picture has within a cut, each so many of its pixels averaged, across and down: most cuts are then no
    large copy. Returns it, and the box in it."""
    edges = floor(cut[0]), floor(cut[1]), ceil(cut[2]), ceil(cut[3])
    part = image.crop(edges) if average == (1, 1) else image.reduce(average, box=edges)
    across, down = average
    left, top = (box[0] - edges[0]) / across, (box[1] - edges[1]) / down
    right, bottom = (box[2] - edges[0]) / across, (box[3] - edges[1]) / down
    return part, (max(left, 0), max(top, 0), min(right, part.width), min(bottom, part.height))


def is_cut_out(image: Image.Image, box: Region) -> bool:
    """Whether hardly any pixel in the box of a picture (mode LA or RGBA) is partly transparent."""
    spread = image.resize(SPREAD, Image.Resampling.NEAREST, box=box).getchannel("A").histogram()
    return sum(spread[1:255]) <= SOFT * sum(spread)


def average_across(image: Image.Image, box: Region, factor: int) -> tuple[Image.Image, Region]:
    """Average each `factor` pixels of a row in the box of a picture. Returns the picture, and the box in it."""
    if factor < 2:
        return image, box
    left, top, right, bottom = box
    edges = floor(left), floor(top), ceil(right), ceil(bottom)
    averaged = image.reduce((factor, 1), box=edges)
    return averaged, (
        (left - edges[0]) / factor,
        top - edges[1],
        min((right - edges[0]) / factor, averaged.width),
        bottom - edges[1],
    )
