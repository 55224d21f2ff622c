"""Reading the EXIF of PNGs without decoding them, as Pillow does."""

from PIL import Image


def exif_before_pixels(image: Image.Image) -> Image.Exif:
    """The EXIF that comes before the pixels of an opened picture. Raises what Pillow raises: call it within `reading`.

    Pillow 13.0, PngImagePlugin.py: `getexif` decodes the picture if it has found no EXIF yet; Image.py: that of the
    base class does not.
    """
    return Image.Image.getexif(image)
