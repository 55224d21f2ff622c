"""How alike two pictures are, whatever made them."""

import io

import pytest
from PIL import Image, ImageOps

from rendering.imaging.quality.likeness import likeness
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from tests.drawings import textured


def saved(picture: Image.Image, format_: str = "PNG", **options: object) -> Opened:
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return Opened(file.getvalue(), Limits())


def test_the_same_pixels_in_other_formats_are_alike():
    picture = textured(120, 80)
    found = likeness(saved(picture), saved(picture, "WEBP", lossless=True))
    assert found
    assert found.ssim == pytest.approx(1)
    assert found.levels == 0
    found = likeness(saved(picture), saved(picture, "JPEG", quality=90))
    assert found
    assert found.ssim is not None
    assert found.ssim > 0.9
    assert 0 < found.levels < 8


def test_other_colours_of_the_same_brightness_are_told_by_levels():
    red, green = Image.new("RGB", (40, 30), (200, 0, 0)), Image.new("RGB", (40, 30), (0, 102, 0))
    found = likeness(saved(red), saved(green))
    assert found
    assert found.levels == pytest.approx((200 + 102) / 3)


def test_another_picture_is_another():
    picture = textured(120, 80, seed=1)
    found = likeness(saved(picture), saved(ImageOps.flip(picture)))
    assert found
    assert found.ssim is not None
    assert found.ssim < 0.9


def test_other_sizes_are_not_compared_and_small_ones_by_levels_alone():
    assert likeness(saved(textured(50, 40)), saved(textured(40, 50))) is None
    small = likeness(saved(Image.new("L", (3, 3), 10)), saved(Image.new("L", (3, 3), 30)))
    assert small
    assert (small.ssim, small.levels) == (None, 20)


def test_pictures_are_compared_upright_and_on_white():
    picture = textured(60, 40)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = saved(picture.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif)
    found = likeness(turned, saved(picture))
    assert found
    assert found.levels == 0
    clear = likeness(saved(Image.new("RGBA", (20, 20), (9, 9, 9, 0))), saved(Image.new("RGB", (20, 20), "white")))
    assert clear
    assert clear.levels == 0
