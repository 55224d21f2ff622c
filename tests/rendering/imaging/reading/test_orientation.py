"""EXIF orientation: pictures come out upright, and geometry is meant in the upright picture."""

import pytest
from PIL import Image

from rendering.imaging.frame.geometry import Box, Halign, Valign
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.orientation import TRANSPOSES

from ..pictures import BLUE, GREEN, RED, YELLOW, corners, made, near, saved, shown

UPRIGHT = {"left top": RED, "right top": GREEN, "left bottom": BLUE, "right bottom": YELLOW}


def seen_in_the_corners(image):
    """The colours a little inside of each corner."""
    image = image.convert("RGB")
    width, height = image.size
    x, y = width // 8, height // 8
    places = {"left top": (x, y), "right top": (width - 1 - x, y)}
    places |= {"left bottom": (x, height - 1 - y), "right bottom": (width - 1 - x, height - 1 - y)}
    return {place: image.getpixel(at) for place, at in places.items()}


def lies(image, expected, tolerance=40):
    seen = seen_in_the_corners(image)
    return all(near(seen[place], expected[place], tolerance) for place in expected)


def stored(orientation, pillow, size=(120, 80)):
    """A file of the four corners that are upright once turned as its EXIF says."""
    image = corners(*size)
    exif = Image.Exif()
    exif[0x112] = orientation
    undone = {6: 8, 8: 6}.get(orientation, orientation)
    if orientation in TRANSPOSES:
        image = image.transpose(TRANSPOSES[undone])
    return saved(image, pillow, exif=exif, **({"quality": 95} if pillow != "PNG" else {}))


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_comes_out_upright(orientation, pillow):
    content = stored(orientation, pillow)
    derivative = made(content, width=60)
    assert (derivative.width, derivative.height) == (60, 40)
    assert lies(shown(derivative), UPRIGHT)
    assert identify(Opened(content, Limits())).width == 120


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_comes_out_upright(orientation):
    image = (
        corners() if orientation == 1 else corners().transpose(TRANSPOSES[{6: 8, 8: 6}.get(orientation, orientation)])
    )
    content = saved(image, "TIFF", tiffinfo={274: orientation})
    assert lies(shown(made(content, width=60, height=40)), UPRIGHT)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("geometry", "colour"),
    [
        ({"crop": Box(0, 0, 30, 30)}, RED),
        ({"crop": Box(0.75, 0.75, 1, 1, fractions=True)}, YELLOW),
        ({"crop": Box(80, 0, 120, 30), "width": 10, "height": 10}, GREEN),
        ({"width": 5, "height": 40, "halign": Halign.LEFT, "crop": Box(0, 45, 120, 80)}, BLUE),
        ({"width": 60, "height": 10, "valign": Valign.TOP, "crop": Box(0, 0, 55, 80)}, RED),
    ],
)
def test_a_crop_is_meant_in_the_upright_picture(orientation, geometry, colour):
    image = shown(made(stored(orientation, "PNG"), **geometry))
    assert near(image.getpixel((image.width // 2, image.height // 2)), colour)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_flip_is_meant_in_the_upright_picture(orientation):
    image = shown(made(stored(orientation, "JPEG"), width=60, flip_horizontally=True))
    assert lies(image, {"left top": GREEN, "right top": RED, "left bottom": YELLOW, "right bottom": BLUE})
    image = shown(made(stored(orientation, "JPEG"), width=60, flip_vertically=True))
    assert lies(image, {"left top": BLUE, "right top": YELLOW, "left bottom": RED, "right bottom": GREEN})


def test_the_exif_of_a_png_is_found_behind_its_pixels():
    content = stored(6, "PNG")
    start = content.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4], "big")
    moved = content[:start] + content[end:-12] + content[start:end] + content[-12:]
    assert identify(Opened(moved, Limits())).width == 120
    assert lies(shown(made(moved)), UPRIGHT)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"]
)
def test_broken_exif_does_not_matter(exif):
    assert made(saved(corners(), "JPEG", exif=exif)).width == 120
