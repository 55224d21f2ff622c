import pytest
from PIL import Image

from rendering.imaging.errors import BadArgument, BadRecipe, BrokenPicture, TooLarge
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.filters.grammar.position import Position, PositionText
from rendering.imaging.filters.overlay import mark_corners, scaled_size

from ..pictures import (
    BLUE,
    GREEN,
    RED,
    animation,
    corners,
    difference,
    disc,
    filtered,
    gradient,
    made,
    near,
    nine_patch,
    saved,
    shown,
)

MARK = Image.new("RGB", (20, 10), BLUE)
WHITE = Image.new("RGB", (100, 60), (255, 255, 255))


def marked(arguments, mark=MARK, image=WHITE):
    return filtered(image, f"watermark(b/mark.png,{arguments})", Context(load={"b/mark.png": mark}.__getitem__))


def box_of(picture, colour=BLUE):
    """Where a colour is."""
    return (
        picture.convert("RGB")
        .point([255 * (level == 0) for level in range(256)] * 2 + [0] * 256)
        .convert("L")
        .getbbox()
    )


@pytest.mark.parametrize(
    ("arguments", "box"),
    [
        ("5,7,0", (5, 7, 25, 17)),
        ("-5,-7,0", (75, 43, 95, 53)),
        ("-0,0,0", (80, 0, 100, 10)),
        ("10p,50p,0", (10, 30, 30, 40)),
        ("-10p,-50p,0", (70, 20, 90, 30)),
        ("center,center,0", (40, 25, 60, 35)),
        ("90,55,0", (90, 55, 100, 60)),
        ("0,0,0,50", (0, 0, 50, 25)),
        ("0,0,0,none,50", (0, 0, 60, 30)),
        ("0,0,0,80,10", (0, 0, 12, 6)),
        ("0,0,0,none,150", (0, 0, 100, 60)),
        ("200,200,0", None),
    ],
)
def test_a_mark_goes_where_it_is_told(arguments, box):
    assert box_of(marked(arguments)) == box


@pytest.mark.parametrize("picture", [(200, 20), (37, 91)])
@pytest.mark.parametrize("mark", [(40, 30), (2, 200)])
@pytest.mark.parametrize("ratios", ["50", "90,90", "none,900"])
@pytest.mark.parametrize("position", ["0,0", "-0,-0", "center,center", "-5,7", "repeat,repeat"])
def test_a_mark_is_scaled_in_proportion_and_cut_off_where_it_is_larger(picture, mark, ratios, position):
    """As if the whole mark were scaled, and then laid over."""
    across, down = (*(0 if ratio == "none" else int(ratio) for ratio in ratios.split(",")), 0)[:2]
    size = scaled_size(mark, picture, across, down)
    assert abs(size[0] * mark[1] - size[1] * mark[0]) <= max(mark), "in proportion, to the pixel"
    ground = Image.new("RGB", picture, (255, 255, 255))
    found = marked(f"{position},0,{ratios}", corners(*mark), ground)
    whole = Image.new("RGB", picture, (255, 255, 255))
    x, y = (PositionText().read(text) for text in position.split(","))
    for corner in mark_corners(picture, size, x, y):
        whole.paste(corners(*mark).resize(size, Image.Resampling.LANCZOS), corner)
    # Pillow resizes rows or columns first, whichever is cheaper, and clips what overshoots in between.
    assert difference(found, whole) < 2


def test_of_a_long_thin_mark_no_more_is_made_than_is_in_sight():
    # All of it would be 500 x 2,048,000 pixels.
    picture = marked("0,0,0,50", Image.new("RGB", (1, 4096), BLUE), Image.new("RGB", (1000, 100), (255, 255, 255)))
    assert box_of(picture) == (0, 0, 500, 100)


def test_a_negative_percentage_counts_for_none_in_a_thumbor_url():
    (call,), skipped = FILTERS.read_leniently("watermark(b/k,0,0,0,-20,20)")
    assert (str(call), skipped) == ("watermark(b/k,0,0,0,none,20)", ())
    with pytest.raises(BadArgument, match="-20 is not a whole number"):
        FILTERS.read("watermark(b/k,0,0,0,-20,20)")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((40, 30), [(0, 0), (0, 30), (60, 0), (60, 30)]),
        ((20, 60), [(0, 0), (20, 0), (40, 0), (60, 0), (80, 0)]),
        ((70, 60), [(0, 0), (80, 0)]),  # two do not fit: side by side, with a gap
        ((200, 60), [(0, 0)]),
        # Whole pixels apart: 10 / 2 of them across, and of 60 - 7 * 8 = 4 none down.
        ((30, 7), [(left, 7 * row) for left in (0, 35, 70) for row in range(8)]),
    ],
)
def test_repeated_marks_are_spread_evenly(size, expected):
    assert mark_corners((100, 60), size, Position("repeat"), Position("repeat")) == expected


def test_marks_that_would_be_hundreds_are_few():
    found = mark_corners((100, 60), (2, 2), Position("repeat"), Position("repeat"))
    assert len(found) == 36
    assert found[-1] == (95, 55)  # 17 pixels between them across, and 9 down


def test_one_row_of_marks():
    found = mark_corners((100, 60), (20, 10), Position("repeat"), PositionText().read("-5"))
    assert found == [(0, 45), (20, 45), (40, 45), (60, 45), (80, 45)]


def test_a_mark_shows_as_much_as_it_is_told():
    assert near(marked("0,0,0").getpixel((5, 5)), BLUE, 0)
    assert near(marked("0,0,50").getpixel((5, 5)), (128, 128, 255), 2)
    assert marked("0,0,100").tobytes() == WHITE.tobytes()


def test_a_mark_keeps_its_own_transparency():
    picture = marked("0,0,0", disc(40, 40), corners())
    assert picture.mode == "RGB"
    assert near(picture.getpixel((0, 0)), RED)
    assert marked("0,0,0", disc(40, 40), disc(120, 80, BLUE)).mode == "RGBA"


def test_a_grey_picture_takes_a_coloured_mark():
    assert marked("0,0,0", image=WHITE.convert("L")).getpixel((5, 5)) == BLUE


def test_a_frame_goes_around_the_content_and_is_stretched():
    picture = filtered(corners(), "frame(b/f.png)", Context(load={"b/f.png": nine_patch(20, 6, 4)}.__getitem__))
    assert picture.size == (128, 88)
    assert picture.getpixel((0, 0)) == picture.getpixel((64, 5)) == picture.getpixel((5, 44)) == (*RED, 255)
    assert picture.getpixel((120, 8)) == (*GREEN, 255)
    assert picture.getpixel((127, 87)) == (*RED, 255)
    assert picture.getpixel((127 - 6, 40)) == (*GREEN, 255)


def test_a_frame_without_marks_is_refused():
    with pytest.raises(BadRecipe, match="The frame is not a nine-patch picture"):
        filtered(corners(), "frame(b/f.png)", Context(load={"b/f.png": corners()}.__getitem__))


def test_a_frame_without_a_place_for_the_content_has_it_where_it_stretches():
    frame = nine_patch(20, 6, 4)
    frame.paste((0, 0, 0, 0), (0, 21, 22, 22))
    frame.paste((0, 0, 0, 0), (21, 0, 22, 22))
    assert filtered(corners(), "frame(b/f.png)", Context(load={"b/f.png": frame}.__getitem__)).size == (132, 92)


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (11, 200)])
def test_a_frame_larger_than_the_picture_is_made_smaller(size):
    picture = Image.new("RGB", size, BLUE)
    framed = filtered(picture, "frame(b/f.png)", Context(load={"b/f.png": nine_patch(20, 9, 0)}.__getitem__))
    assert framed.size == size


def test_overlays_are_read_once_and_opened_as_carefully_as_originals():
    asked = []

    def overlay(path):
        asked.append(path)
        return saved(MARK)

    derivative = made(
        animation(4), "watermark(b/mark.png,0,0,0):watermark(b/mark.png,30,0,0)", to="webp", overlay=overlay
    )
    assert asked == ["b/mark.png"]
    assert near(shown(derivative).convert("RGB").getpixel((5, 5)), BLUE, 30)


@pytest.mark.parametrize(("content", "error"), [(b"<svg/>", BadRecipe), (saved(corners())[:200], BrokenPicture)])
def test_an_overlay_that_is_no_picture_is_named(content, error):
    with pytest.raises(error, match=r"The overlay b/mark.png cannot be used. The file"):
        made(corners(), "watermark(b/mark.png,0,0,0)", overlay=lambda path: content)


def test_without_anything_to_read_overlays_a_recipe_with_one_is_refused():
    with pytest.raises(BadRecipe, match="This recipe lays another picture over the original"):
        made(corners(), "watermark(b/mark.png,0,0,0)")


def test_what_the_reader_of_overlays_raises_comes_through():
    def overlay(path):
        raise FileNotFoundError(path)

    with pytest.raises(FileNotFoundError):
        made(corners(), "frame(b/f.png)", overlay=overlay)


def test_a_large_overlay_is_reduced_and_a_frame_that_makes_too_much_refused():
    large = saved(gradient(5000, 100))
    assert made(corners(), "watermark(b/mark.png,0,0,0)", overlay=lambda path: large).width == 120
    with pytest.raises(TooLarge, match="The filters make"):
        made(gradient(4090, 20), "frame(b/f.png)", overlay=lambda path: saved(nine_patch()))


@pytest.mark.parametrize("colour", ["black", "white"])
@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 1), (2, 2), (1, 90), (90, 1), (2, 90), (90, 2), (3, 2)])
def test_a_frame_without_room_for_marks_and_a_picture_is_refused(size, colour):
    tiny = Image.new("RGB", size, colour)
    with pytest.raises(BadRecipe, match=f"not a nine-patch picture: it has {size[0]} x {size[1]} pixels"):
        filtered(WHITE, "frame(b/tiny.png)", Context(load=lambda path: tiny))


def test_the_smallest_frame_there_can_be_is_one_pixel_with_marks_around_it():
    smallest = Image.new("RGB", (3, 3), "black")
    framed = filtered(WHITE, "frame(b/tiny.png)", Context(load=lambda path: smallest))
    assert framed.size == WHITE.size


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 1), (3, 1), (1, 90)])
@pytest.mark.parametrize("arguments", ["0,0,0", "repeat,repeat,50", "center,-1p,0,100,100", "repeat,0,0,none,1"])
def test_the_tiniest_marks_are_laid_over_the_tiniest_pictures(size, arguments):
    mark, image = Image.new("RGB", size, BLUE), Image.new("RGB", size[::-1], RED)
    assert marked(arguments, mark, image).size == image.size


@pytest.mark.parametrize(
    ("arguments", "box"),
    [
        ("left-15,top-5,0", (0, 0, 5, 5)),
        ("right-15,bottom-5,0", (95, 55, 100, 60)),
        ("l,b,0", (0, 50, 20, 60)),
        ("right,center,0", (80, 25, 100, 35)),
    ],
)
def test_a_mark_lies_at_an_end_or_beyond_it(arguments, box):
    assert box_of(marked(arguments)) == box


@pytest.mark.parametrize(
    ("arguments", "box"),
    [
        ("", (0, 0, 20, 10)),
        ("5,5,0,40,0", (5, 5, 45, 25)),
        ("0,0,0,0,30", (0, 0, 60, 30)),
        ("0,0,0,10,10", (0, 0, 10, 10)),
        ("0,0,0,50p,50p,stretch", (0, 0, 50, 30)),
        ("0,0,0,10,10,contain", (0, 0, 10, 5)),
        ("0,0,0,100p,-20,contain", (0, 0, 20, 10)),
        ("center,center,0,-20,-20,stretch", (10, 10, 90, 50)),
    ],
)
def test_a_picture_is_laid_over_at_a_size_of_its_own(arguments, box):
    mark = {"b/mark.png": MARK}.__getitem__
    text = f"image(b/mark.png,{arguments})" if arguments else "image(b/mark.png)"
    assert box_of(filtered(WHITE, text, Context(load=mark))) == box


def test_a_picture_that_is_cut_keeps_its_middle():
    mark = Image.new("RGB", (30, 10), RED)
    mark.paste(BLUE, (10, 0, 20, 10))
    picture = filtered(WHITE, "image(b/mark.png,0,0,0,10,10)", Context(load={"b/mark.png": mark}.__getitem__))
    assert box_of(picture) == (0, 0, 10, 10)


def test_a_picture_over_the_limits_is_refused_before_it_is_scaled():
    context = Context(load={"b/mark.png": MARK}.__getitem__, measure=lambda path: MARK.size)
    (call,) = FILTERS.read("image(b/mark.png,0,0,0,9999,0)")
    with pytest.raises(TooLarge):
        call.cost((100, 60), context)
    with pytest.raises(TooLarge):
        call(WHITE, context)
