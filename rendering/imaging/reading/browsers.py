"""Files rewritten so that Pillow decodes them as browsers do."""

from collections.abc import Callable

from .colour import nclx
from .files import avif, bmp, ico, jpeg, png, tiff, webp

#: What is rewritten in the files of a format.
REWRITES: dict[str, Callable[[bytes], bytes]] = {
    "AVIF": lambda content: nclx.with_known_codes(avif.with_one_association(content)),
    "BMP": bmp.with_known_header,
    "HEIF": nclx.with_known_codes,
    "ICO": ico.ico_of_one,
    "JPEG": jpeg.without_stubs,
    "PNG": png.png_of_pixels,
    "TIFF": tiff.without_big_numbers,
    "WEBP": webp.webp_of_browsers,
}


def as_in_browsers(content: bytes, name: str) -> bytes:
    """The file, of that format (a name in pillow.formats.READABLE), with its header changed where Pillow needs it."""
    return REWRITES[name](content) if name in REWRITES else content
