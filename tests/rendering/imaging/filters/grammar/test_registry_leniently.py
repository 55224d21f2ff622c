"""Filters in Thumbor URLs: read as Thumbor reads them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.registry import MOST_FILTERS

from ...strategies import calls


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
