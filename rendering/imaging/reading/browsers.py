"""Files in the form in which Pillow reads them as browsers do."""

import logging
from contextlib import suppress
from itertools import islice
from struct import unpack_from

from ..animation import gif_blocks
from ..animation.frames import CLEARED
from ..errors import PictureError
from ..pillow.readers import load, open_picture
from .checks import check_header
from .files import png, webp
from .limits import BYTES_PER_PIXEL, LARGEST_PROFILE, Limits, check_budget

logger = logging.getLogger(__name__)

#: The last colour that a GIF can have.
LAST_INDEX = 255


def as_in_browsers(content: bytes, name: str, limits: Limits) -> bytes:
    """The file, of the format of that name (pillow.formats.READABLE), perhaps with another header."""
    if name == "GIF":
        return on_empty_screen(content, limits)
    if name == "WEBP":
        return webp.webp_with_alpha(content)
    if name == "PNG":
        slim = png.png_without_bombs(content, LARGEST_PROFILE)
        if slim is not content:
            logger.warning("Ignored profiles or texts of a PNG that unpack to more than %d bytes", LARGEST_PROFILE)
        return slim
    return content


def on_empty_screen(content: bytes, limits: Limits) -> bytes:
    """The GIF with a transparent colour in its first frame, where there is something to be seen through it. Raises
    BrokenPicture.

    A GIF begins as an empty screen, and is one again where a frame was cleared away; Pillow fills that with a colour
    unless the first frame has a transparent one.
    """
    frames = list(islice(gif_blocks.frames(content), limits.frames + 1))
    if not frames or frames[0].transparent:
        return content
    width, height = unpack_from("<HH", content, 6)
    if covers(frames[0].box, width, height) and all(frame.then != CLEARED for frame in frames[:-1]):
        return content
    free = frames[0].colours  # one more than there are
    if free > LAST_INDEX:
        with suppress(PictureError):  # who opens it next will say
            free = unused_colour(content, limits)
    return gif_blocks.with_transparent(content, frames[0], free) if free <= LAST_INDEX else content


def covers(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    return box[0] <= 0 and box[1] <= 0 and box[2] >= width and box[3] >= height


def unused_colour(content: bytes, limits: Limits) -> int:
    """The index of the first colour that no pixel of a GIF's first frame has; one more than LAST_INDEX, if all are
    used. Only its pixels tell, so it is decoded for this. Raises PictureError."""
    image = open_picture(content, "GIF")
    check_header(image, limits)
    check_budget("GIF", *image.size, BYTES_PER_PIXEL["GIF"], limits)
    load(image)
    return next((index for index, count in enumerate(image.histogram()) if not count), LAST_INDEX + 1)
