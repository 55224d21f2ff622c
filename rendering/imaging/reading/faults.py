"""Whose fault it is that a picture could not be made: the file's, or this program's.

Pillow's readers fail in some twenty ways on files that are damaged, among them those in which a program fails that is
wrong: TypeError, IndexError, even AssertionError. So not the kind of an error tells, but where it was raised.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, TracebackType

import PIL

PILLOW = str(Path(PIL.__file__).parent)
#: Modules of Pillow that read files, beside its plugins; and functions of PIL.Image that do.
READERS = ("ImageFile.py", "GimpGradientFile.py", "PaletteFile.py", "ImagePalette.py", "TiffTags.py", "features.py")
OPENING = ("open", "preinit", "Image.getexif", "Exif.")
#: Our own modules that read files' bytes, and how they fail on bytes that are not there or mean nothing.
PARSERS = tuple(
    str(Path(__file__).parents[1] / name)
    for name in (
        "reading/headers.py", "reading/exif.py", "reading/scans.py",
        "animation/gif_blocks.py", "animation/avif.py",
    )
)  # fmt: skip
UNREADABLE = (IndexError, ValueError, OverflowError, EOFError, struct.error, zlib.error)
#: How Pillow refuses pixels of a kind that it does not convert.
UNCONVERTED = (ValueError, OSError)


def of_the_file(error: BaseException) -> bool:
    """Whether reading the file raised the error, and not what was then done with the picture, nor how it was asked."""
    stack = list(codes(error.__traceback__))
    if any(reads(code) for code in stack):
        return True
    innermost = stack[-1].co_filename
    if innermost.startswith(PILLOW):
        return isinstance(error, UNCONVERTED)
    return innermost in PARSERS and isinstance(error, UNREADABLE)


def codes(traceback: TracebackType | None) -> Iterator[CodeType]:
    """What ran when the error was raised, from the outermost function on."""
    while traceback:
        yield traceback.tb_frame.f_code
        traceback = traceback.tb_next


def reads(code: CodeType) -> bool:
    """Whether a function is one of a library that reads files."""
    path = Path(code.co_filename)
    if "pi_heif" in path.parts:
        return True
    if not code.co_filename.startswith(PILLOW):
        return False
    return (
        path.name.endswith("ImagePlugin.py")
        or path.name in READERS
        or (path.name == "Image.py" and code.co_qualname.startswith(OPENING))
    )
