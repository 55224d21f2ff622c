"""What there is to say of a file and of a derivative, as answers of jobs."""

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from ..imaging.focus.faces import Face
from ..imaging.frame.geometry import Frame, Pixels
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


class Described(Struct, frozen=True):
    """An original, a derivative of it with its placeholder, and the focus that the crop followed, if any. `rendered` is
    the derivative, if the job rendered it."""

    original: Facts
    derivative: Facts
    blurhash: str
    dominant_color: str
    seen: Seen | None
    rendered: Rendered | None


class Planned(Struct, frozen=True):
    """The plan of a derivative: width and height, in pixels, of the original as the recipe turns it, its frames, the
    frame, the box that trimming leaves, and the faces in sight, with the focus they are from."""

    source: tuple[int, int]
    frames: int
    frame: Frame
    trimmed: Pixels
    faces: tuple[Face, ...]
    seen: Seen | None


class Measured(Struct, frozen=True):
    """For each format, by its name: the measure at the quality that was asked for, and the lowest quality that keeps
    the target. A measure is a quality, an SSIM and a number of bytes."""

    asked: dict[str, tuple[int, float, int]]
    lowest: dict[str, tuple[int, float, int]]
    seen: Seen | None = None


class Compared(Struct, frozen=True):
    """Two pictures, and how alike they are: SSIM, None for small ones, and the mean difference of levels, 0 to 255.
    Both are None where the sizes differ."""

    old: Picture
    new: Picture
    ssim: float | None
    levels: float | None


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
