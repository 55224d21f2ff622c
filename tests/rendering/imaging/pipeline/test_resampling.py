"""How a picture is made smaller: which window, and what is averaged first."""

import pytest
from PIL import Image, ImageDraw

from rendering.imaging.pipeline.resampling import GAP, is_cut_out, resample
from rendering.imaging.quality.similarity import ssim
from tests.drawings import textured

from ..pictures import disc


def exact(image, box, size):
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


@pytest.mark.parametrize("means", [{}, {"reduced_well": True}, {"animated": True}])
@pytest.mark.parametrize("box", [(0, 0, 1400, 1050), (100.5, 0, 1100.5, 750), (331, 300, 1332, 1050)])
@pytest.mark.parametrize("size", [(64, 48), (200, 150), (400, 300), (700, 525)])
def test_what_is_faster_is_still_like_the_exact_resampling(size, box, means):
    image = textured(1400, 1050, contrast=120)
    assert ssim(resample(image, box, size, **means), exact(image, box, size)) > 0.975


def test_around_what_is_cut_out_there_is_no_second_outline():
    """Lanczos leaves one: a ring of faint alpha where there is nothing."""
    image = Image.new("RGBA", (400, 400))
    ImageDraw.Draw(image).rectangle((100, 100, 299, 299), (200, 0, 0, 255))
    small = resample(image, (0, 0, 400, 400), (90, 90)).getchannel("A")
    ring = exact(image, (0, 0, 400, 400), (90, 90)).getchannel("A")
    outside = [(x, 45) for x in range(22)] + [(45, y) for y in range(22)]
    assert {small.getpixel(at) for at in outside} == {0}
    assert {ring.getpixel(at) for at in outside} != {0}


def test_what_fades_is_not_taken_for_cut_out():
    image = textured(800, 600).convert("RGBA")
    box = (0.0, 0.0, 800.0, 600.0)
    assert is_cut_out(disc(800, 600), box)
    image.putalpha(Image.linear_gradient("L").resize((800, 600)))
    assert not is_cut_out(image, box)
    lanczos = image.resize((90, 68), Image.Resampling.LANCZOS, box=box, reducing_gap=GAP)
    assert resample(image, box, (90, 68)).tobytes() == lanczos.tobytes()


def test_colours_that_nobody_sees_do_not_bleed():
    small = resample(disc(400, 400), (0, 0, 400, 400), (90, 90))
    green, alpha = small.getchannel("G"), small.getchannel("A")
    green.paste(0, mask=alpha.point([255] * 9 + [0] * 247))  # what is hardly there has hardly a colour
    assert green.getextrema()[1] <= 2  # type: ignore[operator]  # a pair: of one channel


def test_a_box_of_the_size_that_is_wanted_is_cut_out_as_it_is():
    image = textured(60, 40)
    cut = resample(image, (7, 5, 37, 25), (30, 20))
    assert cut.tobytes() == image.crop((7, 5, 37, 25)).tobytes()
