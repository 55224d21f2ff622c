"""What is refused of an opened picture before memory is taken for its pixels."""

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from ..errors import TooLarge
from ..pillow.readers import reading
from .header import Header
from .limits import BYTES_PER_PIXEL, Limits, check_budget, check_size

#: A TIFF decoder takes memory for a whole tile, however small the picture on it.
TIFF_TILE_PIXELS = 16 * 1024 * 1024
TIFF_SAMPLES = 5
TILE_WIDTH, TILE_LENGTH, SAMPLES_PER_PIXEL = 322, 323, 277


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
    cost: float = BYTES_PER_PIXEL[header.format]
    cost /= scale * scale
    if header.format == "JPEG":
        if header.progressive:
            cost += 6.1  # all coefficients of all scans are held, whatever the scale
    elif header.format == "JPEG2000":
        cost += 3  # whatever the scale
    elif header.format == "PNG" and header.mode in ("1", "L", "P", "RGB") and not header.alpha:
        cost /= 2
    check_budget(header.format, *header.size, cost, limits)
