"""EXIF, as far as a picture's bytes have it before they are decoded."""

import logging

from PIL import Image

from . import headers

logger = logging.getLogger(__name__)


def exif_of(image: Image.Image, content: bytes) -> Image.Exif:
    """What an opened picture's EXIF says; empty if that cannot be read."""
    try:
        if image.format != "PNG":
            return image.getexif()
        # PngImageFile.getexif would decode the picture to see what stands behind the pixels.
        exif = Image.Image.getexif(image)
        if "exif" not in image.info and (late := headers.png_exif(content)):
            exif.load(late)
        return exif
    except Exception:  # EXIF is written by everyone, in every way; a picture never fails for it
        logger.info("Ignored EXIF that cannot be read", exc_info=True)
        return Image.Exif()
