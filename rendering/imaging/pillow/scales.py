"""Decoding at a part of a picture's sides: what Pillow makes of JPEG's and JPEG 2000's own smaller copies."""

from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from . import readers


def load_jpeg(image: JpegImageFile, scale: int, *, grey: bool) -> None:
    """Decode an opened JPEG at 1/scale (1, 2, 4 or 8) of its sides, rounded up; only its brightness, if `grey`.

    Pillow 13.0, JpegImagePlugin.py: `draft` takes a size and finds the scale by rounding the quotients of the sides
    down, so the size has to be rounded down as well to get the scale that is meant.
    """
    with readers.reading("JPEG"):
        image.draft("L" if grey else None, (image.width // scale, image.height // scale))
    readers.load(image)


def load_jpeg2000(image: Jpeg2KImageFile, scale: int) -> None:
    """Decode an opened JPEG 2000 at 1/scale (1, 2, 4 or 8) of its sides, which `halves_alike` has to allow.

    Pillow 13.0, Jpeg2KImagePlugin.py: until `load` is called, `reduce` is a number, in the place of the method of that
    name. It stays one afterwards, unless it is 0, and resampling calls the method.
    """
    image.reduce = scale.bit_length() - 1
    readers.load(image)
    image.reduce = 0


def halves_alike(side: int, scale: int) -> bool:
    """Whether a side of a JPEG 2000, in pixels, has the same length at 1/scale for the decoder and for Pillow, which
    otherwise takes the picture for broken.

    Pillow 13.0, Jpeg2KImagePlugin.py: `load` rounds a half up; OpenJPEG rounds any part up.
    """
    return side % scale == 0 or side % scale >= scale // 2
