"""The header of an original: what its file says of the picture, read without decoding a pixel."""

import logging
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from PIL import ExifTags, Image

from ..animation.frames import extent
from ..animation.gif_blocks import shows_through
from ..encoding import MEDIA_TYPES
from ..errors import BrokenPicture
from ..pillow.exif import exif_before_pixels
from ..pillow.formats import format_of
from ..pillow.readers import reading
from .colour.claims import colour_space_of
from .colour.space import ColourSpace
from .files.avif import clean_aperture
from .files.png import png_exif
from .limits import LARGEST_EXIF
from .modes import is_transparent
from .orientation import orientation_of, swap_sides

logger = logging.getLogger(__name__)

#: The EXIF tags that are read.
TAGS = (ExifTags.Base.Orientation, ExifTags.Base.Artist, ExifTags.Base.Copyright)


class Header(Struct, frozen=True):
    """What an original's file says of the picture in it. Sizes are width and height in pixels."""

    #: One of pillow.formats.READABLE.
    format: str
    #: Pillow's mode of the pixels, as stored, and whether they can be transparent.
    mode: str
    alpha: bool
    #: The size as stored, and the EXIF orientation, 1 to 8.
    size: tuple[int, int]
    orientation: int
    #: The number of frames (1 unless it is an animation; counting may have stopped at a limit), and the size that holds
    #: all of them.
    frames: int
    extent: tuple[int, int]
    progressive: bool
    #: The colour space of the pixels.
    colours: ColourSpace
    #: The EXIF values, as `exif_of` returns them.
    exif: Mapping[int, Any]

    @property
    def upright(self) -> tuple[int, int]:
        """The size of the upright picture."""
        return swap_sides(self.size, self.orientation)

    @property
    def is_cmyk(self) -> bool:
        """Whether its pixels are of four inks."""
        return self.mode == "CMYK"

    @property
    def name(self) -> str:
        """The format by its name in encoding.FORMATS or, if it is only read, in READ_ONLY."""
        return self.format.lower()

    @property
    def type(self) -> str:
        """The media type."""
        return MEDIA_TYPES[self.name]


def header_of(image: Image.Image, content: bytes, most: int) -> Header:
    """The header of an opened picture whose file is `content`. Counting frames may stop above `most`."""
    name = format_of(image)
    exif = exif_of(image, content)
    frames, *sides = extent(image, content, most)
    return Header(
        format=name,
        mode=image.mode,
        alpha=is_transparent(image) or (name == "GIF" and shows_through(content, image.size)),
        size=shown_size(image, content, animated=frames > 1),
        # Pillow makes TIFFs upright itself, and reports their upright size.
        orientation=1 if name == "TIFF" else orientation_of(exif),
        frames=frames,
        extent=(sides[0], sides[1]),
        progressive=bool(image.info.get("progressive")),
        colours=colour_space_of(image, content),
        exif=exif,
    )


def shown_size(image: Image.Image, content: bytes, *, animated: bool) -> tuple[int, int]:
    """The width and height of an opened picture, or of what its file says is to be shown of it."""
    aperture = clean_aperture(content, image.size, animated=animated) if image.format == "AVIF" else None
    return (aperture[2] - aperture[0], aperture[3] - aperture[1]) if aperture else image.size


def exif_of(image: Image.Image, content: bytes) -> Mapping[int, Any]:
    """An opened picture's EXIF values of TAGS, by tag number.

    Cameras and programs write EXIF in all kinds of broken ways. No picture fails because of it: what cannot be read is
    left out.
    """
    name, found = format_of(image), {}
    late = png_exif(content) if name == "PNG" and "exif" not in image.info else None
    if len(late or image.info.get("exif") or b"") > LARGEST_EXIF:
        logger.info("Ignored EXIF of more than %d bytes", LARGEST_EXIF)
        return {}
    try:
        with reading(name):
            exif = exif_before_pixels(image)
        if late:
            with reading(name):
                exif.load(late)
        for tag in TAGS:
            with reading(name):  # values are read on access
                found[tag] = exif.get(tag)
    except BrokenPicture:
        logger.info("Ignored EXIF that cannot be read")
    return {tag: value for tag, value in found.items() if value is not None}
