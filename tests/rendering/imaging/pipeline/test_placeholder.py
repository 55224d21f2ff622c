"""What a page shows before a picture is there."""

import blurhash
import pytest
from PIL import Image

from rendering.imaging.pipeline.placeholder import placeholder
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ..pictures import BLUE, RED, animation, difference, disc, gradient, near, saved


def unhashed(text, width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([tuple(pixel) for row in blurhash.decode(text, width, height) for pixel in row])
    return image


@pytest.mark.parametrize("image", [gradient(400, 300), gradient(300, 400), gradient(60, 60).rotate(180)])
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_blurhash_looks_like_its_picture_from_afar(image, pillow):
    found = placeholder(Opened(saved(image, pillow), Limits()))
    small = image.resize((12, 12), Image.Resampling.BOX)
    assert difference(unhashed(found.blurhash, 12, 12), small) < 30
    assert difference(unhashed(found.blurhash, 12, 12), small) < difference(Image.new("RGB", (12, 12), "grey"), small)


def test_more_waves_lie_along_the_longer_side():
    assert blurhash.components(placeholder(Opened(saved(gradient(400, 300)), Limits())).blurhash) == (4, 3)
    assert blurhash.components(placeholder(Opened(saved(gradient(300, 400)), Limits())).blurhash) == (3, 4)


def test_the_dominant_colour_is_that_of_most_of_the_picture():
    image = Image.new("RGB", (100, 100), BLUE)
    image.paste(RED, (0, 0, 40, 100))
    assert near(_rgb(placeholder(Opened(saved(image), Limits()))), BLUE, 12)
    image.paste(RED, (0, 0, 60, 100))
    assert near(_rgb(placeholder(Opened(saved(image), Limits()))), RED, 12)


def test_transparent_parts_are_white_and_animations_are_their_first_frame():
    assert _rgb(placeholder(Opened(saved(disc()), Limits()))) == (255, 255, 255)
    assert near(_rgb(placeholder(Opened(animation(3), Limits()))), (0, 255, 90), 20)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (3, 2)])
def test_a_picture_of_any_size_has_one(size):
    found = placeholder(Opened(saved(Image.new("RGB", size, RED)), Limits()))
    assert near(unhashed(found.blurhash, 1, 1).getpixel((0, 0)), RED, 8)
    assert found.dominant_color == "#ff0000"


def _rgb(found):
    return tuple(bytes.fromhex(found.dominant_color[1:]))
