"""The arithmetic of Pillow's resampling, where ours has to agree with it."""


def left_to_resample(shrink: float, gap: float) -> float:
    """By how much a side still shrinks after `Image.resize` with `reducing_gap=gap` has averaged it first, of `shrink`
    in all.

    Pillow 13.0, Image.py: `resize` averages by the whole factor `int(shrink / gap) or 1`.
    """
    return shrink / max(1, int(shrink / gap))


def start_of_every(stride: int, first: int) -> float:
    """The offset in the matrix of an affine transform without interpolation that takes every stride-th pixel, from the
    pixel `first` on.

    Pillow 13.0, Geometry.c: `ImagingTransformAffine` looks in the middle of each pixel of the result, half a stride
    from where it begins.
    """
    return first + (1 - stride) / 2
