"""By how much a picture differs from another, of the same size: CIEDE2000, SSIM, and which way up it lies."""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

from .truth import Pixels, over

#: Below this side SSIM's window does not fit.
LEAST = 11

#: Pixels a side of the blocks whose mean colours are compared.
BLOCK = 16

#: A square side to which pictures are reduced to tell which way up they are.
THUMBNAIL = 24


@dataclass(frozen=True, slots=True)
class Off:
    """By how much two pictures differ."""

    #: CIEDE2000 over white and over black: the mean, the 95th percentile, and the mean of blocks.
    delta: float
    high: float
    shift: float
    #: Of luma, on grey.
    ssim: float
    #: The mean difference of alpha.
    alpha: float


def difference(found: Pixels, true: Pixels) -> Off:
    opaque = bool((found[..., 3] == 1).all() and (true[..., 3] == 1).all())
    grounds = (255,) if opaque else (255, 0)
    deltas = [colour_difference(over(found, ground), over(true, ground)) for ground in grounds]
    shifts = [colour_difference(blocks(over(found, ground)), blocks(over(true, ground))) for ground in grounds]
    similar = 0.0
    if min(found.shape[:2]) >= LEAST:
        lumas = [over(frame, 128) @ np.array([0.299, 0.587, 0.114], np.float32) for frame in (found, true)]
        similar = structural_similarity(*lumas, data_range=255, gaussian_weights=True, use_sample_covariance=False)
    alpha = float(np.abs(found[..., 3] - true[..., 3]).mean())
    return Off(float(np.mean(deltas)), float(np.percentile(deltas, 95)), float(np.mean(shifts)), float(similar), alpha)


def colour_difference(found: Pixels, true: Pixels) -> Pixels:
    """CIEDE2000 of each pixel."""
    apart: Pixels = deltaE_ciede2000(rgb2lab(found / 255), rgb2lab(true / 255))
    return apart


def blocks(frame: Pixels) -> Pixels:
    """A picture as its blocks' means: what compression does to fine detail is gone, what shifts colours stays."""
    size = max(1, frame.shape[1] // BLOCK), max(1, frame.shape[0] // BLOCK)
    bands = [Image.fromarray(np.ascontiguousarray(frame[..., band])) for band in range(3)]
    return np.dstack([np.asarray(band.resize(size, Image.Resampling.BOX)) for band in bands])


def is_upright(found: Pixels, true: Pixels) -> bool:
    """Whether of the eight ways to lay a picture, the one it lies in is nearest to the truth."""
    mine, right = (thumbnail(frame) for frame in (found, true))
    ways = [mine, *(mine.transpose(way) for way in Image.Transpose)]
    offs = [float(np.abs(np.asarray(way, np.float32) - np.asarray(right, np.float32)).mean()) for way in ways]
    return offs[0] <= min(offs) * 1.1


def thumbnail(frame: Pixels) -> Image.Image:
    grey = Image.fromarray(np.ascontiguousarray(over(frame, 255).mean(axis=2)))
    return grey.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
