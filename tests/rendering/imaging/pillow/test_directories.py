"""Directories of thousands of tags, of which few are read: the orientation is still found where cameras write it."""

from struct import pack

import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from rendering.imaging.pillow.directories import LONGEST, TAGS, Directory
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ..pictures import gradient, saved

ORIENTATION, SHORT, FRACTION = 0x112, 3, 5

pytestmark = pytest.mark.filterwarnings("ignore:Ignored all but the first", "ignore:Corrupt EXIF data")


def exif_of(*tags, beside=b""):
    """EXIF of tags, each a number, a type, how many values, and the value."""
    entries = b"".join(pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + pack("<IH", 8, len(tags)) + entries + bytes(4) + beside


def many(first, last):
    return [(number, SHORT, 1, 1) for number in range(first, last)]


def opened(pillow, exif):
    return Opened(saved(gradient(120, 80), pillow, exif=b"Exif\0\0" + exif), Limits())


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_orientation_is_found_among_thousands_of_tags_where_cameras_write_it(pillow):
    """They write tags in order. Behind thousands of others it is not looked for."""
    found = opened(pillow, exif_of(*many(0x100, ORIENTATION), (ORIENTATION, SHORT, 1, 6), *many(0x113, 5000))).header
    assert (found.orientation, found.upright) == (6, (80, 120)) or pillow == "HEIF"  # whose reader has turned it
    behind = opened(pillow, exif_of(*many(0x200, 5000), (ORIENTATION, SHORT, 1, 6))).header
    assert behind.upright == (120, 80) or pillow == "HEIF"


def test_no_more_tags_are_made_objects_of_than_a_camera_writes():
    exif = Image.Exif()
    exif.load(exif_of(*many(1, 5000)))
    assert isinstance(exif._info, Directory)
    assert len(exif) == TAGS
    exif.load(exif_of(*many(1, 5000)[: TAGS - 1]))
    assert len(exif) == TAGS - 1
    assert issubclass(Directory, ImageFileDirectory_v2)


def test_thousands_of_fractions_are_no_value():
    """Of a few, each is an object of Pillow's; of more, it would be a bomb."""
    black_and_white, exif = 0x214, Image.Exif()
    for count, found in ((6, True), (LONGEST // 8, True), (LONGEST // 8 + 1, False)):
        exif.load(exif_of((black_and_white, FRACTION, count, 26), beside=pack("<2I", 1, 2) * count))
        assert (exif.get(black_and_white) is not None) is found
