"""The formats that are read: Pillow's names for them, and the names that people know."""

from PIL import Image

#: The formats that Pillow may read. An allow-list, because one of the other readers starts Ghostscript.
READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "ICO", "HEIF", "JPEG2000")

#: Names for people, by those of Pillow and of media types; missing ones are spelled alike.
SPELLED = {"WEBP": "WebP", "HEIF": "HEIC", "JPEG2000": "JPEG 2000", "JP2": "JPEG 2000", "X-ICON": "ICO"}


def spelled(name: str) -> str:
    """The name of a format for people, by its name in Pillow or in a media type."""
    return SPELLED.get(name, name)


def format_of(image: Image.Image) -> str:
    """Pillow's name for the format of an opened picture, one of READABLE. An MPO counts as the JPEG it starts with."""
    return "JPEG" if image.format == "MPO" else str(image.format)
