"""What Pillow's AVIF plugin does not offer: the exact duration of a frame."""

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile

from . import readers


def load_frame(image: Image.Image, number: int) -> tuple[Image.Image, float]:
    """Decode a frame of an opened AVIF. Returns it and its duration in milliseconds. Raises BrokenPicture, TooLarge.

    Pillow 13.0, AvifImagePlugin.py: `load` rounds what `_decoder.get_frame` says to whole milliseconds.
    """
    assert isinstance(image, AvifImageFile)
    with readers.reading("AVIF"):
        pixels, timescale, _, duration = image._decoder.get_frame(number)
        return Image.frombytes(image.mode, image.size, pixels), 1000 * duration / timescale
