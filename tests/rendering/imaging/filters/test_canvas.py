import pytest
from PIL import Image

from rendering.imaging.errors import TooLarge
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.frame.geometry import Box, Fit
from rendering.imaging.reading.limits import Limits

from ..pictures import BLUE, GREEN, RED, YELLOW, animation, corners, disc, filtered, gradient, made, near, shown


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("fill(red)", RED),
        ("fill(00f)", BLUE),
        ("fill(00ff00)", GREEN),
        ("fill(auto)", (127, 127, 63)),
    ],
)
def test_what_a_fit_leaves_is_filled(text, colour):
    picture = shown(made(corners(), text, width=60, height=60, fit=Fit.CONTAIN)).convert("RGB")
    assert picture.size == (60, 60)
    assert near(picture.getpixel((30, 3)), colour)
    assert near(picture.getpixel((30, 57)), colour)
    assert near(picture.getpixel((5, 20)), RED)


def test_a_blurred_picture_fills_what_it_leaves():
    picture = shown(made(corners(400, 200), "fill(blur)", width=100, height=100, fit=Fit.CONTAIN))
    assert picture.size == (100, 100)
    assert len(set(picture.crop((0, 0, 100, 20)).get_flattened_data())) > 10


def test_nothing_is_filled_where_no_size_was_asked_for():
    assert made(corners(), "fill(red)").width == 120
    assert made(corners(), "fill(red)", width=60, fit=Fit.CONTAIN).height == 40


@pytest.mark.parametrize(
    ("filters", "geometry", "size", "frame"),
    [
        # A side that was not asked for is the picture's, as the filters before have left it.
        ("rotate(90):fill(blue)", {}, (80, 120), False),
        ("rotate(270):fill(blue)", {"crop": Box(0, 0, 60, 20)}, (20, 60), False),
        ("proportion(0.5):fill(blue)", {}, (60, 40), False),
        ("padding(3,0,0,0,red):fill(blue)", {}, (123, 80), False),
        ("rotate(90):fill(blue)", {"width": 60}, (60, 60), True),
        ("rotate(90):fill(blue)", {"height": 20}, (20, 20), False),
        ("proportion(0.5):fill(blue)", {"width": 60}, (60, 20), True),
        ("rotate(90):fill(blue)", {"width": 200, "fit": Fit.CONTAIN}, (200, 120), True),
        # One that was asked for stays, and so do both of a picture that was scaled to fit.
        ("proportion(0.5):fill(blue)", {"width": 60, "height": 40}, (60, 40), True),
        ("proportion(0.5):fill(blue)", {"width": 60, "fit": Fit.CONTAIN}, (60, 40), True),
        ("rotate(90):fill(blue)", {"width": 60, "fit": Fit.CONTAIN}, (60, 40), True),
        ("proportion(0.5):fill(blue)", {"width": 60, "height": 60, "fit": Fit.OUTSIDE}, (90, 60), True),
    ],
)
def test_a_fill_goes_by_the_sides_that_were_asked_for(filters, geometry, size, frame):
    picture = shown(made(Image.new("RGB", (120, 80), RED), filters, **geometry)).convert("RGB")
    assert picture.size == size
    seen = {colour for _, colour in picture.getcolors()}
    assert seen == ({RED, BLUE} if frame else {RED})


@pytest.mark.parametrize("hidden", [GREEN, (255, 255, 255), (0, 0, 0)])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_blurred_ground_is_as_transparent_as_the_picture(mode, hidden):
    image = Image.new("RGBA", (80, 40), (*hidden, 0))
    image.paste((*RED, 255), (20, 10, 60, 30))
    red = image.convert("RGB" if mode == "RGBA" else "L").convert("RGB").getpixel((40, 20))
    around = filtered(image.convert(mode), "fill(blur)", Context((80, 80)))
    bar = around.crop((0, 0, 80, 20))
    assert len(set(bar.getchannel("A").get_flattened_data())) > 10, "soft"
    assert near(bar.getpixel((40, 10))[:3], red, 3), "of no hidden colour"
    assert around.getpixel((2, 40))[3] == 0
    assert filtered(image.convert("RGB"), "fill(blur)", Context((80, 80))).mode == "RGB"


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("f008", (255, 0, 0, 136)), ("%23f008", (255, 0, 0, 136)), ("FF000080", (255, 0, 0, 128)),
        ("0000ff00", (0, 0, 255, 0)), ("00fF", BLUE), ("0000ffff", BLUE),
    ],
)  # fmt: skip
def test_a_colour_may_have_an_opacity(colour, ink):
    colour = colour.replace("%23", "#")
    picture = filtered(Image.new("RGB", (20, 10), GREEN), f"fill({colour})", Context((20, 20)))
    assert picture.getpixel((10, 2)) == ink
    assert picture.getpixel((10, 10))[:3] == GREEN
    behind = filtered(disc(), f"background_color({colour})")
    assert behind.getpixel((2, 2))[3:] == ink[3:]
    assert near(behind.getpixel((60, 40))[:3], RED, 0)
    assert filtered(Image.new("RGB", (20, 10), GREEN), f"padding(1,1,1,1,{colour})").getpixel((0, 0)) == ink


def test_transparent_fills_are_transparent():
    picture = shown(made(corners(), "fill(transparent)", width=60, height=60, fit=Fit.CONTAIN))
    assert picture.getpixel((30, 3))[3] == 0
    assert picture.getpixel((5, 20))[3] == 255


def test_a_fill_shows_through_only_where_it_is_told_to():
    around = filtered(disc(), "fill(blue)", Context((120, 120)))
    through = filtered(disc(), "fill(blue,true)", Context((120, 120)))
    assert (around.mode, through.mode) == ("RGBA", "RGB")
    assert around.getpixel((60, 3)) == (*BLUE, 255)
    assert around.getpixel((3, 60))[3] == 0
    assert through.getpixel((3, 60)) == BLUE
    assert through.getpixel((60, 60)) == RED


def test_a_mean_colour_leaves_hidden_pixels_out():
    assert filtered(disc(), "fill(auto)", Context((120, 120))).getpixel((60, 3)) == (*RED, 255)


def test_padding_goes_around_the_picture():
    picture = filtered(corners(), "padding(1,2,3,4,00f)")
    assert picture.size == (124, 86)
    assert picture.getpixel((0, 40)) == picture.getpixel((60, 1)) == picture.getpixel((60, 85)) == BLUE
    assert picture.getpixel((1, 2)) == RED
    assert picture.getpixel((120, 81)) == YELLOW


def test_corners_are_rounded_off_with_a_colour():
    picture = filtered(corners(), "round_corner(20|30,0,0,255)")
    for x, y in ((0, 0), (119, 0), (0, 79), (119, 79), (2, 10), (10, 2)):
        assert near(picture.getpixel((x, y)), BLUE)
    assert near(picture.getpixel((20, 1)), RED)
    assert near(picture.getpixel((1, 30)), RED)
    edge = {picture.getpixel((x, 5)) for x in range(20)}
    assert len(edge) > 2, "the edge is smooth"


def test_corners_are_rounded_off_to_transparent_and_stay_so():
    picture = filtered(disc(40, 40), "round_corner(10,255,0,0,true)")
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.getpixel((20, 20))[3] == 255
    assert filtered(corners(), "round_corner(400,255,0,0,true)").getpixel((60, 40))[3] == 255
    assert filtered(corners(), "round_corner(0,255,0,0)").tobytes() == corners().tobytes()


def test_a_colour_rounds_off_no_more_than_is_to_be_seen():
    picture = filtered(disc(40, 40), "round_corner(15,0,0,255)")
    assert picture.getchannel("A").tobytes() == disc(40, 40).getchannel("A").tobytes()
    assert near(filtered(disc(40, 40), "round_corner(20,0,0,255)").getpixel((20, 20)), (*RED, 255))
    square = Image.new("RGBA", (40, 40), (*RED, 128))
    assert filtered(square, "round_corner(15,0,0,255)").getpixel((0, 0)) == (*BLUE, 128)
    assert filtered(square.convert("LA"), "round_corner(15,0,0,255)").getpixel((0, 0)) == (*BLUE, 128)


@pytest.mark.parametrize(
    ("degrees", "first"), [(0, RED), (90, GREEN), (180, YELLOW), (270, BLUE), (-90, BLUE), (450, GREEN)]
)
def test_a_picture_is_turned_counter_clockwise(degrees, first):
    picture = filtered(corners(), f"rotate({degrees})")
    assert picture.size == ((120, 80) if degrees % 180 == 0 else (80, 120))
    assert picture.getpixel((3, 3)) == first


@pytest.mark.parametrize(
    ("factor", "size"),
    [("0.5", (60, 40)), ("0.333", (39, 26)), ("1", (120, 80)), ("0.0125", (1, 1)), ("0.0124", (120, 80))],
)
def test_a_proportion_is_rounded_down_and_leaves_no_side_without_a_pixel(factor, size):
    assert filtered(corners(), f"proportion({factor})").size == size


@pytest.mark.parametrize(
    ("filters", "geometry"),
    [
        ("padding(4000,0,97,0)", {}),
        ("padding(0,4000,0,100)", {}),
        ("padding(4000,3900,0,0)", {}),
        (":".join(["padding(300,300,300,300)"] * 20), {}),
        ("fill(red)", {"width": 4096, "height": 4096, "fit": Fit.CONTAIN}),
    ],
)
def test_no_filter_makes_a_picture_larger_than_is_allowed(filters, geometry):
    with pytest.raises(TooLarge, match="The filters make a picture of"):
        made(gradient(), filters, **geometry)


def test_no_filter_makes_an_animation_larger_than_is_allowed():
    limits = Limits(frame_pixels=4 * 80 * 60)
    assert made(animation(4), "padding(10,10,10,10)", to="gif", limits=limits).frames == 4
    with pytest.raises(TooLarge, match="The filters make 4 frames of 81 x 60 pixels"):
        made(animation(4), "padding(11,10,10,10)", to="gif", limits=limits)


def test_frames_are_filtered_one_by_one():
    derivative = made(animation(4), "grayscale():padding(1,1,1,1,white):rotate(90)", to="webp")
    assert (derivative.frames, derivative.width, derivative.height) == (4, 42, 62)


def test_an_alpha_that_hides_nothing_is_dropped():
    assert made(corners(), "fill(white,true)", to="auto", width=90, height=90, fit=Fit.CONTAIN).type == "image/png"
    assert shown(made(corners(), "round_corner(0,0,0,0,true)")).mode == "RGB"
    assert Image.Image.getbbox(shown(made(disc(), "background_color(red)"))) is not None


def test_a_background_shows_through_what_is_transparent():
    picture = corners(8, 8)
    picture.putalpha(0)
    laid = FILTERS.read("background_color(ff8800)")[0](picture)
    assert (laid.mode, laid.getpixel((4, 4))) == ("RGB", (255, 136, 0))


@pytest.mark.parametrize(
    ("arguments", "box"),
    [
        ("10,20,30,15", (10, 20, 40, 35)),
        ("0.1,0.5,0.5,0.25", (10, 30, 60, 45)),
        ("90,50,500,500", (90, 50, 100, 60)),
        ("0,0,100,60", (0, 0, 100, 60)),
        ("200,0,10,10", (0, 0, 100, 60)),
        ("10,10,0,10", (0, 0, 100, 60)),
    ],
)
def test_a_part_is_cut_out_of_the_finished_picture(arguments, box):
    picture = gradient(100, 60)
    assert filtered(picture, f"crop({arguments})").tobytes() == picture.crop(box).tobytes()
