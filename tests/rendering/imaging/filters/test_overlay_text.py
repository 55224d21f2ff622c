"""Text over a picture: how high, where, in which lines, in which letters, and at what cost."""

import pytest
from PIL import Image

from rendering.imaging.errors import BadArgument
from rendering.imaging.filters import FILTERS, effects
from rendering.imaging.filters.effects import font
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.filters.grammar.lines import BEYOND_ASCII

from ..pictures import filtered


def written(arguments):
    """Where a blue text stands, on white of 300 x 120 pixels."""
    picture = filtered(Image.new("RGB", (300, 120), (255, 255, 255)), f"text({arguments})").convert("RGB")
    return picture.getchannel("R").point([255 * (level == 0) for level in range(256)]).getbbox()


def test_text_is_as_high_as_it_is_told_and_where_it_is_told():
    left, top, right, bottom = written("Hxg,0,0,60,0000ff")
    assert (left <= 8, top) == (True, 0)
    assert 50 <= bottom <= 66
    assert 60 <= right <= 130
    across, down = written("Hxg,right,bottom,60,0000ff")[2:]
    assert across >= 285
    assert down >= 110
    small = written("Hxg,0,0,20,0000ff")
    assert small[2] * 2 < right
    assert written("Hxg,400,0,20,0000ff") is None


def test_lines_of_text_are_wrapped_between_words_and_end_where_they_are_told():
    one = written("one%20two%20three,0,0,20,0000ff")
    wrapped = written("one%20two%20three,0,0,20,0000ff,0,25p")
    assert wrapped[2] <= 75 < one[2]
    assert wrapped[3] > 1.5 * one[3]
    assert written("one%20two%0Athree,0,0,20,0000ff")[3] == wrapped[3]
    assert written("oneandtwo,0,0,20,0000ff,0,10")[3] == written("oneandtwo,0,0,20,0000ff")[3]


def test_the_font_has_all_that_may_be_written_and_nothing_that_may_not_is_written():
    missing = bytes(font(30).getmask("日"))
    for character in (*map(chr, range(33, 127)), *BEYOND_ASCII):
        assert bytes(font(30).getmask(character)) != missing, character
    for character in "ü日€é":
        assert bytes(font(30).getmask(character)) == missing
        with pytest.raises(BadArgument, match="the font has"):
            FILTERS.read(f"text({character})")


def test_no_more_of_a_text_is_drawn_than_the_picture_shows(monkeypatch):
    """A long line far above another: the whole text has 160 million pixels, and its letters 5 million."""
    lines = "W" * 60 + "%0A" * 60 + "W" * 60
    drawn, draw = [], effects.Letters.drawn

    def noted(letters, part, colour):
        drawn.append(part)
        return draw(letters, part, colour)

    monkeypatch.setattr(effects.Letters, "drawn", noted)
    assert written(f"{lines},0,0,200,0000ff")[2:] == (300, 120)
    assert written(f"{lines},right,bottom,200,0000ff")[:2] == (0, 0)
    assert [(right - left, bottom - top) for left, top, right, bottom in drawn] == [(300, 120), (300, 120)]


def test_what_text_costs_grows_with_its_letters():
    short, long = (FILTERS.read(f"text({'M' * count},0,0,200)")[0] for count in (10, 200))
    assert long.cost((100, 100), Context())[0] > 15 * short.cost((100, 100), Context())[0]
    with pytest.raises(BadArgument, match="at most 200"):
        FILTERS.read(f"text({'M' * 201})")
    with pytest.raises(BadArgument, match="from 4 to 200"):
        FILTERS.read("text(M,0,0,201)")
