"""Files rewritten so that Pillow decodes them as browsers do."""

from collections.abc import Callable

from .colour import nclx
from .files import avif, png, webp

#: What is rewritten in the files of a format.
REWRITES: dict[str, Callable[[bytes], bytes]] = {
    "AVIF": lambda content: nclx.with_known_codes(avif.with_one_association(content)),
    "HEIF": nclx.with_known_codes,
    "PNG": png.png_of_pixels,
    "WEBP": webp.webp_with_alpha,
}


def as_in_browsers(content: bytes, name: str) -> bytes:
    """The file, of that format (a name in pillow.formats.READABLE), with its header changed where Pillow needs it."""
    return REWRITES[name](content) if name in REWRITES else content
