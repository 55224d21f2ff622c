"""From a decoded picture to one of the size that is wanted: once, crop and all. The one place that chooses how.

The figures are of photographs of 2 to 24 megapixels, held against Lanczos in floating point over every pixel
(`make bench`); sharp and Thumbor use Lanczos as well.
"""

from math import ceil, floor

from PIL import Image

from ..pillow.resizing import left_to_resample
from ..reading.orientation import Region

#: How much larger than needed a picture is left by a first averaging, before the exact resampling. Less is faster and
#: softer. After a JPEG's own reduction there is little left to gain; and the flat parts of what is cut out stay flat
#: with more.
GAP, GAP_REDUCED = 1.35, 2.0

#: The same for a film in a lossy format, from side to side only, which is done first and to every row: half of the time
#: of resampling, which is a quarter of a film's. SSIM of the file 0.0013 less to 0.0014 more, 1 to 2 % fewer bytes.
GAP_FILM = 1.0

#: A side below which nothing is averaged first: the averaging would take away the shape of the filter's window.
TINY = 8

#: What is cut out: of so many pixels, spread over a picture with alpha, no larger a part is half transparent. Drawings
#: and logos have an eighth; more is a gradient or a soft shadow.
SPREAD, SOFT = (64, 64), 0.2

#: Pixels from which resampling takes a fifth of the time of all, and by how much a picture must still shrink for a
#: window of two thirds the width: SSIM of the file is 0.001 to 0.0025 less, bytes 2 % less, time 6 to 20 %. Where it
#: shrinks less, it would be 0.003, below sharp's.
MANY, ENOUGH = 300_000, 1.35


def resampled(
    image: Image.Image, box: Region, size: tuple[int, int], *, reduced_well: bool = False, film: bool = False
) -> Image.Image:
    """The box of a picture (mode L, LA, RGB, RGBA, CMYK or LAB) at that size (width, height); perhaps the very picture.
    Colours are weighed by their alpha.

    `reduced_well` says that it was decoded at a part of its size by means as good as any; `film`, that it is a frame of
    one in a lossy format.
    """
    left, top, right, bottom = box
    if (right - left, bottom - top) == size and (int(left), int(top)) == (left, top):
        if size == image.size:
            return image
        return image.crop((int(left), int(top), int(right), int(bottom)))
    clear = image.mode in ("LA", "RGBA")
    if film and not clear and min(size) >= TINY:
        image, box = averaged_across(image, box, int((right - left) / size[0] / GAP_FILM))
        left, top, right, bottom = box
    hard = clear and cut_out(image, box)
    gap = GAP_REDUCED if reduced_well or hard else GAP
    shrink = min((right - left) / size[0], (bottom - top) / size[1])
    left_over = left_to_resample(shrink, gap)
    # Lanczos rings: along the edge of what is cut out it leaves a faint second outline, which takes a PNG of drawings
    # a seventh to a third of its bytes. Bicubic does not, and is 46 to 57 dB from it.
    narrow = hard or (size[0] * size[1] >= MANY and left_over >= ENOUGH)
    window = Image.Resampling.BICUBIC if narrow else Image.Resampling.LANCZOS
    return image.resize(size, window, box=box, reducing_gap=gap if min(size) >= TINY else None)


def cut_out(image: Image.Image, box: Region) -> bool:
    """Whether the box of a picture (mode LA or RGBA) shows something or nothing, and hardly anything between."""
    spread = image.resize(SPREAD, Image.Resampling.NEAREST, box=box).getchannel("A").histogram()
    return sum(spread[1:255]) <= SOFT * sum(spread)


def averaged_across(image: Image.Image, box: Region, factor: int) -> tuple[Image.Image, Region]:
    """The box of a picture with the means of so many pixels in each row in their place, and where the box is then."""
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
