"""Recipes of every kind, for hypothesis."""

from hypothesis import strategies as st

from rendering.imaging.box import Box, BoxText
from rendering.imaging.encoding import FORMATS, NEGOTIATED, ORIGINAL, Encoding
from rendering.imaging.errors import TooLarge
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.detail import Weights
from rendering.imaging.filters.grammar.extent import Extent, ExtentText
from rendering.imaging.filters.grammar.lines import LONGEST, Line
from rendering.imaging.filters.grammar.points import MOST_POINTS, Points
from rendering.imaging.filters.grammar.position import Position, PositionText
from rendering.imaging.filters.grammar.radii import RadiiText
from rendering.imaging.filters.overlay import MaxPercent
from rendering.imaging.filters.paint import WORDS, PaintText
from rendering.imaging.focus.edges import Edges
from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry, Halign, Trim, Valign, check_asked
from rendering.imaging.parameters import Flag, Integer, Number, PathText, QuarterTurn, Rgb, Word
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe


@st.composite
def boxes(draw, fractions=None):
    fractions = draw(st.booleans()) if fractions is None else fractions
    sides = st.integers(0, 10**9).map(lambda part: part / 10**9) if fractions else st.integers(0, 999_999).map(float)
    left, right = sorted(draw(st.lists(sides, min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(sides, min_size=2, max_size=2, unique=True)))
    return Box(left, top, right, bottom, fractions)


sides = st.one_of(st.none(), st.just("orig"), st.integers(0, 4096))
grids = st.integers(1, 8).flatmap(lambda width: st.lists(st.binary(min_size=width, max_size=width), min_size=1))
focuses = st.builds(
    Focus,
    st.text(max_size=20),
    st.lists(st.builds(Face, boxes(fractions=True), st.floats(0, 1)), max_size=5).map(tuple),
    st.none() | grids.map(lambda rows: Edges(tuple(rows))),
)
smarts = st.builds(
    Smart, st.sampled_from(["", "rekognition"]), st.floats(0, 5), st.booleans(), st.booleans(), st.none() | focuses
)
geometries = st.builds(
    Geometry,
    width=sides,
    height=sides,
    fit=st.sampled_from(Fit),
    adaptive=st.booleans(),
    enlarge=st.sampled_from([None, True, False]),
    trim=st.one_of(st.none(), st.builds(Trim, st.booleans(), st.integers(0, 510))),
    crop=st.one_of(st.none(), boxes()),
    halign=st.sampled_from(Halign),
    valign=st.sampled_from(Valign),
    smart=st.none() | smarts,
    focal=st.lists(boxes(), max_size=3).map(tuple),
    turn=st.sampled_from([0, 90, 180, 270]),
)


def allowed(geometry):
    """Whether what a recipe asks for in so many words is within the default limits."""
    try:
        check_asked(geometry, Limits())
    except TooLarge:
        return False
    return True


#: What is asked for and not refused.
allowed_geometries = geometries.filter(allowed)
colours = st.tuples(*[st.integers(0, 255)] * 3)


@st.composite
def curves(draw):
    inputs = draw(st.lists(st.integers(0, 255), min_size=1, max_size=MOST_POINTS, unique=True))
    return tuple((before, draw(st.integers(0, 255))) for before in sorted(inputs))


@st.composite
def positions(draw):
    word = draw(st.sampled_from(["", "", "center", "repeat", "outside"]))
    if word == "outside":
        return Position("", -draw(st.integers(1, 9999)), from_end=draw(st.booleans()))
    return (
        Position(word) if word else Position("", draw(st.integers(0, 9999)), draw(st.booleans()), draw(st.booleans()))
    )


#: Bucket and key: every character that a key can have, among them all that mean something in a filter's text.
keys = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from("%'\"(),:;[]| /"), min_size=1
)
paths = keys.filter(str.strip).map(lambda key: f"bucket/{key}")


def values(argument):
    """What an argument can be."""
    if argument.name == "columns":
        return st.sampled_from([1, 3, 9])  # of nine numbers
    parameter = argument.parameter
    match parameter:
        case Integer():
            return st.integers(parameter.low, parameter.high)
        case Number():
            return st.floats(parameter.low, parameter.high).map(lambda value: round(value, 6))
        case Word():
            return st.sampled_from(parameter.words)
        case Rgb():
            return colours
        case BoxText():
            return boxes()
        case Flag():
            return st.booleans()
        case Points():
            return curves()
        case Weights():
            return st.lists(st.floats(-100, 100).map(lambda value: round(value, 6)), min_size=9, max_size=9)
        case MaxPercent():
            return st.integers(0, 100)
        case PaintText():
            return colours | st.sampled_from(WORDS)
        case PositionText():
            return positions()
        case ExtentText():
            return st.builds(Extent, st.integers(0, 9999), st.booleans()) | st.builds(
                Extent, st.integers(0, 9999), less=st.just(True)
            )
        case Line():
            return st.text("aZ 9,()%:/\n“…", min_size=1, max_size=LONGEST).filter(str.strip)
        case RadiiText():
            return st.tuples(st.integers(0, 4096), st.integers(0, 4096))
        case QuarterTurn():
            return st.sampled_from([0, 90, 180, 270])
        case PathText():
            return paths
    raise AssertionError(f"No values for {parameter}")


@st.composite
def calls(draw):
    declared = draw(st.sampled_from(list(FILTERS.values())))
    texts = [argument.parameter.write(draw(values(argument))) for argument in declared.arguments]
    return declared.call(texts)


qualities = st.one_of(st.none(), st.integers(1, 100))
encodings = st.builds(
    Encoding,
    format=st.sampled_from([*FORMATS, ORIGINAL, NEGOTIATED]),
    jpeg_quality=qualities,
    webp_quality=qualities,
    avif_quality=qualities,
    background=colours.map(Rgb().write),
    max_bytes=st.none() | st.integers(1, 10**6),
    png_to_jpeg=st.booleans(),
    still=st.booleans(),
)
recipes = st.builds(Recipe, geometries, encodings, st.lists(calls(), max_size=4).map(tuple))
accepts = st.sampled_from(["avif", "webp", "any"])
