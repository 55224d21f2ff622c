"""Filters that weigh a pixel against its neighbours: convolution and sharpening."""

import math
import re
from collections.abc import Callable
from typing import Annotated

from PIL import ImageChops, ImageFilter, ImageMath
from PIL.Image import Image, merge, new

from ..errors import BadArgument
from ..parameters import Boolean, Integer, Number, Parameter, excerpt
from .bands import change_colours
from .grammar.context import Context
from .grammar.cost import Size, costs
from .grammar.registry import with_check

#: Sharpening separates detail into five scales: 1, 2, 4, 8 and 16 pixels. It reads neighbours as far as their sum.
LEVELS = 5
REACH = 2**LEVELS - 1

#: Pixels that are processed at a time. Several 32-bit numbers a pixel take some twenty times the picture's memory.
STRIP = 500_000

#: The longest side of a kernel, and the side of the largest kernel that Pillow itself applies.
LONGEST, BLOCK = 9, 5

#: Convolution scales levels up by this, so that Pillow's integers keep fractions of a level.
PARTS = 256


class Weights(Parameter, frozen=True):
    """The numbers of a kernel, row by row."""

    def read(self, text: str) -> tuple[float, ...]:
        number = Number(-10_000, 10_000)
        texts = text.split(";")
        if len(texts) <= LONGEST**2 and all(re.fullmatch(r"\s*\S+\s*", each) for each in texts):
            return tuple(number.read(each.strip()) for each in texts)
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: tuple[float, ...]) -> str:
        return ";".join(Number(-10_000, 10_000).write(each) for each in value)

    def explain(self) -> str:
        return f"up to {LONGEST**2} numbers separated by ;, row by row, such as 0;-1;0;-1;5;-1;0;-1;0"


class Columns(Integer, frozen=True):
    """The length of a kernel's rows. Another one, though nearer to what is allowed, would make another kernel."""

    def read_leniently(self, text: str) -> int:
        return self.read(text)


Kernel = Annotated[tuple[float, ...], Weights()]
Strength = Annotated[float, Number(-20, 20)]


def check_odd_sides(kernel: tuple[float, ...], columns: int, normalize: bool) -> None:
    rows, rest = divmod(len(kernel), columns)
    if rest or rows % 2 == 0 or columns % 2 == 0 or rows > LONGEST:
        raise BadArgument(
            f"convolution: {len(kernel)} numbers in rows of {columns} are not a kernel; rows and columns must be odd "
            f"in number, so that it has a middle, and at most {LONGEST}"
        )


def convolving_cost(size: Size, context: Context, kernel: tuple[float, ...], columns: int, normalize: bool) -> float:
    blocks = math.ceil(columns / BLOCK) * math.ceil(len(kernel) / columns / BLOCK)
    return 60 + 40 * blocks


@with_check(check_odd_sides)
@costs(convolving_cost)
def convolution(
    image: Image,
    kernel: Annotated[Kernel, "kernel, row by row"],
    columns: Annotated[int, Columns(1, LONGEST), "numbers in a row"],
    normalize: Annotated[Boolean, "keep the brightness"] = True,
) -> Image:
    """Convolve the picture with a kernel: each pixel becomes the weighted sum of itself and its neighbours.

    `kernel` has `columns` numbers in a row and is written row by row, such as `1;2;1;2;4;2;1;2;1`. `normalize` divides
    it by its sum, which keeps the brightness.
    """
    total = sum(kernel) if normalize else 1.0
    weights = [weight / (total or 1.0) for weight in kernel]
    rows = [weights[start : start + columns] for start in range(0, len(weights), columns)]
    reach = max(columns, len(rows)) // 2 + BLOCK
    return change_colours(image, lambda colours: change_bands(colours, reach, lambda band: convolve(band, rows)))


@costs(lambda size, context, amount, radius, luminance_only: 150 if luminance_only else 400)
def sharpen(
    image: Image,
    amount: Strength,
    radius: Annotated[Strength, "detail, from fine (0) to coarse (4)"],
    luminance_only: Annotated[Boolean, "brightness only, so that hues stay"],
) -> Image:
    """Sharpen the picture.

    `amount` is the strength: 1 is clearly visible, 0 changes nothing, negative numbers soften. `radius` chooses which
    detail, from 0, the finest, to 4, the coarsest. `luminance_only` leaves hues unchanged.
    """
    gains = [amount * math.exp(-((level - radius) ** 2) / 1.5) for level in range(LEVELS)]

    def sharpen_colours(colours: Image) -> Image:
        if colours.mode == "L" or not luminance_only:
            return change_bands(colours, REACH, lambda band: amplify_detail(band, gains))
        # Adding the change of luma to each colour loses nothing, unlike a conversion to YCbCr and back.
        luma = colours.convert("L")
        after = change_bands(luma, REACH, lambda band: amplify_detail(band, gains))
        more, less = ImageChops.subtract(after, luma), ImageChops.subtract(luma, after)
        lighter = ImageChops.add(colours, merge("RGB", (more, more, more)))
        return ImageChops.subtract(lighter, merge("RGB", (less, less, less)))

    return change_colours(image, sharpen_colours)


def change_bands(image: Image, reach: int, change: Callable[[Image], Image]) -> Image:
    """Apply `change` to each band, in strips.

    Each strip comes with the `reach` pixels around it that `change` reads. Beyond the picture's edges its outermost
    pixels are repeated.
    """
    bands = []
    rows = max(1, STRIP // image.width)
    for band in image.split():
        result, wide = new("L", band.size), extend_edges(band, reach)
        for top in range(0, band.height, rows):
            bottom = min(top + rows, band.height)
            strip = change(wide.crop((0, top, wide.width, bottom + 2 * reach)))
            result.paste(strip.crop((reach, reach, reach + band.width, reach + bottom - top)), (0, top))
        bands.append(result)
    return merge(image.mode, bands)


def extend_edges(band: Image, reach: int) -> Image:
    """Repeat a band's outermost pixels `reach` times on all sides."""
    width, height = band.size
    wide = new("L", (width + 2 * reach, height + 2 * reach))
    wide.paste(band, (reach, reach))
    for edge, size, places in (
        ((reach, reach, reach + 1, reach + height), (reach, height), ((0, reach),)),
        ((reach + width - 1, reach, reach + width, reach + height), (reach, height), ((reach + width, reach),)),
        ((0, reach, width + 2 * reach, reach + 1), (width + 2 * reach, reach), ((0, 0),)),
        (
            (0, reach + height - 1, width + 2 * reach, reach + height),
            (width + 2 * reach, reach),
            ((0, reach + height),),
        ),
    ):
        for place in places:
            wide.paste(wide.crop(edge).resize(size), place)
    return wide


def amplify_detail(band: Image, gains: list[float]) -> Image:
    """Amplify a band's detail, with one gain for each scale from the finest to the coarsest.

    The scales are those of an "à trous" wavelet transform. A band is smoothed again and again, each time over twice the
    distance. The difference between one smoothing and the next is the detail of that scale. All differences and the
    last smoothing add up to the band (Starck and Murtagh, Astronomical Image and Data Analysis, 2006).
    """
    smoothed = result = band.convert("F")
    for level, gain in enumerate(gains):
        smoother = smooth(smoothed, 2**level)
        result = weighted_sum(result, 1, weighted_sum(smoothed, 1, smoother, -1), gain)
        smoothed = smoother
    return to_levels(result)


def smooth(image: Image, distance: int) -> Image:
    """Smooth with the kernel 1/4, 1/2, 1/4, its neighbours `distance` pixels away, first across and then down."""
    for x, y in ((distance, 0), (0, distance)):
        image = weighted_sum(image, 0.5, weighted_sum(shift(image, -x, -y), 1, shift(image, x, y), 1), 0.25)
    return image


def shift(image: Image, x: int, y: int) -> Image:
    """Shift the picture by x pixels to the left and y up; what comes in is black."""
    return image.crop((x, y, image.width + x, image.height + y))


def convolve(band: Image, rows: list[list[float]]) -> Image:
    """Convolve a band with a kernel, given as rows.

    Pillow's kernels have at most 5 x 5 numbers, so a larger one is applied as blocks of 5 x 5, which are added up.
    """
    columns, middle = len(rows[0]), BLOCK // 2
    fine = weighted_sum(band, PARTS, band, 0).convert("I")
    total = new("F", band.size)
    for top in range(0, len(rows), BLOCK):
        for left in range(0, columns, BLOCK):
            numbers = block(rows, left, top)
            # Pillow clips results below 0, so an offset keeps them above.
            offset = PARTS * 255 * sum(abs(number) for number in numbers if number < 0)
            part = fine.filter(ImageFilter.Kernel((BLOCK, BLOCK), numbers, scale=1, offset=offset))
            x, y = left + middle - columns // 2, top + middle - len(rows) // 2
            part = weighted_sum(shift(part, x, y), 1 / PARTS, new("F", band.size, offset / PARTS), -1)
            total = weighted_sum(total, 1, part, 1)
    return to_levels(total)


def block(rows: list[list[float]], left: int, top: int) -> list[float]:
    """The 5 x 5 block of a kernel whose left upper number is at `left`, `top`; 0 outside the kernel."""
    return [
        rows[y][x] if y < len(rows) and x < len(rows[0]) else 0.0
        # Pillow's kernels start with the bottom row.
        for y in reversed(range(top, top + BLOCK))
        for x in range(left, left + BLOCK)
    ]


def weighted_sum(one: Image, share: float, other: Image, other_share: float) -> Image:
    """`one * share + other * other_share`, in floating point and unclipped (mode F)."""
    result = ImageMath.lambda_eval(
        lambda it: it["float"](it["one"]) * share + it["float"](it["other"]) * other_share, one=one, other=other
    )
    assert isinstance(result, Image)
    return result


def to_levels(image: Image) -> Image:
    """Convert floating point to levels (mode L): rounded, and clipped to 0 to 255."""
    return weighted_sum(image, 1, new("F", image.size, 0.5), 1).convert("L")
