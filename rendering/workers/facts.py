"""What there is to say of a file and of a derivative, as answers of jobs."""

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from ..imaging.notes import Notes
from ..imaging.reading.picture import Picture
from ..imaging.reviewed import Review
from .looking import Seen

if TYPE_CHECKING:
    from ..imaging.reading.opened import Opened


class Colours(StrEnum):
    """What colours a file has, as far as it matters to who judges pictures."""

    SRGB = "sRGB"
    WIDE_GAMUT = "wide gamut"
    CMYK = "CMYK"


class Facts(Struct, frozen=True):
    """The picture in a file, the length of the file in bytes, the EXIF orientation, 1 to 8, and its colours."""

    picture: Picture
    length: int
    orientation: int
    colours: Colours


class Rendered(Struct, frozen=True):
    """A derivative, whose bytes are the file that goes with it: media type, width and height in pixels, frames; and the
    focus that its crop followed, if any."""

    type: str
    width: int
    height: int
    frames: int
    notes: Notes
    seen: Seen | None = None


class Reviewed(Struct, frozen=True):
    """A derivative, whose bytes are the file that goes with it, what it is made of, what it does to that, and the
    milliseconds that rendering took."""

    original: Facts
    rendered: Rendered
    review: Review
    milliseconds: int
    seen: Seen | None


def facts_of(opened: "Opened") -> Facts:
    """What a file says of the picture in it. Raises PictureError."""
    from ..imaging.reading.opened import identify

    return Facts(identify(opened), len(opened.content), opened.header.orientation, colours_of(opened))


def colours_of(opened: "Opened") -> Colours:
    """What colours a file has. Raises PictureError."""
    from ..imaging.reading.colour.gamut import is_wide

    if opened.header.is_cmyk:
        return Colours.CMYK
    return Colours.WIDE_GAMUT if is_wide(opened.header.colours) else Colours.SRGB
