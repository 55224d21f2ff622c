"""Manual crops and trimming: nothing of what is beyond shows, not even at the edges, however the picture is resized."""

import pytest
from PIL import Image, ImageDraw

from rendering.imaging.box import Box
from rendering.imaging.frame.geometry import Fit
from rendering.imaging.frame.trim import Trim
from rendering.imaging.pipeline.cutting import FAR, follows_blocks, follows_outlines, share_of_distant
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.orientation import TRANSPOSES, inverse
from tests.drawings import textured

from ..pictures import difference, made, saved, shown

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
SIDES = (200, 160)


def sheet(box, mode="RGB", sides=SIDES):
    """White where a box is, and black around it."""
    image = Image.new("RGB", sides, BLACK)
    image.paste(WHITE, box)
    return image.convert(mode)


def darkest(derivative):
    image = shown(derivative)
    levels = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        levels.append(image.convert("L").getextrema()[0])
    return min(levels)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
@pytest.mark.parametrize("box", [(32, 48, 160, 144), (33, 51, 166, 149)])
@pytest.mark.parametrize("width", [9, 20, 50, 64, 120, 300])
def test_a_crop_shows_nothing_from_beyond_it(mode, box, width):
    derivative = made(sheet(box, mode), crop=Box(*box), width=width)
    assert derivative.width == width
    assert darkest(derivative) == 255


@pytest.mark.parametrize("size", [(20, 16), (60, 45), (64, 70), (300, 225)])
@pytest.mark.parametrize("alpha", [False, True])
def test_a_crop_is_the_picture_that_was_cut_before(size, alpha):
    image = textured(*SIDES, contrast=120)
    if alpha:
        image.putalpha(Image.linear_gradient("L").resize(SIDES))
    box = (33, 51, 166, 149)
    cropped, before = (
        shown(made(content, width=size[0], height=size[1], **crop))
        for content, crop in ((image, {"crop": Box(*box)}), (image.crop(box), {}))
    )
    assert cropped.size == size
    assert difference(cropped, before) <= 0.1


def test_what_a_fit_cuts_off_may_count_at_the_edges():
    box = (40, 0, 120, 160)
    fitted = shown(made(sheet(box, sides=(160, 160)), width=20, height=40)).convert("L")
    assert fitted.size == (20, 40)
    assert fitted.getextrema()[0] < 255


@pytest.mark.parametrize("width", [16, 40, 90])
def test_trimming_leaves_nothing_of_what_was_trimmed(width):
    derivative = made(sheet((32, 48, 160, 144)), trim=Trim(), width=width)
    assert derivative.height == pytest.approx(width * 96 / 128, abs=0.5)
    assert darkest(derivative) == 255


@pytest.mark.parametrize("orientation", [2, 3, 6, 7])
def test_a_crop_of_a_turned_picture_is_cut_where_it_is_stored(orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    box = (30, 50, 170, 150)
    stored = sheet(box).transpose(TRANSPOSES[inverse(orientation)])
    assert darkest(made(saved(stored, exif=exif), crop=Box(*box), width=35)) == 255


@pytest.mark.parametrize("to", ["png", "webp", "gif"])
@pytest.mark.parametrize("pillow", ["GIF", "PNG", "WEBP"])
def test_so_are_the_frames_of_an_animation(pillow, to):
    box = (33, 51, 166, 149)
    frames = [sheet(box), sheet(box)]
    frames[1].putpixel((100, 100), (250, 250, 250))
    lossless = {"lossless": True} if pillow == "WEBP" else {}
    content = saved(frames[0], pillow, save_all=True, append_images=frames[1:], duration=100, **lossless)
    derivative = made(content, to=to, crop=Box(*box), width=30)
    assert derivative.frames == 2
    assert darkest(derivative) >= 248


@pytest.mark.parametrize(
    ("box", "width"), [((320, 480, 1600, 1440), 90), ((323, 485, 1613, 1451), 90), ((323, 485, 1613, 1451), 250)]
)
def test_outlines_do_not_show_from_beyond_where_a_jpeg_is_decoded_at_a_part(box, width):
    content = saved(sheet(box, sides=(2000, 1600)), "JPEG", quality=100, subsampling=0)
    assert darkest(made(content, crop=Box(*box), width=width)) >= 252


def test_where_the_whole_would_be_too_large_the_part_is_cut():
    box = (323, 485, 1613, 1451)
    content = saved(sheet(box, sides=(2000, 1600)), "JPEG", quality=100, subsampling=0)
    derivative = made(content, crop=Box(*box), width=90, limits=Limits(memory=4 * 1024 * 1024))
    assert 128 < darkest(derivative) < 252


def test_a_photograph_has_no_outline_where_it_is_cut():
    assert not follows_outlines(textured(500, 400, contrast=60), (50.5, 60.25, 450.5, 350))
    assert follows_outlines(sheet((33, 51, 166, 149)), (33, 51, 166, 149))
    assert not follows_outlines(sheet((0, 0, *SIDES)), (0, 0, *SIDES))
    assert not follows_outlines(sheet((33, 51, 166, 149)), (33.2, 51.2, 33.8, 149))


def test_blocks_of_a_jpeg_end_at_every_sixteenth_pixel_and_at_its_edges():
    assert follows_blocks((0, 16, 1001, 703), (1001, 703))
    assert follows_blocks((32, 16, 64, 80), (1001, 703))
    assert not follows_blocks((8, 16, 64, 80), (1001, 703))


def test_fits_within_a_crop_read_all_of_the_crop_and_no_more():
    image = sheet((0, 0, 200, 160))
    ImageDraw.Draw(image).rectangle((0, 0, 39, 159), BLACK)
    derivative = made(image, crop=Box(40, 0, 200, 160), width=20, height=20, fit=Fit.COVER)
    assert darkest(derivative) == 255


@pytest.mark.parametrize(("levels", "share"), [(0, 0), (FAR, 0), (FAR + 1, 0.25), (255, 0.25)])
def test_pixels_are_distant_by_the_channel_in_which_they_differ_the_most(levels, share):
    one, other = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8))
    other.paste((0, levels, 0), (0, 0, 4, 4))
    assert share_of_distant(one, other) == share
