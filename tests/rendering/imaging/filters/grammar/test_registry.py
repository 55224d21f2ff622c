"""Filters as text, read strictly; and what is refused of a filter's declaration at import."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.registry import MOST_FILTERS, Registry
from rendering.imaging.parameters import Colour, Integer

from ...strategies import calls


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
            "watermark(b/k,side,0,0)",
            (
                "watermark: side is not a position: 10 (pixels), 10p (percent), -10 or -10p from the right or bottom, "
                "center, repeat, left, right, top, bottom, or right-20 for 20 pixels outside (x)"
            ),
        ),
        (
            "fill(nothing)",
            (
                "fill: nothing is not a colour: a name such as white, or hexadecimal digits such as ff8800, or "
                "ff880080 with its opacity; or one of auto, blur, transparent (paint)"
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

    def unbounded(image: Image.Image, amount: Annotated[int, Integer]) -> Image.Image:
        """Its amount has a kind, but no bounds."""
        return image

    for wrong in (silent, untyped, staged_nowhere, for_nothing, bare, unbounded):
        with pytest.raises(TypeError, match=wrong.__name__):
            Registry().register([wrong])


@pytest.mark.parametrize("default", [0, 21, None, "3", 2.5])
def test_a_default_that_could_not_be_written_is_refused_at_import(default):
    def posterize(image: Image.Image, levels: Annotated[int, Integer(2, 20)] = default) -> Image.Image:
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
