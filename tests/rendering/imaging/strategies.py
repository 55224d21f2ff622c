"""Recipes of every kind, for hypothesis."""

from hypothesis import strategies as st

from rendering.imaging.box import Box, BoxText
from rendering.imaging.encoding import FORMATS, NEGOTIATED, ORIGINAL, Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.geometry import Fit, Geometry, Halign, Valign
from rendering.imaging.parameters import Number, Rgb, Whole, Word
from rendering.imaging.recipe import Recipe


@st.composite
def boxes(draw):
    fractions = draw(st.booleans())
    sides = st.integers(0, 10**9).map(lambda part: part / 10**9) if fractions else st.integers(0, 999_999).map(float)
    left, right = sorted(draw(st.lists(sides, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(sides, min_size=2, max_size=2, unique=True)))
    return Box(left, top, right, bottom, fractions)


sides = st.one_of(st.none(), st.just("orig"), st.integers(0, 4096))
geometries = st.builds(
    Geometry,
    width=sides,
    height=sides,
    fit=st.sampled_from(Fit),
    adaptive=st.booleans(),
    enlarge=st.sampled_from([None, True, False]),
    crop=st.one_of(st.none(), boxes()),
    halign=st.sampled_from(Halign),
    valign=st.sampled_from(Valign),
    focal=st.lists(boxes(), max_size=3).map(tuple),
)


def values(parameter):
    """What an argument of that type can be."""
    match parameter:
        case Whole():
            return st.integers(parameter.low, parameter.high)
        case Number():
            return st.decimals(parameter.low, parameter.high, places=6).map(float)
        case Word():
            return st.sampled_from(parameter.words)
        case Rgb():
            return st.tuples(*[st.integers(0, 255)] * 3)
        case BoxText():
            return boxes()
    raise AssertionError(f"No values for {parameter}")


@st.composite
def calls(draw):
    declared = draw(st.sampled_from(list(FILTERS.values())))
    texts = [argument.parameter.write(draw(values(argument.parameter))) for argument in declared.arguments]
    return declared.call(texts)


qualities = st.one_of(st.none(), st.integers(1, 100))
encodings = st.builds(
    Encoding,
    format=st.sampled_from([*FORMATS, ORIGINAL, NEGOTIATED]),
    jpeg_quality=qualities,
    webp_quality=qualities,
    avif_quality=qualities,
    background=st.tuples(*[st.integers(0, 255)] * 3),
)
recipes = st.builds(Recipe, geometries, encodings, st.lists(calls(), max_size=4).map(tuple))
accepts = st.sampled_from(["avif", "webp", "any"])
