import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from rendering.imaging.errors import BadArgument, TooLarge
from rendering.imaging.frame.geometry import Box, Fit, Trim
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.orientation import TRANSPOSES, add_turn, make_upright, stored_box, upright_box

from ..pictures import BLUE, RED, corners, made, near, saved, shown


def bordered(border=(255, 255, 255), mode="RGB"):
    """Four corners, 60 x 40, with a border: 10 on the left, 20 above, 30 on the right and 15 below."""
    image = Image.new(mode, (100, 75), border)
    image.paste(corners(60, 40).convert(mode), (10, 20))
    return image


@pytest.mark.parametrize(
    ("text", "trim"),
    [
        ("trim", Trim()),
        ("trim:top-left", Trim()),
        ("trim:bottom-right", Trim(from_bottom_right=True)),
        ("trim:top-left:20", Trim(tolerance=20)),
        ("trim:bottom-right:442", Trim(from_bottom_right=True, tolerance=442)),
        ("trim:510", Trim(tolerance=510)),
        ("trim:50", Trim(tolerance=50)),
    ],
)
def test_a_way_to_trim_is_read(text, trim):
    assert Trim.read(text) == trim


@given(st.builds(Trim, st.booleans(), st.integers(0, 510)))
def test_a_way_to_trim_is_written_as_it_is_read(trim):
    assert Trim.read(str(trim)) == trim


@pytest.mark.parametrize("text", ["", "trim:", "trim:middle", "trim:511", "trim:top-left:-1", "trim:٣"])
def test_what_is_no_way_to_trim_is_refused(text):
    with pytest.raises(BadArgument, match="is not a way to trim"):
        Trim.read(text)


@pytest.mark.parametrize("pillow", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_border_is_cut_off(pillow):
    content = saved(bordered(), pillow, **({"quality": 95} if pillow in ("JPEG", "WEBP") else {}))
    tolerance = 60 if pillow in ("JPEG", "WEBP") else 0
    derivative = made(content, trim=Trim(tolerance=tolerance))
    assert abs(derivative.width - 60) <= 2
    assert abs(derivative.height - 40) <= 2


def test_without_a_border_nothing_is_cut_off():
    assert made(Image.new("RGB", (50, 40), RED), trim=Trim()).width == 50
    assert made(bordered(), trim=Trim(tolerance=442)).width == 100


def test_the_corner_says_which_border():
    picture = Image.new("RGB", (100, 75), BLUE)
    picture.paste((255, 255, 255), (0, 0, 90, 75))
    assert made(picture, trim=Trim()).width == 10
    assert made(picture, trim=Trim(from_bottom_right=True)).width == 90


def test_the_tolerance_is_a_distance_in_all_channels():
    picture = Image.new("RGBA", (50, 50), (100, 100, 100, 255))
    picture.paste((106, 108, 100, 255), (5, 5, 45, 45))  # 6 and 8: 10 apart
    picture.paste((100, 100, 100, 55), (10, 10, 40, 40))  # 200 apart
    assert made(picture, trim=Trim(tolerance=9)).width == 40
    assert made(picture, trim=Trim(tolerance=10)).width == 30
    assert made(picture, trim=Trim(tolerance=199)).width == 30
    assert made(picture, trim=Trim(tolerance=200)).width == 50


@pytest.mark.parametrize("bottom_right", [False, True])
@pytest.mark.parametrize("hidden", [(255, 255, 255), (0, 0, 0), (0, 128, 255)])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_transparent_border_is_cut_off_whatever_colour_it_hides(mode, hidden, bottom_right):
    image = Image.new("RGBA", (60, 40), (*hidden, 0))
    image.paste((200, 30, 60, 255), (20, 10, 50, 25))
    if mode == "P":
        palette = image.convert("RGB").quantize(4, dither=Image.Dither.NONE)
        content = saved(palette, transparency=palette.getpixel((0, 0)))
    else:
        content = saved(image.convert(mode))
    for tolerance in (0, 10):
        derivative = made(content, trim=Trim(from_bottom_right=bottom_right, tolerance=tolerance))
        assert (derivative.width, derivative.height) == (30, 15)


def test_transparent_is_transparent_though_many_colours_are_hidden():
    image = corners(60, 40).convert("RGBA")
    image.putalpha(0)
    image.paste((200, 30, 60, 255), (20, 10, 50, 25))
    assert made(image, trim=Trim()).width == 30
    # Beside a corner that is seen, what is transparent is something else.
    image.putpixel((0, 0), (*RED, 255))
    assert made(image, trim=Trim()).width == 60


@pytest.mark.parametrize(("tolerance", "width"), [(0, 30), (442, 30), (443, 30), (509, 30), (510, 60)])
def test_with_alpha_distances_go_up_to_510(tolerance, width):
    image = Image.new("RGBA", (60, 40), (255, 255, 255, 0))
    image.paste((0, 0, 0, 255), (20, 10, 50, 25))
    assert made(image, trim=Trim(tolerance=tolerance)).width == width


def test_strips_are_put_together(monkeypatch):
    monkeypatch.setattr("rendering.imaging.frame.trim.STRIP", 300)
    derivative = made(bordered(), trim=Trim(tolerance=5))
    assert (derivative.width, derivative.height) == (60, 40)


def test_a_crop_counts_in_the_untrimmed_picture():
    cut = shown(made(bordered(), trim=Trim(), crop=Box(0, 0, 40, 40)))
    assert cut.size == (30, 20)
    assert near(cut.getpixel((29, 19)), RED)
    missed = made(bordered(), trim=Trim(), crop=Box(0, 0, 9, 9))
    assert (missed.width, missed.height) == (60, 40)


def test_a_trimmed_picture_is_fitted_like_any_other():
    contained = made(bordered(), trim=Trim(), width=30, height=30, fit=Fit.CONTAIN)
    assert (contained.width, contained.height) == (30, 20)
    whole = made(bordered(), trim=Trim(), width="orig", height=10)
    assert whole.width == 60


def test_a_focus_in_parts_of_the_sides_is_meant_in_the_original():
    below = made(bordered(), trim=Trim(), width=60, height=10, focal=(Box(0, 0.6, 0.3, 0.8, fractions=True),))
    assert near(shown(below).getpixel((5, 5)), BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow", ["JPEG", "PNG"])
def test_the_upright_picture_is_trimmed(orientation, pillow):
    exif = Image.Exif()
    exif[0x112] = orientation
    picture = bordered()
    ImageDraw.Draw(picture).rectangle((0, 70, 99, 74), (128, 0, 128))
    stored = picture.transpose(TRANSPOSES[{6: 8, 8: 6}.get(orientation, orientation)]) if orientation > 1 else picture
    options = {"quality": 100, "subsampling": 0} if pillow == "JPEG" else {}
    content = saved(stored, pillow, exif=exif, **options)
    trimmed = shown(made(content, trim=Trim(tolerance=60), to="png"))
    assert abs(trimmed.width - 100) + abs(trimmed.height - 55) <= 4
    trimmed = shown(made(content, trim=Trim(from_bottom_right=True, tolerance=60), to="png"))
    assert abs(trimmed.width - 100) + abs(trimmed.height - 70) <= 4


def test_an_animation_is_trimmed_as_its_first_frame():
    frames = [bordered(), bordered((0, 0, 0)), Image.new("RGB", (100, 75), RED)]
    derivative = made(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), trim=Trim(), to="webp")
    assert (derivative.frames, derivative.width, derivative.height) == (3, 60, 40)


def test_trimming_takes_the_memory_of_the_whole_picture():
    content = saved(Image.new("RGB", (2000, 2000), RED), "JPEG")
    limits = Limits(memory=2 * 1024 * 1024)
    assert made(content, width=100, limits=limits).width == 100
    with pytest.raises(TooLarge, match=r"decoding it would take 19\.1 MB"):
        made(content, width=100, limits=limits, trim=Trim())


@given(st.integers(1, 8), st.integers(1, 50), st.integers(1, 50))
def test_a_stored_box_is_an_upright_box_and_back(turn, width, height):
    box = (0, height // 3, max(1, width // 2), height)
    stored = stored_box(box, turn, (width, height) if turn < 5 else (height, width))
    assert upright_box(stored, turn, (width, height) if turn < 5 else (height, width)) == box


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_an_orientation_is_turned_further(turn, degrees):
    image = corners(12, 8)
    assert (
        make_upright(image, add_turn(turn, degrees)).tobytes()
        == make_upright(image, turn).rotate(degrees, expand=True).tobytes()
    )
