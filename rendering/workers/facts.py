"""What a file says of the picture in it, as an answer of jobs."""

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from ..imaging.reading.picture import Picture

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
