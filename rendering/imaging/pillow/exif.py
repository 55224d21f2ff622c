"""Reading a picture's EXIF without decoding pixels and without looking into XMP."""

from PIL import Image

#: Pillow's names for the XMP of a picture.
XMP = ("xmp", "XML:com.adobe.xmp")


def exif_before_pixels(image: Image.Image) -> Image.Exif:
    """The EXIF that comes before the pixels of an opened picture. Raises what Pillow raises: call it within `reading`.

    Pillow 13.0, PngImagePlugin.py: `getexif` decodes the picture if it has found no EXIF yet; Image.py: that of the
    base class does not. It takes the orientation from XMP where EXIF has none, which neither browsers nor libvips do.
    """
    image._exif = None  # a JPEG's reader may have looked already, for the resolution
    packets = {name: image.info.pop(name) for name in XMP if name in image.info}
    try:
        return Image.Image.getexif(image)
    finally:
        image.info.update(packets)
