import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.registry import MOST_FILTERS, Registry
from rendering.imaging.geometry import Box, Fit, Geometry

from .pictures import corners, difference, gradient
from .strategies import calls


@given(st.lists(calls(), max_size=5))
def test_calls_are_written_as_they_are_read(given_calls):
    text = ":".join(str(call) for call in given_calls)
    assert FILTERS.read(text) == tuple(given_calls)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("brightness(300)", "brightness: 300 is not a whole number from -100 to 100 (amount)"),
        ("quality()", "quality: percent is missing; it is a whole number from 1 to 100; write quality(percent)"),
        ("brightness(1,2)", "brightness: 2 arguments are too many; write brightness(amount)"),
        ("rgb(1,2,x)", "rgb: x is not a whole number from -100 to 100 (blue)"),
        ("blur(3)blur(3)", "blur(3) follows a filter without a : between them"),
        ("blur(3):", "The filters end with a : and nothing behind it"),
        ("blur(3", "The filter blur( has no closing )"),
        ("Blur(3)", "Blur(3) is not a filter; write name(arguments), with : between filters"),
    ],
)
def test_a_wrong_filter_is_answered_with_what_would_be_right(text, sentence):
    with pytest.raises(BadRecipe) as raised:
        FILTERS.read(text)
    assert str(raised.value) == sentence


def test_an_unknown_filter_is_answered_with_the_known_ones():
    with pytest.raises(BadRecipe, match=r"There is no filter named sparkle; the filters are background_color, blur,"):
        FILTERS.read("sparkle()")


def test_more_filters_than_a_recipe_takes_are_refused():
    with pytest.raises(BadRecipe, match="21 filters are too many"):
        FILTERS.read(":".join(["grayscale()"] * (MOST_FILTERS + 1)))


def test_arguments_may_be_quoted_and_spaced():
    assert FILTERS.read("format( 'webp' ):blur( 3 , 1.5 )") == FILTERS.read("format(webp):blur(3,1.5)")


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_explains_itself_in_one_line(name):
    assert FILTERS[name].summary.endswith(".")
    assert len(FILTERS[name].summary) < 120


def test_a_filter_that_says_too_little_is_refused_at_import():
    def silent(image: Image.Image) -> Image.Image:
        return image

    def untyped(image: Image.Image, amount: int) -> Image.Image:
        """It has an amount of which nothing is known."""
        return image

    def staged_nowhere(recipe: int) -> int:
        """It is for nothing."""
        return recipe

    for wrong in (silent, untyped, staged_nowhere):
        with pytest.raises(TypeError, match=wrong.__name__):
            Registry().register([wrong])


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("brightness(0)", (10, 100, 250), (10, 100, 250)),
        ("brightness(10)", (10, 100, 250), (35, 125, 255)),
        ("brightness(-10)", (10, 100, 250), (0, 75, 225)),
        ("brightness(100)", (0, 0, 0), (255, 255, 255)),
        ("contrast(0)", (10, 100, 250), (10, 100, 250)),
        # (150 ** 2) // 100 = 225; 225 * (100 - 128) / 100 = -63
        ("contrast(50)", (10, 100, 250), (0, 65, 255)),
        ("contrast(-50)", (10, 100, 250), (99, 121, 158)),
        ("contrast(-100)", (10, 100, 250), (128, 128, 128)),
        ("rgb(10,-10,0)", (10, 100, 250), (35, 75, 250)),
        ("saturation(1)", (10, 100, 250), (10, 100, 250)),
        # sqrt(.299 * 10 ** 2 + .587 * 100 ** 2 + .114 * 250 ** 2) = 114.2
        ("saturation(0)", (10, 100, 250), (114, 114, 114)),
        ("saturation(2)", (10, 100, 200), (0, 97, 255)),
        ("saturation(0.5)", (10, 100, 200), (56, 101, 151)),
        ("grayscale()", (10, 100, 250), 90),
        ("background_color(red)", (10, 100, 250), (10, 100, 250)),
        ("blur(5)", (10, 100, 250), (10, 100, 250)),
    ],
)
def test_a_colour_becomes_what_thumbor_makes_of_it(text, before, after):
    (call,) = FILTERS.read(text)
    pixel = call(Image.new("RGB", (9, 9), before)).getpixel((4, 4))
    pairs = zip(pixel, after, strict=True) if isinstance(after, tuple) else [(pixel, after)]
    assert all(abs(one - other) <= 1 for one, other in pairs), pixel


PIXELS = ["brightness(20)", "contrast(-30)", "rgb(5,10,-20)", "saturation(0.3)", "grayscale()"]


@pytest.mark.parametrize("text", PIXELS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_colours_change_alike_in_every_mode_and_alpha_not_at_all(text, mode):
    (call,) = FILTERS.read(text)
    picture = gradient().convert("L" if mode in ("L", "LA") else "RGB")
    expected = call(picture.convert("RGB")).convert("RGB")
    if mode in ("LA", "RGBA"):
        alpha = gradient(mode="L")
        picture.putalpha(alpha)
        result = call(picture)
        assert result.getchannel("A").tobytes() == alpha.tobytes()
        result = result.convert("RGB")
    else:
        result = call(picture).convert("RGB")
    # In greys, how bright a colour looks is rounded once more.
    assert difference(result, expected) <= 1


def test_no_filter_changes_its_argument():
    for text in [*PIXELS, "blur(3)", "background_color(red)"]:
        picture = Image.new("RGBA", (8, 8), (10, 100, 250, 100))
        before = picture.tobytes()
        FILTERS.read(text)[0](picture)
        assert picture.tobytes() == before


def test_saturation_leaves_no_seams():
    picture = gradient(1000, 700)
    whole = FILTERS.read("saturation(2)")[0](picture)
    parts = [FILTERS.read("saturation(2)")[0](picture.crop((0, top, 1000, top + 100))) for top in range(0, 700, 100)]
    assert all(
        whole.crop((0, number * 100, 1000, number * 100 + 100)).tobytes() == part.tobytes()
        for number, part in enumerate(parts)
    )


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


def test_a_background_shows_through_what_is_transparent():
    picture = corners(8, 8)
    picture.putalpha(0)
    laid = FILTERS.read("background_color(ff8800)")[0](picture)
    assert (laid.mode, laid.getpixel((4, 4))) == ("RGB", (255, 136, 0))


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("stretch()", Geometry(), Geometry(fit=Fit.STRETCH)),
        ("stretch()", Geometry(fit=Fit.CONTAIN), Geometry(fit=Fit.CONTAIN)),
        ("no_upscale()", Geometry(), Geometry(enlarge=False)),
        ("upscale()", Geometry(), Geometry(enlarge=True)),
        ("focal(1x2:3x4)", Geometry(focal=(Box(0, 0, 1, 1),)), Geometry(focal=(Box(0, 0, 1, 1), Box(1, 2, 3, 4)))),
        ("format(jpg)", Encoding(), Encoding("jpeg")),
        ("format(WEBP)", Encoding(), Encoding("webp")),
        ("quality(70)", Encoding(), Encoding(jpeg_quality=70, webp_quality=70, avif_quality=70)),
    ],
)
def test_filters_of_frame_and_file_rewrite_the_recipe(text, before, after):
    (call,) = FILTERS.read(text)
    assert call(before) == after
