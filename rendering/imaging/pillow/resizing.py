"""The arithmetic of Pillow's resampling, for ours to agree with."""


def left_to_resample(shrink: float, gap: float) -> float:
    """The factor by which `Image.resize` with `reducing_gap=gap` still resamples a side that it has averaged before.

    `shrink` is the factor by which the side shrinks in all.

    Pillow 13.0, Image.py: `resize` first averages by the integer factor `int(shrink / gap) or 1`.
    """
    return shrink / max(1, int(shrink / gap))


def start_of_every(stride: int, first: int) -> float:
    """The offset for the matrix of an affine transform with NEAREST that takes every stride-th pixel, starting with
    `first`.

    Pillow 13.0, Geometry.c: `ImagingTransformAffine` samples at the centre of each pixel of the result, half a stride
    from its edge.
    """
    return first + (1 - stride) / 2
