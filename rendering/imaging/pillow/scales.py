"""Decoding JPEG and JPEG 2000 at reduced resolution, as Pillow does it."""

from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from . import readers


def load_jpeg(image: JpegImageFile, scale: int, *, grey: bool) -> None:
    """Decode an opened JPEG in place at 1/scale (1, 2, 4 or 8) of its sides, rounded up; if `grey`, only its luminance.

    Pillow 13.0, JpegImagePlugin.py: `draft` takes a size, and rounds the ratios of the sides down to find the scale, so
    the size has to be rounded down too. Raises BrokenPicture, TooLarge.
    """
    with readers.reading("JPEG"):
        image.draft("L" if grey else None, (image.width // scale, image.height // scale))
    readers.load(image)


def load_jpeg2000(image: Jpeg2KImageFile, scale: int) -> None:
    """Decode an opened JPEG 2000 in place at 1/scale (1, 2, 4 or 8) of its sides, for which `halves_alike` must hold.

    Pillow 13.0, Jpeg2KImagePlugin.py: until `load`, `reduce` is a number that hides the method of that name. Unless it
    is 0 it stays a number, but resampling calls the method. Raises BrokenPicture, TooLarge.
    """
    image.reduce = scale.bit_length() - 1
    readers.load(image)
    image.reduce = 0


def halves_alike(side: int, scale: int) -> bool:
    """Whether Pillow and the decoder agree on the length of a JPEG 2000's side, in pixels, at 1/scale. If they do not,
    Pillow takes the picture for broken.

    Pillow 13.0, Jpeg2KImagePlugin.py: `load` rounds to the nearest, a half up; OpenJPEG always rounds up.
    """
    return side % scale == 0 or side % scale >= scale // 2
