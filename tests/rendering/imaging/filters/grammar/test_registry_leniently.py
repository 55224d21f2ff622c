"""Filters in Thumbor URLs: read as Thumbor reads them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.registry import MOST_FILTERS
from rendering.imaging.recipe import Recipe

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
        ("saturation(-1):saturation(-99)", "saturation(-1):saturation(-10)"),
        ("proportion(-0.5)", "proportion(0)"),
        ("blur(3,-2)", "blur(3,2)"),
        ("sharpen(2,-1,true)", "sharpen(2,-1,true)"),
        ("watermark(b/k,0,0,0,-20,20)", "watermark(b/k,0,0,0,none,20)"),
        ("watermark(b/k,0,0,0,5000)", "watermark(b/k,0,0,0,1000,none)"),
        ("rotate(-4500):rotate(3690)", "rotate(180):rotate(90)"),
        ("focal(300x200:100x50)", "focal(100x50:300x200)"),
        ("focal(300x50:100x200)", "focal(100x50:300x200)"),
        ("fill(F008):fill(00ff00FF)", "fill(ff000088,false):fill(00ff00,false)"),
        ("brightness(10)contrast(20)", "brightness(10)"),
        ("Brightness(50)", ""),
        ("garbage", ""),
        ("", ""),
    ],
)
def test_a_thumbor_url_is_read_as_thumbor_reads_it(text, taken):
    assert ":".join(str(call) for call in FILTERS.read_leniently(text)[0]) == taken


def test_a_thumbor_url_says_what_was_passed_over():
    text = f"sparkle(1,2):blur(3):format(heic):Blur(1):é\0():{'x' * 99}()"
    _, skipped = FILTERS.read_leniently(text)
    assert [each.name for each in skipped] == ["sparkle", "format", "Blur", "\\xe9\\x00", "x" * 40]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("brightness(abc)", "brightness: abc is not a whole number from -100 to 100 (amount)"),
        ("quality(-5)", "quality: -5 is not a whole number from 1 to 100 (percent)"),
        ("rgb(1,2)", "rgb: blue is missing; it is a whole number from -100 to 100; write rgb(red,green,blue)"),
        ("brightness(10)contrast(20)", "brightness: contrast(20) follows without a : between the filters"),
        ("fill(zzz)", "fill: zzz is not a colour"),
        ("convolution(1;2;1;2,2,true)", "convolution: 4 numbers in rows of 2 are not a kernel"),
        ("noise(-5)", "noise: -5 is not a whole number from 0 to 255 (amount)"),
        ("round_corner(-5,0,0,0)", "round_corner: -5 is not a whole number from 0 to 4096, or two such as 20|50"),
        ("focal(0x0:0x0)", "focal: 0x0:0x0 is empty"),
        ("focal(100x80:100x20)", "focal: 100x80:100x20 is empty"),
        ("blur(1.5)", "blur: 1.5 is not a whole number"),
        ("rotate(45)", "rotate: 45 is not a multiple of 90"),
        ("grayscale(true)", "grayscale: too many arguments (1); write grayscale()"),
        ("watermark(b/k.png,10,10)", "watermark: transparency is missing"),
        ("round_corner(9,0,0,0,TRUE)", "round_corner: TRUE is not true or false"),
        ("blur(3,)", "blur: 3, has an empty argument; leave its comma out, or write what it is"),
        ("watermark(b/k.png,0,10,0,,50)", "watermark: b/k.png,0,10,0,,50 has an empty argument"),
        ("blur((3", "blur: (3 has brackets or quotes that are not closed"),
        ("sparkle(1)", "There is no filter named sparkle; the filters are autojpg, "),
    ],
)
def test_what_cannot_be_applied_is_skipped_and_says_what_would_be_right(text, sentence):
    calls, (skipped,) = FILTERS.read_leniently(f"brightness(3):{text}")
    assert str(calls[0]) == "brightness(3)"
    assert len(calls) == (2 if "contrast" in text else 1)
    assert skipped.name == ("contrast" if "contrast" in text else text.partition("(")[0])
    assert sentence in str(skipped.why)


@pytest.mark.parametrize("path", ["/", "b/", "/b/", "//k", "b/%00.png", "%FF"])
def test_a_mark_that_can_be_none_refuses_the_picture(path):
    with pytest.raises(BadRecipe, match="is not the path of a picture"):
        FILTERS.read_leniently(f"watermark({path},0,0,0)")


def test_a_mark_may_be_a_key_alone_whose_bucket_the_url_has_to_say():
    (call,), _ = FILTERS.read_leniently("watermark(logo.png,0,0,0)")
    assert Recipe(filters=(call,)).overlays == ("logo.png",)


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
            assert all(each.name.isascii() and str(each.why) for each in skipped)
