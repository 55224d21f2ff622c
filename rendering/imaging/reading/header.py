"""What an original's file says of the picture in it, found without decoding a pixel."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

from ..animation.frames import extent
from ..encoding import FORMATS
from ..errors import BrokenPicture
from ..pillow.formats import format_of
from ..pillow.pngs import exif_before_pixels
from ..pillow.readers import reading
from .files.png import png_exif
from .modes import is_transparent
from .orientation import orientation, swap_sides

logger = logging.getLogger(__name__)

#: The media types of the formats that are read only, by Pillow's names in lower case.
TYPES = {
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "heif": "image/heic",
    "jpeg2000": "image/jp2",
}

#: What is read of EXIF.
TAGS = (ExifTags.Base.Orientation, ExifTags.Base.Artist, ExifTags.Base.Copyright)


@dataclass(frozen=True, slots=True)
class Header:
    """Sizes are width and height in pixels."""

    #: One of pillow.formats.READABLE.
    format: str
    #: Pillow's mode of the pixels before they are decoded, and whether any can be transparent.
    mode: str
    alpha: bool
    #: The size as stored, and the EXIF orientation, 1 to 8, that makes it upright.
    size: tuple[int, int]
    orientation: int
    #: How many frames there are, 1 for all that does not move; counting may have stopped. And the size that holds all.
    frames: int
    extent: tuple[int, int]
    progressive: bool
    #: The colour profile, as an ICC file.
    profile: bytes | None
    #: What its EXIF says, as `exif_of` gives it.
    exif: Mapping[int, Any]

    @property
    def upright(self) -> tuple[int, int]:
        """The size of the upright picture."""
        return swap_sides(self.size, self.orientation)

    @property
    def name(self) -> str:
        """The format in the words of encoding.FORMATS as far as they go."""
        return self.format.lower()

    @property
    def type(self) -> str:
        """The media type."""
        return FORMATS[self.name].type if self.name in FORMATS else TYPES[self.name]


def header_of(image: Image.Image, content: bytes, most: int) -> Header:
    """The header of a picture that was just opened. Counting frames may stop above `most`."""
    name = format_of(image)
    exif = exif_of(image, content)
    frames, *sides = extent(image, content, most)
    return Header(
        format=name,
        mode=image.mode,
        alpha=is_transparent(image),
        size=image.size,
        # Pillow turns TIFFs itself, and gives their upright size.
        orientation=1 if name == "TIFF" else orientation(exif),
        frames=frames,
        extent=(sides[0], sides[1]),
        progressive=bool(image.info.get("progressive")),
        profile=image.info.get("icc_profile"),
        exif=exif,
    )


def exif_of(image: Image.Image, content: bytes) -> Mapping[int, Any]:
    """What an opened picture's EXIF says of TAGS, by the numbers of those that it has. EXIF is written by everyone, in
    every way, and a picture never fails for it: what cannot be read is left out."""
    name = format_of(image)
    exif, found = Image.Exif(), {}
    try:
        if name != "PNG":
            with reading(name):
                exif = image.getexif()
        else:
            with reading(name):
                exif = exif_before_pixels(image)
            if "exif" not in image.info and (late := png_exif(content)):
                with reading(name):
                    exif.load(late)
        for tag in TAGS:
            with reading(name):  # values are read when they are asked for
                found[tag] = exif.get(tag)
    except BrokenPicture:
        logger.info("Ignored EXIF that cannot be read")
    return {tag: value for tag, value in found.items() if value is not None}
