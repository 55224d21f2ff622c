import pytest
from PIL import Image

from ..pictures import difference, filtered, gradient, near

FLAT = "[(0,0),(255,255)]"


def test_equalized_the_levels_of_a_picture_are_spread_evenly():
    dull = gradient(256, 40, "L").point([100 + level // 8 for level in range(256)])
    assert dull.getextrema() == (100, 131)
    assert filtered(dull, "equalize()").getextrema() == (0, 255)


@pytest.mark.parametrize("colour", [(9, 80, 200), (255, 0, 0), (0, 0, 0), (255, 255, 255)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_a_picture_of_one_colour_stays_as_it_is(mode, colour):
    image = Image.new("RGB", (4, 4), colour).convert(mode)
    assert filtered(image, "equalize()").tobytes() == image.tobytes()


@pytest.mark.parametrize("ground", [(255, 255, 255), (255, 0, 255)])
def test_a_channel_of_one_level_stays_as_it_is(ground):
    """Red on white has red everywhere."""
    image = Image.new("RGB", (40, 20), ground)
    image.paste((255, 0, 0), (10, 5, 30, 15))
    assert filtered(image, "equalize()").tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("points", "before", "after"),
    [
        ("[(0,0),(255,255)]", 77, 77),
        ("[(0,255),(255,0)]", 77, 178),
        ("[(100,40),(200,240)]", 20, 40),  # flat outside of the ends
        ("[(100,40),(200,240)]", 150, 140),
        ("[(100,40),(200,240)]", 230, 240),
        ("[(7,33)]", 200, 33),
        # The second derivative in the middle is 6 * (40 / 80 - 120 / 80) / (4 * 80) = -0.01875; half way to it, that
        # lifts the curve above the straight line by 0.01875 * 80 ** 2 / 16 = 7.5.
        ("[(0,0),(80,120),(160,160)]", 80, 120),
        ("[(0,0),(80,120),(160,160)]", 40, 67),
        ("[(0,0),(80,120),(160,160)]", 120, 147),
    ],
)
def test_a_curve_goes_smoothly_through_its_points(points, before, after):
    picture = filtered(Image.new("L", (2, 2), before), f"curve({points},{FLAT},{FLAT},{FLAT})")
    assert abs(picture.getpixel((0, 0)) - after) <= 1


def test_single_colours_are_bent_before_all_of_them():
    halved, inverted = "[(0,0),(255,127)]", "[(0,255),(255,0)]"
    picture = filtered(Image.new("RGB", (2, 2), (200, 200, 200)), f"curve({inverted},{halved},{FLAT},{FLAT})")
    assert near(picture.getpixel((0, 0)), (255 - 100, 55, 55), tolerance=1)


def test_a_tint_keeps_what_is_light_and_what_is_dark():
    tinted = filtered(gradient(mode="L"), "tint(336699)").convert("L")
    assert difference(tinted, gradient(mode="L")) <= 2
