"""What a file says of the picture in it, as an answer of jobs."""

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from ..imaging.reading.opened import Opened


class Facts(Struct, frozen=True):
    """What a file says of the picture in it: its bytes, format (as in `Header.name`), media type, width and height in
    pixels of the upright picture, frames, whether it has alpha, and the EXIF orientation, 1 to 8."""

    bytes: int

    format: str
    type: str
    width: int
    height: int
    frames: int
    alpha: bool
    orientation: int


def facts_of(opened: "Opened") -> Facts:
    """What a file says of the picture in it. Raises PictureError."""
    from ..imaging.reading.opened import identify

    of = identify(opened)
    return Facts(
        len(opened.content), of.format, of.type, of.width, of.height, of.frames, of.alpha, opened.header.orientation
    )
