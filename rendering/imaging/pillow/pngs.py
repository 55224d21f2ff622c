"""What Pillow's reader of PNGs would decode a picture for."""

from PIL import Image


def exif_before_pixels(image: Image.Image) -> Image.Exif:
    """The EXIF of an opened picture as far as it stands before the pixels. Raises what Pillow raises.

    Pillow 13.0, PngImagePlugin.py: `getexif` decodes the picture where none was found yet; Image.py: `getexif` of the
    class above does not.
    """
    return Image.Image.getexif(image)
