"""The formats that are read: Pillow's names of them, and what people and media types call them."""

from PIL import Image

#: What Pillow may try. An allow-list: among the rest is a reader that starts Ghostscript.
READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "ICO", "HEIF", "JPEG2000")

#: How people write them, and what media types call them.
SPELLED = {"WEBP": "WebP", "HEIF": "HEIC", "JPEG2000": "JPEG 2000", "JP2": "JPEG 2000", "X-ICON": "ICO"}


def spelled(name: str) -> str:
    return SPELLED.get(name, name)


def format_of(image: Image.Image) -> str:
    """Pillow's name of the format of an opened picture: one of READABLE. An MPO is the JPEG that it begins as."""
    return "JPEG" if image.format == "MPO" else str(image.format)
