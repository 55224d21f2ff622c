"""SSIM, the structural similarity index: how alike two pictures look.

Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to structural
similarity", IEEE Transactions on Image Processing 13(4), 2004. For a window around each pixel, weighted by a Gaussian,
it compares the mean, variance and covariance of the two pictures' brightness. The result is the mean of all windows.
"""

import math
from functools import reduce
from operator import add
from typing import Any

from PIL import Image, ImageMath

from ..pillow.resizing import start_of_every

#: The window, as in the paper: 11 x 11 pixels, a Gaussian of sigma 1.5.
RADIUS, SIGMA = 5, 1.5
WINDOW = 2 * RADIUS + 1
BELL = [math.exp(-(distance**2) / (2 * SIGMA**2)) for distance in range(-RADIUS, RADIUS + 1)]
WEIGHTS = [weight / sum(BELL) for weight in BELL]

#: Constants that avoid division by zero in flat windows: (K L)^2 with K1 = 0.01, K2 = 0.03 and L = 255.
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

#: In pictures of more than MANY pixels only every third pixel, across and down, has a window. This takes a quarter of
#: the time and changed the result by at most 0.0006. Every fourth would be the same few places of each block of a JPEG.
MANY, STRIDE = 100_000, 3


def ssim(one: Image.Image, other: Image.Image) -> float:
    """The mean structural similarity of two pictures of the same size: 1 for equal ones, about 0 for unrelated ones.

    Compares brightness only (mode L), as is usual, and ignores transparency. Windows lie completely inside the picture.
    Takes 50 bytes of memory for each pixel in large pictures, and at most 12 MB where every pixel has a window. Raises
    ValueError if the sizes differ or a side is shorter than WINDOW.
    """
    if one.size != other.size:
        raise ValueError(f"Pictures of {one.size} and {other.size} pixels cannot be compared")
    if min(one.size) < WINDOW:
        raise ValueError(f"A picture of {one.size} pixels is smaller than the window of {WINDOW} x {WINDOW}")
    stride = STRIDE if one.width * one.height > MANY else 1
    x, y = (picture.convert("L").convert("F") for picture in (one, other))
    means = {
        name: window_means(window_means(product, stride, across=True), stride, across=False)
        for name, product in (
            ("x", x),
            ("y", y),
            ("xx", multiply(x, x)),
            ("yy", multiply(y, y)),
            ("xy", multiply(x, y)),
        )
    }
    # A box filter down to a single pixel gives the exact mean.
    mean = ImageMath.lambda_eval(window_indices, **means).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return float(mean)


def window_indices(mean: dict[str, Any]) -> Any:
    """The index of each window (formula 13 of the paper), from the windows' weighted means."""
    product, squares = mean["x"] * mean["y"], mean["x"] * mean["x"] + mean["y"] * mean["y"]
    covariance, variances = mean["xy"] - product, mean["xx"] + mean["yy"] - squares
    return ((product * 2 + C1) * (covariance * 2 + C2)) / ((squares + C1) * (variances + C2))


def multiply(one: Image.Image, other: Image.Image) -> Image.Image:
    """Multiply two pictures (mode F) pixel by pixel."""
    product: Image.Image = ImageMath.lambda_eval(lambda args: args["one"] * args["other"], one=one, other=other)
    return product


def window_means(image: Image.Image, stride: int, *, across: bool) -> Image.Image:
    """Weighted means of a picture (mode F) in windows one pixel thick, across or down, at every `stride`-th pixel.

    It is a sum of shifted pictures, since Pillow's kernels have at most 5 x 5 numbers and work on 8 bits.
    """
    count = ((image.width if across else image.height) - WINDOW) // stride + 1
    size = (count, image.height) if across else (image.width, count)

    def shifted(pixels: int) -> Image.Image:
        start = start_of_every(stride, pixels)
        matrix = (stride, 0, start, 0, 1, 0) if across else (1, 0, 0, 0, stride, start)
        return image.transform(size, Image.Transform.AFFINE, matrix, resample=Image.Resampling.NEAREST)

    def weighted_sum(args: dict[str, Any]) -> Any:
        # The window is symmetric, so each weight multiplies a pair.
        pairs = [(args[f"at{k}"] + args[f"at{WINDOW - 1 - k}"]) * WEIGHTS[k] for k in range(RADIUS)]
        return reduce(add, pairs, args[f"at{RADIUS}"] * WEIGHTS[RADIUS])

    mean: Image.Image = ImageMath.lambda_eval(weighted_sum, **{f"at{k}": shifted(k) for k in range(WINDOW)})
    return mean
