import pytest
from PIL import Image, ImageStat

from rendering.imaging.filters import FILTERS

from ..pictures import corners, difference, filtered, gradient


def test_noise_is_the_same_each_time_and_other_for_another_seed():
    grey = Image.new("RGB", (60, 40), (128, 128, 128))
    assert filtered(grey, "noise(50)").tobytes() == filtered(grey, "noise(50)").tobytes()
    assert filtered(grey, "noise(50,7)").tobytes() == filtered(grey, "noise(50,7)").tobytes()
    assert len({filtered(grey, text).tobytes() for text in ("noise(50)", "noise(50,7)", "noise(50,8)")}) == 3


def test_noise_is_grey_and_goes_half_the_amount_up_and_down():
    noisy = filtered(Image.new("RGB", (200, 200), (128, 128, 128)), "noise(50)")
    red, green, blue = noisy.split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    low, high = red.getextrema()
    assert (low, high) == (103, 153)
    assert abs(ImageStat.Stat(red).mean[0] - 128) < 1


def test_pixels_become_squares_of_their_mean_colour():
    picture = filtered(gradient(50, 30), "pixelate(20)")
    assert picture.size == (50, 30)
    assert len(set(picture.crop((0, 0, 20, 20)).get_flattened_data())) == 1
    assert len(set(picture.get_flattened_data())) == 6  # three across, two down, the last of them cut off
    assert difference(picture, gradient(50, 30)) < 30


def test_squares_do_not_draw_hidden_colours_into_sight():
    picture = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (10, 0, 40, 40))
    red, green, blue, alpha = filtered(picture, "pixelate(20)").getpixel((0, 0))
    assert (red, green, blue) == (255, 0, 0)
    assert 120 < alpha < 136


def test_squares_of_one_pixel_are_the_picture():
    assert filtered(corners(), "pixelate(1)").tobytes() == corners().tobytes()


@pytest.mark.parametrize(("mode", "drawn"), [("L", "RGB"), ("LA", "RGBA"), ("RGB", "RGB"), ("RGBA", "RGBA")])
def test_an_outline_has_its_colour_and_what_is_clear_stays_clear(mode, drawn):
    picture = filtered(Image.new(mode, (40, 30)), "outline(10x5:30x25,ff0000)")
    assert picture.mode == drawn
    red, clear = ((255, 0, 0, 255), (0, 0, 0, 0)) if drawn == "RGBA" else ((255, 0, 0), (0, 0, 0))
    # On the first and the last pixel of the area, one pixel wide.
    assert [picture.getpixel(at) for at in ((10, 5), (29, 24), (29, 5), (10, 24))] == [red] * 4
    assert [picture.getpixel(at) for at in ((11, 6), (28, 23), (9, 5), (30, 24), (10, 25))] == [clear] * 5


def test_blur_reaches_as_far_as_its_radius_and_sigma_say():
    line = Image.new("L", (101, 21))
    line.paste(255, (50, 0, 101, 21))

    def width(text):
        row = FILTERS.read(text)[0](line).crop((0, 10, 101, 11)).tobytes()
        return sum(5 < value < 250 for value in row)

    assert width("blur(2)") < width("blur(10,2)") < width("blur(10,5)") < width("blur(10)") < width("blur(20)")


def test_blur_does_not_draw_hidden_colours_into_sight():
    picture = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (10, 10, 30, 30))
    blurred = FILTERS.read("blur(5)")[0](picture)
    assert 50 < blurred.getpixel((10, 20))[3] < 200
    assert blurred.getpixel((10, 20))[1] <= 5
