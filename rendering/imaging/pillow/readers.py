"""Pillow's readers of files: the only module that opens and decodes, and says what is wrong with a damaged file.

The readers fail on damaged files with some twenty kinds of errors, among them those of a program that is wrong:
TypeError, IndexError, even AssertionError. So each call into a reader stands alone in `reading`, which turns what it
raises into an error of the file. Nothing of ours runs inside, so what we do wrong stays what it is.
"""

import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TypeVar

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
from PIL.ImageFile import MAXBLOCK, ImageFile

from ..errors import BrokenPicture, TooLarge
from .formats import format_of, spelled

logger = logging.getLogger(__name__)

#: What Pillow's readers raise for damaged files. (UnicodeError is a ValueError; KeyError and IndexError are
#: LookupErrors; ZeroDivisionError and OverflowError are ArithmeticErrors; RecursionError is a RuntimeError. A warning
#: is raised where it was made an error, as in the tests.)
DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NameError, OSError, RuntimeError,
    SyntaxError, TypeError, UserWarning, ValueError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip

#: Bytes that Pillow hands the decoder of a picture at a time: all there are. In pieces of 64 KB (MAXBLOCK), as by
#: default, each is copied. Frames are read in pieces: each would read all frames that follow, for 8 % of decoding a
#: film.
AT_ONCE = 1 << 30
#: Characters of what a reader says that are logged. It may quote the file.
LONGEST_REASON = 200


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Call Pillow's reader of a format, by Pillow's name of it, and nothing else.

    Raises BrokenPicture for whatever the reader raises, and TooLarge where memory runs out.
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
    """The picture in a file of that format (a name in READABLE), opened by the reader of this format alone, not
    decoded. Raises BrokenPicture, TooLarge."""
    if name == "HEIF":
        register_heif()
    with reading(name):
        return Image.open(BytesIO(content), formats=(name,))


Reader = TypeVar("Reader", bound=Image.Image)


def open_again(reader: type[Reader], content: bytes) -> Reader:
    """A picture that was opened before, from the same or an equivalent file, by the class that read it then: one reader
    decodes only once. Raises BrokenPicture, TooLarge."""
    with reading(str(reader.format)):
        return reader(BytesIO(content))  # type: ignore[call-arg]  # all that read files take one


@lru_cache(maxsize=1)
def register_heif() -> None:
    """Teach Pillow HEIC. Its decoder is loaded when the first one comes, for it is as large as all others together."""
    import pi_heif

    # Thumbnails and depth maps are other pictures than the one that was asked for.
    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def load(image: Image.Image, *, at_once: bool = True) -> None:
    """Decode the pixels of an opened picture, or of the frame that was sought; the file is handed to the decoder
    `at_once` or in pieces. Raises BrokenPicture, TooLarge.

    Pillow 13.0, ImageFile.py: `load` reads `decodermaxblock` bytes at a time.
    """
    if isinstance(image, ImageFile):
        image.decodermaxblock = AT_ONCE if at_once else MAXBLOCK
    with reading(format_of(image)):
        image.load()


def seek(image: Image.Image, frame: int) -> None:
    """Go to a frame of an opened animation. Raises BrokenPicture, TooLarge."""
    with reading(format_of(image)):
        image.seek(frame)


def converted(image: Image.Image, mode: str) -> Image.Image:
    """A picture as its file has it in another mode, which Pillow may refuse. Raises BrokenPicture, TooLarge."""
    with reading(format_of(image)):
        return image.convert(mode)
