"""Pillow's readers of files. Only this module opens and decodes, and it reports what is wrong with a damaged file.

On damaged files the readers raise some twenty kinds of exceptions, even those that usually mean a bug: TypeError,
IndexError, AssertionError. So each call of a reader is alone in a `with reading(…)`, which turns whatever it raises
into an error of the file. None of our own code runs in there, so our own bugs are not blamed on the file.
"""

import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TypeVar

from PIL import (  # noqa: F401  # importing a plugin registers its format; otherwise Pillow would import all of them
    AvifImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)
from PIL.ImageFile import MAXBLOCK, ImageFile

from ..errors import BrokenPicture, TooLarge
from . import bmps, directories, tiffs  # noqa: F401  # in place of Pillow's own readers
from .formats import format_of, spelled

logger = logging.getLogger(__name__)

#: What Pillow's readers raise for damaged files. (UnicodeError is a ValueError; KeyError and IndexError are
#: LookupErrors; ZeroDivisionError and OverflowError are ArithmeticErrors; RecursionError is a RuntimeError. UserWarning
#: is raised where warnings are errors, as in the tests.)
DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NameError, OSError, RuntimeError,
    SyntaxError, TypeError, UserWarning, ValueError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip

#: Bytes that Pillow passes to a picture's decoder at a time: all there are. By default it copies the file in pieces of
#: 64 KB (MAXBLOCK). Frames of an animation are still read in pieces: else each would read all those after it, which
#: takes 8 % of the time of decoding them. So are the strips of a TIFF, in pieces as large as one may be.
AT_ONCE = 1 << 30
#: The most bytes of a pixel in a strip that Pillow decodes itself.
PIXEL = 16
#: Characters of what a reader says that are logged. It may quote the file.
LONGEST_REASON = 200


@contextmanager
def reading(name: str) -> Iterator[None]:
    """The context for one call of Pillow's reader of a format, given by Pillow's name, and for nothing else.

    Raises BrokenPicture for whatever the reader raises, and TooLarge if memory runs out.
    """
    try:
        yield
    except MemoryError as error:
        raise TooLarge("Decoding the picture would take more memory than there is") from error
    except DAMAGED as error:
        # One line, and no traceback: anybody may ask for broken files, and logs are paid for by the byte.
        logger.info("A picture could not be decoded: %s: %s", type(error).__name__, str(error)[:LONGEST_REASON])
        raise BrokenPicture(
            f"The file says that it is a {spelled(name)} but cannot be decoded: it is damaged or cut off"
        ) from error


def open_picture(content: bytes, name: str) -> Image.Image:
    """Open a file with the reader of one format (a name in READABLE), without decoding it.

    Raises BrokenPicture, TooLarge.
    """
    if name == "HEIF":
        register_heif()
    with reading(name):
        return Image.open(BytesIO(content), formats=(name,))


Reader = TypeVar("Reader", bound=Image.Image)


def open_again(reader: type[Reader], content: bytes) -> Reader:
    """Open a file again, or an equivalent one, with the class that read it before: a reader decodes only once.

    Raises BrokenPicture, TooLarge.
    """
    with reading(str(reader.format)):
        return reader(BytesIO(content))  # type: ignore[call-arg]  # all classes that read files do


@lru_cache(maxsize=1)
def register_heif() -> None:
    """Register the reader of HEIC. Its decoder is as large as all others together, so only the first file loads it."""
    import pi_heif

    # Thumbnails, depth maps and auxiliary images are not the picture that was asked for.
    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def load(image: Image.Image, *, at_once: bool = True) -> None:
    """Decode the pixels of an opened picture, or of the frame it was moved to by `seek`, in place.

    The decoder is passed the file `at_once` or in pieces. Raises BrokenPicture, TooLarge.

    Pillow 13.0, ImageFile.py: `load` reads `decodermaxblock` bytes at a time.
    """
    if isinstance(image, ImageFile):
        image.decodermaxblock = AT_ONCE if at_once else MAXBLOCK
        if len(image.tile) > 1:
            image.decodermaxblock = min(largest_piece(image), MAXBLOCK)
    with reading(format_of(image)):
        image.load()


def largest_piece(image: ImageFile) -> int:
    """How many bytes the largest of the pieces that a picture is decoded in may have, if it is not packed."""
    boxes = (tile.extents for tile in image.tile)
    return max((PIXEL * (box[2] - box[0]) * (box[3] - box[1]) for box in boxes if box), default=MAXBLOCK)


def seek(image: Image.Image, frame: int) -> None:
    """Move an opened animation to a frame. Raises BrokenPicture, TooLarge."""
    with reading(format_of(image)):
        image.seek(frame)


def convert(image: Image.Image, mode: str) -> Image.Image:
    """Convert a picture, in a mode in which files can be stored, to another mode. Raises BrokenPicture, TooLarge."""
    with reading(format_of(image)):
        return image.convert(mode)
