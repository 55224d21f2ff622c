"""Opening pictures: the only file that does. What comes out is checked, and not yet decoded."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import islice
from struct import unpack_from

from PIL import (  # noqa: F401  # the plugins say what can be opened; left to itself, Pillow would look for all there are
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from ..animation import gif_blocks
from ..animation.frames import CLEARED, extent
from ..encoding import FORMATS
from ..errors import BrokenPicture, PictureError, TooLarge
from . import headers
from .faults import of_the_file
from .limits import LARGEST_PROFILE, Limits, check_bytes, check_header, check_memory, spelled
from .modes import transparent
from .orientation import orientation, swapped

logger = logging.getLogger(__name__)

#: The media types of the formats that are read only, by Pillow's names in lower case.
TYPES = {
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "heif": "image/heic",
    "jpeg2000": "image/jp2",
}


#: The last colour that a GIF can have.
LAST_INDEX = 255


@dataclass(frozen=True, slots=True)
class Picture:
    """What an original's header says. Width and height are in pixels, of the upright picture."""

    format: str
    type: str
    width: int
    height: int
    frames: int
    alpha: bool


def probe(content: bytes, limits: Limits) -> Picture:
    """What an original is, from its header: no pixel is decoded. Raises as `render` does."""
    with opened(content, limits) as image:
        width, height = swapped(image.size, orientation(image, content))
        name = word(image)
        return Picture(
            format=name,
            type=FORMATS[name].type if name in FORMATS else TYPES[name],
            width=width,
            height=height,
            frames=extent(image, content, limits.bytes)[0],
            alpha=transparent(image),
        )


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[Image.Image]:
    """The picture, opened, checked, not yet decoded. Whatever is wrong with the file in the block is raised as one of
    ours: Pillow's readers fail in some twenty ways, and the sender can do the same about each. What is wrong with this
    program stays as it is.
    """
    try:
        kind = check_bytes(content, limits)
        # Only the reader of the format that the file begins as: each has its own limits to be checked.
        with Image.open(BytesIO(readable(content, kind, limits)), formats=(kind,)) as image:
            check_header(image, limits)
            yield image
    except PictureError:
        raise
    except MemoryError as error:
        raise TooLarge("Decoding the picture would take more memory than there is") from error
    except Exception as error:
        if not of_the_file(error):
            raise
        logger.info("A picture could not be decoded", exc_info=True)
        kind = spelled(str(headers.kind(content)))
        raise BrokenPicture(
            f"The file says that it is a {kind} but cannot be decoded: it is damaged or cut off"
        ) from error


def readable(content: bytes, kind: str, limits: Limits) -> bytes:
    """The file in the form in which Pillow reads it as browsers do."""
    if kind == "HEIF":
        heif()
    elif kind == "GIF":
        return on_empty_screen(content, limits)
    elif kind == "WEBP":
        return headers.webp_with_alpha(content)
    elif kind == "PNG":
        slim = headers.png_without_bombs(content, LARGEST_PROFILE)
        if slim is not content:
            logger.warning("Ignored profiles or texts of a PNG that unpack to more than %d bytes", LARGEST_PROFILE)
        return slim
    return content


def on_empty_screen(content: bytes, limits: Limits) -> bytes:
    """The GIF with a transparent colour in its first frame, where there is something to be seen through it.

    A GIF begins as an empty screen, and is one again where a frame was cleared away; Pillow fills that with a colour
    unless the first frame has a transparent one.
    """
    shots = list(islice(gif_blocks.shots(content), limits.frames + 1))
    if not shots or shots[0].transparent:
        return content
    width, height = unpack_from("<HH", content, 6)
    if covers(shots[0].box, width, height) and all(shot.then != CLEARED for shot in shots[:-1]):
        return content
    free = shots[0].colours  # one more than there are
    if free > LAST_INDEX:
        with suppress(Exception), Image.open(BytesIO(content), formats=("GIF",)) as image:  # who opens it next will say
            check_header(image, limits)
            check_memory(image, limits)
            free = next((index for index, count in enumerate(image.histogram()) if not count), free)
    return gif_blocks.with_transparent(content, shots[0], free) if free <= LAST_INDEX else content


def covers(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    return box[0] <= 0 and box[1] <= 0 and box[2] >= width and box[3] >= height


def again(content: bytes) -> JpegImagePlugin.JpegImageFile:
    """A JPEG, opened once more in another form, after `opened` has checked it. Raises what Pillow raises."""
    return JpegImagePlugin.JpegImageFile(BytesIO(content))


@lru_cache(maxsize=1)
def heif() -> None:
    """Teach Pillow HEIC. Its decoder is loaded when the first one comes, for it is as large as all others together."""
    import pi_heif

    # Thumbnails and depth maps are other pictures than the one that was asked for.
    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def word(image: Image.Image) -> str:
    """The format of an opened picture, in the words of encoding.FORMATS as far as they go."""
    return "jpeg" if image.format == "MPO" else str(image.format).lower()
