import re
from typing import Annotated, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.filters.grammar.registry import MOST_FILTERS, Registry
from rendering.imaging.frame.geometry import Box, Fit, Geometry
from rendering.imaging.parameters import Colour, Whole

from ..pictures import corners, difference, disc, gradient, nine_patch
from ..strategies import calls

OVERLAYS = {"b/mark.png": disc(9, 5), "b/frame.png": nine_patch()}


@given(st.lists(calls(), max_size=5))
def test_calls_are_written_as_they_are_read(given_calls):
    text = ":".join(str(call) for call in given_calls)
    assert FILTERS.read(text) == tuple(given_calls)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("brightness(300)", "brightness: 300 is not a whole number from -100 to 100 (amount)"),
        ("quality()", "quality: percent is missing; it is a whole number from 1 to 100; write quality(percent)"),
        ("brightness(1,2)", "brightness: too many arguments (2); write brightness(amount)"),
        ("grayscale(1)", "grayscale: too many arguments (1); write grayscale()"),
        ("rgb(1,2,x)", "rgb: x is not a whole number from -100 to 100 (blue)"),
        ("blur(3)blur(3)", "blur(3) follows a filter without a : between them"),
        ("blur(3):", "The filters end with a : and nothing after it"),
        ("blur(3", "The filter blur( has no closing )"),
        ("proportion(-1)", "proportion: -1 is not a number from 0 to 1 (factor)"),
        ("rotate(45)", "rotate: 45 is not a multiple of 90 (degrees)"),
        (
            "convolution(1;2;1;2,2)",
            (
                "convolution: 4 numbers in rows of 2 are not a kernel; rows and columns must be odd in number, so that "
                "it has a middle, and at most 9"
            ),
        ),
        (
            "watermark(logo.png,0,0,0)",
            (
                "watermark: logo.png is not the path of a picture: its bucket, a / and its key, such as brand/logo.png "
                "(path)"
            ),
        ),
        (
            "watermark(b/k,left,0,0)",
            (
                "watermark: left is not a position: 10 (pixels), 10p (percent), -10 or -10p from the right or bottom, "
                "center or repeat (x)"
            ),
        ),
        (
            "fill(nothing)",
            (
                "fill: nothing is not a colour: a name such as white, or hexadecimal digits such as ff8800; or one of "
                "auto, blur, transparent (paint)"
            ),
        ),
        (
            "curve([(0,0),(0,9)],[(0,0)],[(0,0)],[(0,0)])",
            (
                "curve: [(0,0),(0,9)] is not a curve: points from 0 to 255 such as [(0,0),(128,160),(255,255)], no two "
                "with the same first number (overall)"
            ),
        ),
        ("Blur(3)", "Blur(3) is not a filter; write name(arguments), with : between filters"),
    ],
)
def test_a_wrong_filter_is_answered_with_what_would_be_right(text, sentence):
    with pytest.raises(BadRecipe) as raised:
        FILTERS.read(text)
    assert str(raised.value) == sentence


@given(st.lists(calls(), max_size=5))
def test_what_is_written_is_read_alike_as_an_alias_and_as_a_thumbor_url(given_calls):
    text = ":".join(str(call) for call in given_calls)
    assert FILTERS.read_leniently(text) == (tuple(given_calls), ())


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("brightness(1000)", "brightness(100)"),
        ("brightness(-1000)", "brightness(-100)"),
        (f"brightness({'9' * 5000})", "brightness(100)"),
        ("brightness( 10 )", "brightness(10)"),
        ("quality(150)", "quality(100)"),
        ("quality(0)", "quality(1)"),
        ("saturation(99.9)", "saturation(10)"),
        ("proportion(1.5)", "proportion(1)"),
        ("round_corner(9999|20,300,0,0)", "round_corner(4096|20,255,0,0,false)"),
        ("watermark(b/k,123456,-99999p,200)", "watermark(b/k,9999,-9999p,100,none,none)"),
        ("watermark(b/it's.png,0,0,0)", "watermark(b/it%27s.png,0,0,0,none,none)"),
        ("format('PNG')", "format(png)"),
        ("format(webp):format(bmp)", "format(webp)"),
        ("rotate(45):rotate(-90)", "rotate(270)"),
        ("garbage(1):brightness(3)", "brightness(3)"),
        ("Brightness(50)", ""),
        ("garbage", ""),
        ("", ""),
    ],
)
def test_a_thumbor_url_is_read_as_thumbor_reads_it(text, taken):
    assert ":".join(str(call) for call in FILTERS.read_leniently(text)[0]) == taken


def test_a_thumbor_url_says_what_was_passed_over():
    text = f"sparkle(1,2):blur(3):format(heic):Blur(1):é\0():{'x' * 99}()"
    assert FILTERS.read_leniently(text)[1] == ("sparkle", "format", "Blur", "\\xe9\\x00", "x" * 40)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("brightness(abc)", "brightness: abc is not a whole number from -100 to 100 (amount)"),
        ("quality(-5)", "quality: -5 is not a whole number from 1 to 100 (percent)"),
        ("rgb(1,2)", "rgb: blue is missing; it is a whole number from -100 to 100; write rgb(red,green,blue)"),
        ("brightness(10)contrast(20)", "brightness: contrast(20) follows without a : between the filters"),
        ("fill(zzz)", "fill: zzz is not a colour"),
        ("convolution(1;2;1;2,2,true)", "convolution: 4 numbers in rows of 2 are not a kernel"),
    ],
)
def test_what_thumbor_cannot_read_is_answered_with_what_would_be_right(text, sentence):
    with pytest.raises(BadArgument, match=re.escape(sentence)):
        FILTERS.read_leniently(text)


def test_more_filters_than_a_thumbor_url_takes_are_refused():
    with pytest.raises(BadRecipe, match="21 filters are too many"):
        FILTERS.read_leniently(":".join(["sparkle()"] * (MOST_FILTERS + 1)))


@given(st.text("ab,():[]'\"1 ") | st.text())
@example("1")  # read
@example("x")  # refused
def test_whatever_stands_in_a_url_is_read_or_refused(text):
    for one in (text, f"blur({text})"):
        try:
            found, skipped = FILTERS.read_leniently(one)
        except BadRecipe as error:
            assert str(error)  # noqa: PT017 - it may also not fail
        else:
            assert FILTERS.read(":".join(map(str, found))) == found
            assert all(name.isascii() for name in skipped)


def test_an_unknown_filter_is_answered_with_the_known_ones():
    with pytest.raises(
        BadRecipe, match=r"There is no filter named sparkle; the filters are autojpg, background_color, blur,"
    ):
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

    def for_nothing():
        """It has no picture."""

    def bare(image: Image.Image, amount=3) -> Image.Image:
        """It has an amount without a type."""
        return image

    def unbounded(image: Image.Image, amount: Annotated[int, Whole]) -> Image.Image:
        """Its amount has a kind, but no bounds."""
        return image

    for wrong in (silent, untyped, staged_nowhere, for_nothing, bare, unbounded):
        with pytest.raises(TypeError, match=wrong.__name__):
            Registry().register([wrong])


@pytest.mark.parametrize("default", [0, 21, None, "3", 2.5])
def test_a_default_that_could_not_be_written_is_refused_at_import(default):
    def posterize(image: Image.Image, levels: Annotated[int, Whole(2, 20)] = default) -> Image.Image:
        """Leave only a few levels."""
        return image

    with pytest.raises(TypeError, match=r"^posterize: the default of levels, .*, is not a whole number from 2 to 20$"):
        Registry().register([posterize])


def test_a_colour_by_default_is_one():
    nothing: Any = None

    def border(image: Image.Image, colour: Colour = nothing) -> Image.Image:
        """Draw a border."""
        return image

    with pytest.raises(TypeError, match=r"^border: the default of colour, None, is not a colour"):
        Registry().register([border])


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
        # (10 * 60 + 255 * 40) / 100, nothing, (250 * 20 + 0 * 80) / 100
        ("colorize(40,0,80,ff8000)", (10, 100, 250), (108, 100, 50)),
        ("colorize(100,100,100,336699)", (10, 100, 250), (51, 102, 153)),
        ("curve([(0,0),(255,255)],[(0,0),(255,255)],[(0,50),(255,50)],[(0,255),(255,0)])", (9, 9, 9), (9, 50, 246)),
        ("sepia(0)", (10, 100, 250), (10, 100, 250)),
        ("sepia(100)", (100, 100, 100), (135, 120, 94)),
        ("tint(ff0000,0)", (10, 100, 250), (10, 100, 250)),
        ("tint(ff0000)", (0, 0, 0), (0, 0, 0)),
        ("tint(ff0000)", (76, 76, 76), (255, 0, 0)),
        ("tint(ff0000)", (255, 255, 255), (255, 255, 255)),
        ("duotone(000080,ffff00)", (0, 0, 0), (0, 0, 128)),
        ("duotone(000080,ffff00)", (255, 255, 255), (255, 255, 0)),
        ("sharpen(5,1,true)", (10, 100, 250), (10, 100, 250)),
        ("sharpen(5,1,false)", (10, 100, 250), (10, 100, 250)),
        ("convolution(1;2;1;2;4;2;1;2;1,3)", (10, 100, 250), (10, 100, 250)),
        ("pixelate(3)", (10, 100, 250), (10, 100, 250)),
        ("noise(0)", (10, 100, 250), (10, 100, 250)),
        ("background_color(red)", (10, 100, 250), (10, 100, 250)),
        ("blur(5)", (10, 100, 250), (10, 100, 250)),
    ],
)
def test_a_colour_becomes_what_thumbor_makes_of_it(text, before, after):
    (call,) = FILTERS.read(text)
    pixel = call(Image.new("RGB", (9, 9), before)).getpixel((4, 4))
    pairs = zip(pixel, after, strict=True) if isinstance(after, tuple) else [(pixel, after)]
    assert all(abs(one - other) <= 1 for one, other in pairs), pixel


PIXELS = [
    "brightness(20)",
    "contrast(-30)",
    "rgb(5,10,-20)",
    "saturation(0.3)",
    "grayscale()",
    "colorize(10,20,30,ff8000)",
    "equalize()",
    "curve([(0,0),(128,180),(255,255)],[(0,20),(255,255)],[(0,0)],[(0,0),(255,200)])",
    "sepia(60)",
    "tint(336699)",
    "duotone(navy,gold)",
    "noise(40)",
    "sharpen(2,1,false)",
    "convolution(0;-1;0;-1;5;-1;0;-1;0,3)",
]

#: Those that change sizes, alpha or edges as well.
OTHERS = [
    "blur(3)",
    "pixelate(3)",
    "outline(0.1x0.2:0.9x0.8)",
    "outline(5x5:300x300,gold)",
    "fill(red)",
    "fill(auto,true)",
    "fill(blur)",
    "fill(transparent)",
    "padding(1,2,3,4,ff0000)",
    "padding(1,2,3,4,blur)",
    "background_color(red)",
    "round_corner(3,255,0,0)",
    "round_corner(3|2,255,0,0,true)",
    "rotate(90)",
    "proportion(0.5)",
    "watermark(b/mark.png,2,-2,50)",
    "watermark(b/mark.png,repeat,center,0,50,none)",
    "frame(b/frame.png)",
]


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


@pytest.mark.parametrize("text", [*PIXELS, *OTHERS])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(8, 8), (1, 1), (1, 9), (40, 3)])
def test_a_filter_takes_every_picture_and_does_not_change_it(text, mode, size):
    picture = Image.new("RGBA", size, (10, 100, 250, 100)).convert(mode)
    before = picture.tobytes()
    result = FILTERS.read(text)[0](picture, Context((20, 10), load=OVERLAYS.__getitem__))
    assert result.mode in ("L", "LA", "RGB", "RGBA")
    assert picture.tobytes() == before


def test_every_pixel_filter_is_tried_on_every_picture():
    tried = {text.partition("(")[0] for text in (*PIXELS, *OTHERS)}
    filters = {name for name, declared in FILTERS.items() if declared.stage is Image.Image}
    assert tried == filters, (
        f"Add {', '.join(filters - tried)} to PIXELS; or to OTHERS, if it changes the size, alpha or edges."
    )


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
        ("orientation(90):orientation(270)", Geometry(turn=90), Geometry(turn=90)),
        ("orientation(-90)", Geometry(), Geometry(turn=270)),
        ("dpr(1.5)", Geometry(width=90, height="orig"), Geometry(width=135, height="orig")),
        ("max_bytes(1000)", Encoding(), Encoding(max_bytes=1000)),
        ("autojpg()", Encoding(), Encoding(png_to_jpeg=True)),
        ("autojpg(false)", Encoding(png_to_jpeg=True), Encoding()),
        ("cover()", Encoding(), Encoding(still=True)),
        ("strip_exif():strip_icc()", Encoding(), Encoding()),
        ("format(jpg)", Encoding(), Encoding("jpeg")),
        ("format(WEBP)", Encoding(), Encoding("webp")),
        ("quality(70)", Encoding(), Encoding(jpeg_quality=70, webp_quality=70, avif_quality=70)),
    ],
)
def test_filters_of_frame_and_file_rewrite_the_recipe(text, before, after):
    for call in FILTERS.read(text):
        before = call(before)
    assert before == after
