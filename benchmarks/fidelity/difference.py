"""How much two pictures of the same size differ: CIEDE2000, SSIM and orientation."""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

from .truth import Pixels, over

#: SSIM's window does not fit into shorter sides.
LEAST = 11

#: Pixels a side of the blocks whose mean colours are compared.
BLOCK = 16

#: The side of the square to which pictures are reduced to find their orientation.
THUMBNAIL = 24


@dataclass(frozen=True, slots=True)
class Off:
    """How much two pictures differ."""

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
    """The means of blocks of a picture: compression noise averages out, colour shifts remain."""
    size = max(1, frame.shape[1] // BLOCK), max(1, frame.shape[0] // BLOCK)
    bands = [Image.fromarray(np.ascontiguousarray(frame[..., band])) for band in range(3)]
    return np.dstack([np.asarray(band.resize(size, Image.Resampling.BOX)) for band in bands])


def is_upright(found: Pixels, true: Pixels) -> bool:
    """Whether, of the eight orientations, the one that the picture has is closest to the truth."""
    mine, right = (thumbnail(frame) for frame in (found, true))
    ways = [mine, *(mine.transpose(way) for way in Image.Transpose)]
    offs = [float(np.abs(np.asarray(way, np.float32) - np.asarray(right, np.float32)).mean()) for way in ways]
    return offs[0] <= min(offs) * 1.1


def thumbnail(frame: Pixels) -> Image.Image:
    grey = Image.fromarray(np.ascontiguousarray(over(frame, 255).mean(axis=2)))
    return grey.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
