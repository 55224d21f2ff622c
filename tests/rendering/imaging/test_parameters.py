import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.imaging.box import Box, BoxText
from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Flag, Integer, Number, PathText, QuarterTurn, Rgb, Word, excerpt

from .strategies import boxes, paths

NO_PATH = "is not the path of a picture: its bucket, a / and its key, such as brand/logo.png"


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (Integer(-100, 100), "+7", 7),
        (Integer(-100, 100), "-100", -100),
        (Number(0, 10), ".5", 0.5),
        (Number(0, 10), "1.", 1.0),
        (Flag(), "True", True),
        (Flag(), "0", False),
        (Word(("png", "jpeg")), "PNG", "png"),
        (Rgb(), "fff", (255, 255, 255)),
        (Rgb(), "Orange", (255, 165, 0)),
        (QuarterTurn(), "-90", 270),
        (QuarterTurn(), "720", 0),
        (PathText(), "/brand/logo.png", "brand/logo.png"),
        (PathText(), "brand/caf%C3%A9%20%27.png", "brand/café '.png"),
        (PathText(), "brand/50%.png", "brand/50%.png"),
        (BoxText(), "1x2:3x4", Box(1, 2, 3, 4)),
        (BoxText(), "0.0x0:1x1", Box(0, 0, 1, 1, fractions=True)),
    ],
)
def test_a_text_is_read(parameter, text, value):
    assert parameter.read(text) == value


@pytest.mark.parametrize(
    ("parameter", "text", "sentence"),
    [
        (Integer(-100, 100), "300", "300 is not a whole number from -100 to 100"),
        (Integer(-100, 100), "1_0", "1_0 is not a whole number from -100 to 100"),
        (Integer(0, 100), "٣", "٣ is not a whole number from 0 to 100"),
        (QuarterTurn(), "45", "45 is not a multiple of 90"),
        (PathText(), "logo.png", f"logo.png {NO_PATH}"),
        (PathText(), "brand/", f"brand/ {NO_PATH}"),
        (PathText(), "brand/%FF", f"brand/%FF {NO_PATH}"),
        (PathText(), "brand/%00", f"brand/%00 {NO_PATH}"),
        (Number(0, 10), "nan", "nan is not a number from 0 to 10"),
        (Number(0, 10), "1e1", "1e1 is not a number from 0 to 10"),
        (Flag(), "yes", "yes is not true or false"),
        (Word(("png", "jpeg")), "bmp", "bmp is not one of png, jpeg"),
        (Rgb(), "#ffff", "#ffff is not a colour: a name such as white, or hexadecimal digits such as ff8800"),
        (Rgb(), "##fff", "##fff is not a colour: a name such as white, or hexadecimal digits such as ff8800"),
        (Rgb(), "#white", "#white is not a colour: a name such as white, or hexadecimal digits such as ff8800"),
        (Rgb(), "ff\n", r"'ff\n' is not a colour: a name such as white, or hexadecimal digits such as ff8800"),
    ],
)
def test_a_wrong_text_is_answered_with_what_would_be_right(parameter, text, sentence):
    with pytest.raises(BadArgument) as raised:
        parameter.read(text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("text", ["", "1x2", "3x4:1x2", "0.1x0.1:1.5x1", "1x2:3x4:5x6", "-1x0:5x5"])
def test_what_is_no_box_is_refused(text):
    with pytest.raises(BadArgument):
        Box.read(text)


@given(st.integers(-100, 100))
def test_whole_numbers_are_written_as_they_are_read(value):
    assert Integer(-100, 100).read(Integer(-100, 100).write(value)) == value


@given(st.decimals(0, 10, places=9).map(float))
def test_decimal_numbers_are_written_as_they_are_read(value):
    assert Number(0, 10).read(Number(0, 10).write(value)) == value


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_colours_are_written_as_they_are_read(value):
    assert Rgb().read(Rgb().write(value)) == value


@given(paths)
def test_paths_are_written_as_they_are_read_and_need_no_quotes(path):
    text = PathText().write(path)
    assert PathText().read(text) == path
    assert not set(text) & set("'\"(),:;[]| ")


@given(boxes())
def test_boxes_are_written_as_they_are_read(box):
    assert Box.read(str(box)) == box


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x" * 40, "x" * 40), ("x" * 41, "x" * 40 + "…"), ("", "''"), ("a\nb", r"'a\nb'"), ("ä b", "ä b")],
)
def test_what_strangers_write_is_told_in_forty_characters_without_any_that_control(text, shown):
    assert excerpt(text) == shown
