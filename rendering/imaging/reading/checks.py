"""What is refused before memory is taken for it.

There are three checks, each as early as it can be: `check_bytes` on the file; `check_header` on the picture when it is
opened but not decoded, and `check_memory` once it is known how much of it will be decoded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from ..errors import BrokenPicture, TooLarge, UnsupportedFormat
from ..pillow.formats import READABLE, spelled
from ..pillow.readers import reading
from .files import bmp, gif, heif, ico, jpeg, jpeg2000, kinds, png, tiff, webp
from .header import Header
from .limits import BYTES_PER_PIXEL, SETTLED_BYTES_PER_PIXEL, Limits, check_budget, check_size, sizes

#: A TIFF decoder takes memory for a whole tile, however small the picture on it.
TIFF_TILE_PIXELS = 16 * 1024 * 1024
TIFF_SAMPLES = 5
TILE_WIDTH, TILE_LENGTH, SAMPLES_PER_PIXEL = 322, 323, 277

#: What is looked for in the files of each format that has something to hide, before a reader opens them.
CHECKS: dict[str, Callable[[bytes, Limits], None]] = {
    "AVIF": heif.check_avif,
    "BMP": bmp.check,
    "GIF": gif.check,
    "HEIF": heif.check_heif,
    "ICO": ico.check,
    "JPEG": jpeg.check,
    "JPEG2000": jpeg2000.check,
    "PNG": png.check,
    "TIFF": tiff.check,
    "WEBP": webp.check,
}

#: By format, what names the feature for which a file cannot be read.
UNREAD: dict[str, Callable[[bytes], str]] = {
    "BMP": bmp.unread,
    "JPEG": jpeg.unread,
    "JPEG2000": jpeg2000.unread,
    "TIFF": tiff.unread,
}


def check_bytes(content: bytes, limits: Limits) -> str:
    """Pillow's name of the file's format. Raises what shows in the bytes alone: UnsupportedFormat, or TooLarge for a
    file that is dangerous to open."""
    if len(content) > limits.bytes:
        raise TooLarge("The file has {}, {} are allowed".format(*sizes(len(content), limits.bytes)))
    kind = kinds.kind(content)
    if kind is None:
        formats = ", ".join(spelled(name) for name in READABLE)
        raise UnsupportedFormat(f"The file is {kinds.foreign(content)}; pictures are read in the formats {formats}")
    if check := CHECKS.get(kind):
        check(content, limits)
    return kind


@contextmanager
def naming_what_is_unread(name: str, content: bytes) -> Iterator[None]:
    """Raise UnsupportedFormat, which names the feature, instead of BrokenPicture for a file with a feature that no
    reader here supports. Only refused files are looked at: what a reader can read is never refused for its features."""
    try:
        yield
    except BrokenPicture as error:
        what = UNREAD[name](content) if name in UNREAD else ""
        if not what:
            raise
        raise UnsupportedFormat(
            f"The file is a {spelled(name)} with {what}, which is not read here; save it in the usual kind, or as a PNG"
        ) from error


def check_header(image: Image.Image, limits: Limits) -> None:
    """Raise TooLarge for an opened picture that must not be decoded at any size. Raises BrokenPicture."""
    check_size(*image.size, limits)
    if isinstance(image, TiffImageFile):
        with reading("TIFF"):  # values are read when they are asked for
            width, length, samples = (
                int(image.tag_v2.get(tag, least))
                for tag, least in ((TILE_WIDTH, 0), (TILE_LENGTH, 0), (SAMPLES_PER_PIXEL, 1))
            )
        if width * length > TIFF_TILE_PIXELS or max(width, length) > limits.side:
            raise TooLarge(f"The picture is a TIFF in tiles of {width} x {length} pixels, of which each is too large")
        if samples > TIFF_SAMPLES:
            raise TooLarge(f"The picture is a TIFF of more than {TIFF_SAMPLES} channels")


def check_memory(header: Header, limits: Limits, scale: int = 1) -> None:
    """Raise TooLarge if decoding a picture at 1/scale of its sides would take too much memory."""
    check_budget(header.format, *header.size, bytes_per_pixel(header, scale), limits)


def bytes_per_pixel(header: Header, scale: int) -> float:
    """What decoding at 1/scale of the sides takes for each pixel of the original."""
    cost: float = SETTLED_BYTES_PER_PIXEL.get((header.format, header.mode), BYTES_PER_PIXEL[header.format])
    cost /= scale * scale
    if header.format == "JPEG":
        if header.progressive:
            cost += 6.1  # all coefficients of all scans are held, whatever the scale
    elif header.format == "JPEG2000":
        cost += 3  # whatever the scale
    elif (
        header.format == "PNG"
        and header.mode in ("1", "L", "P", "RGB")
        and not (header.alpha or header.colours.is_copied)
    ):
        cost /= 2
    elif header.format == "PNG" and header.mode == "RGB" and header.alpha:
        cost += 4  # of 16 bits, they are decoded twice
    return cost
