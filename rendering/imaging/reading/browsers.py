"""Files rewritten so that Pillow decodes them as browsers do."""

import logging
from contextlib import suppress
from itertools import islice
from struct import unpack_from

from ..animation import gif_blocks
from ..animation.frames import RESTORE_TO_BACKGROUND
from ..errors import PictureError
from ..pillow.readers import load, open_picture
from .checks import check_header
from .files import png, webp
from .limits import BYTES_PER_PIXEL, Limits, check_budget

logger = logging.getLogger(__name__)

#: The highest index of a GIF's colour.
LAST_INDEX = 255


def as_in_browsers(content: bytes, name: str, limits: Limits) -> bytes:
    """The file, of that format (a name in pillow.formats.READABLE), with its header changed where Pillow needs it."""
    if name == "GIF":
        return with_transparent_screen(content, limits)
    if name == "WEBP":
        return webp.webp_with_alpha(content)
    if name == "PNG":
        return png.png_of_pixels(content)
    return content


def with_transparent_screen(content: bytes, limits: Limits) -> bytes:
    """The GIF with a transparent colour in its first frame, if its screen shows through anywhere.

    In browsers a GIF starts with a transparent screen, which shows again where a frame is cleared. Pillow fills it with
    a colour, unless the first frame has a transparent one. Raises BrokenPicture for a GIF that ends within its header.
    """
    frames = list(islice(gif_blocks.frames(content), limits.frames + 1))
    if not frames or frames[0].transparent:
        return content
    width, height = unpack_from("<HH", content, 6)
    if covers(frames[0].box, width, height) and all(frame.disposal != RESTORE_TO_BACKGROUND for frame in frames[:-1]):
        return content
    free = frames[0].colours  # the index after the last one in the table
    if free > LAST_INDEX:
        with suppress(PictureError):  # opening it again reports what is wrong
            free = unused_colour(content, limits)
    return gif_blocks.with_transparent(content, frames[0], free) if free <= LAST_INDEX else content


def covers(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    """Whether a box (left, top, right, bottom) covers a screen of that size."""
    return box[0] <= 0 and box[1] <= 0 and box[2] >= width and box[3] >= height


def unused_colour(content: bytes, limits: Limits) -> int:
    """The lowest colour index that no pixel of a GIF's first frame uses; LAST_INDEX + 1 if all are used.

    Decodes the frame, within the limits. Raises PictureError.
    """
    image = open_picture(content, "GIF")
    check_header(image, limits)
    check_budget("GIF", *image.size, BYTES_PER_PIXEL["GIF"], limits)
    load(image)
    return next((index for index, count in enumerate(image.histogram()) if not count), LAST_INDEX + 1)
