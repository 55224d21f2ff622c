"""What a file says of the picture in it, as an answer of jobs."""

from typing import TYPE_CHECKING

from msgspec import Struct

from ..imaging.reading.picture import Picture

if TYPE_CHECKING:
    from ..imaging.reading.opened import Opened


class Facts(Struct, frozen=True):
    """The picture in a file, the length of the file in bytes, and the EXIF orientation, 1 to 8."""

    picture: Picture
    length: int
    orientation: int


def facts_of(opened: "Opened") -> Facts:
    """What a file says of the picture in it. Raises PictureError."""
    from ..imaging.reading.opened import identify

    return Facts(identify(opened), len(opened.content), opened.header.orientation)
