"""The dialect: text to recipe, recipe to text."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from rendering.dialects.thumbor import parts, read, write
from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Fit, Geometry, Halign, Trim, Valign
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

LIMITS = Limits()
IMAGE = "b/k.jpg"

TABLE = [
    ("", Geometry()),
    ("300x200", Geometry(width=300, height=200)),
    ("300x", Geometry(width=300)),
    ("x200", Geometry(height=200)),
    ("-300x-200", Geometry(width=300, height=200, flip_horizontally=True, flip_vertically=True)),
    ("-x-", Geometry(flip_horizontally=True, flip_vertically=True)),
    ("-x", Geometry(flip_horizontally=True)),
    ("origx200", Geometry(width="orig", height=200)),
    ("fit-in/300x200", Geometry(width=300, height=200, fit=Fit.CONTAIN)),
    ("full-fit-in/300x200", Geometry(width=300, height=200, fit=Fit.OUTSIDE)),
    ("adaptive-fit-in/300x200", Geometry(width=300, height=200, fit=Fit.CONTAIN, adaptive=True)),
    ("adaptive-full-fit-in/300x200", Geometry(width=300, height=200, fit=Fit.OUTSIDE, adaptive=True)),
    ("trim", Geometry(trim=Trim())),
    ("trim:bottom-right:20", Geometry(trim=Trim(True, 20))),
    ("10x20:300x400", Geometry(crop=Box(10, 20, 300, 400))),
    ("0.1x0.2:0.9x0.8", Geometry(crop=Box(0.1, 0.2, 0.9, 0.8, fractions=True))),
    ("left/top", Geometry(halign=Halign.LEFT, valign=Valign.TOP)),
    ("bottom", Geometry(valign=Valign.BOTTOM)),
    ("smart", Geometry(smart=Smart())),
    (
        "trim:top-left:5/10x20:300x400/fit-in/-300x200/right/bottom/smart",
        Geometry(
            trim=Trim(False, 5),
            crop=Box(10, 20, 300, 400),
            fit=Fit.CONTAIN,
            width=300,
            height=200,
            flip_horizontally=True,
            halign=Halign.RIGHT,
            valign=Valign.BOTTOM,
            smart=Smart(),
        ),
    ),
]


@pytest.mark.parametrize(("text", "geometry"), TABLE)
def test_the_grammar_both_ways(text, geometry):
    path = f"{text}/{IMAGE}" if text else IMAGE
    said = read(path, LIMITS)
    assert (said.recipe.geometry, said.image) == (geometry, IMAGE)
    assert write(said.recipe, said.image) == path


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0x0/b/k.jpg", "b/k.jpg"),
        ("x/b/k.jpg", "b/k.jpg"),
        ("00200x0200/b/k.jpg", "200x200/b/k.jpg"),
        ("center/middle/b/k.jpg", "b/k.jpg"),
        ("100x100:10x10/b/k.jpg", "b/k.jpg"),
        ("10x20:10x400/b/k.jpg", "b/k.jpg"),
        ("10x20:300x20/b/k.jpg", "b/k.jpg"),
        ("trim:top-left/b/k.jpg", "trim/b/k.jpg"),
        ("99999x99999/b/k.jpg", "4096x4096/b/k.jpg"),
        (f"{'9' * 9}x{'0' * 5000}1/b/k.jpg", "4096x1/b/k.jpg"),
        ("filters:quality(050)/b/k.jpg", "filters:quality(50)/b/k.jpg"),
        (
            "filters: brightness( 10 ) /b/k.jpg".replace(" )", ")").replace(") /", ")/"),
            "filters:brightness(10)/b/k.jpg",
        ),
    ],
)
def test_other_spellings_are_written_canonically(text, canonical):
    said = read(text, LIMITS)
    assert write(said.recipe, said.image) == canonical


@pytest.mark.parametrize(
    "path",
    [
        "100.5x100/b/k.jpg",
        "50p/b/k.jpg",
        "trim:top-right/b/k.jpg",
        "top/left/b/k.jpg",
        "200X200/b/k.jpg",
        "300x200/fit-in/b/k.jpg",
        "full-adaptive-fit-in/300x200/b/k.jpg",
        "smart/300x200/b/k.jpg",
        "filters:a(1):/b/k.jpg",
        "filters:/b/k.jpg",
        "filters%3Aquality(1)/b/k.jpg",
        "unsafe/200x/b/k.jpg",
        "1.5x0.1:0.9x0.9/b/k.jpg",
    ],
)
def test_what_fits_no_slot_begins_the_image_path(path):
    assert read(path, LIMITS).image.endswith("/b/k.jpg")
    assert read(path, LIMITS).image != "b/k.jpg"


@pytest.mark.parametrize("path", ["smart/", "300x200/", "filters:quality(1)/", "meta/", "left/top/"])
def test_there_is_always_an_image_path(path):
    assert read(path, LIMITS).image


def test_a_directory_that_looks_like_a_slot_can_be_escaped():
    assert read("300x200/smart.jpg", LIMITS).image == "smart.jpg"
    assert read("%3300x200/smart.jpg", LIMITS).image == "300x200/smart.jpg"


def test_the_image_path_is_decoded_once():
    assert read("b/a%20b%2541%2Fc+d.jpg", LIMITS).image == "b/a b%41/c+d.jpg"


def test_the_filters_end_at_the_first_slash_behind_a_bracket():
    said = read("filters:quality(10):format(png)/b/k(1)/x.jpg", LIMITS)
    assert [str(call) for call in said.recipe.filters] == ["quality(10)", "format(png)"]
    assert said.image == "b/k(1)/x.jpg"


def test_unknown_filters_are_passed_over_and_named():
    said = read("filters:garbage(1,2):Brightness(5):brightness(10)/b/k.jpg", LIMITS)
    assert [str(call) for call in said.recipe.filters] == ["brightness(10)"]
    assert said.skipped == ("garbage", "Brightness")


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("brightness(abc)", BadArgument, "abc is not a whole number"),
        ("rgb(1,2)", BadArgument, "blue is missing"),
        ("brightness(10)contrast(20)", BadArgument, "follows without a : between the filters"),
        ("garbage(1)", BadRecipe, "There is no filter named garbage"),
        ("format(heic)", BadArgument, "heic is not one of"),
        ("extract_focal():garbage(1)", BadRecipe, "There is no filter named garbage"),
    ],
)
def test_a_filter_that_cannot_be_applied_is_passed_over_or_where_it_is_strict_refused(text, error, sentence):
    assert len(read(f"filters:{text}/b/k.jpg", LIMITS).skipped) == 1
    with pytest.raises(error, match=sentence):
        read(f"filters:{text}/b/k.jpg", LIMITS, strict=True)


def test_what_is_clamped_and_what_is_extracted_is_not_refused_either():
    path = "filters:brightness(1000):extract_focal()/10x20:30x40/b/k.jpg"
    assert read(path, LIMITS, strict=True) == read(path, LIMITS)
    assert read(path, LIMITS).recipe.geometry.focal


def test_debug_and_meta_are_told_apart_from_the_recipe():
    said = read("debug/300x200/b/k.jpg", LIMITS)
    assert (said.debug, said.meta, said.recipe) == (True, False, read("300x200/b/k.jpg", LIMITS).recipe)
    assert read("meta/300x200/b/k.jpg", LIMITS).meta


@pytest.mark.parametrize("inner", ["unsafe/", "/unsafe/", f"{'a' * 27}=/", ""])
def test_the_focal_box_of_an_inner_url_is_extracted(inner):
    said = read(f"300x200/filters:extract_focal()/{inner}10x20:30x40/smart/b/k.jpg", LIMITS)
    assert said.recipe.geometry.focal == (Box(10, 20, 30, 40),)
    assert (said.image, said.skipped) == ("b/k.jpg", ())


def test_without_an_inner_url_nothing_is_extracted():
    said = read("300x200/filters:extract_focal()/b/k.jpg", LIMITS)
    assert (said.recipe.geometry.focal, said.image) == ((), "b/k.jpg")


@pytest.mark.parametrize("size", ["2147483648x1", "-2147483649x1", f"1x-{'9' * 5000}"])
def test_a_size_that_no_picture_can_have_is_refused(size):
    with pytest.raises(BadRecipe, match="at most 9 digits"):
        read(f"{size}/b/k.jpg", LIMITS)


def test_too_many_filters_are_refused():
    with pytest.raises(BadRecipe):
        read(f"filters:{':'.join(['grayscale()'] * 100)}/b/k.jpg", LIMITS)


boxes = st.tuples(*[st.integers(0, 99)] * 2, *[st.integers(100, 4096)] * 2).map(
    lambda sides: Box(sides[0], sides[1], sides[2], sides[3])
) | st.tuples(*[st.sampled_from([0.0, 0.125, 0.3])] * 2, *[st.sampled_from([0.5, 0.75, 1.0])] * 2).map(
    lambda sides: Box(sides[0], sides[1], sides[2], sides[3], fractions=True)
)
sides = st.none() | st.integers(1, 4096) | st.just("orig")
geometries = st.builds(
    Geometry,
    width=sides,
    height=sides,
    fit=st.sampled_from([Fit.COVER, Fit.CONTAIN, Fit.OUTSIDE]),
    crop=st.none() | boxes,
    trim=st.none() | st.builds(Trim, st.booleans(), st.integers(0, 510)),
    halign=st.sampled_from(Halign),
    valign=st.sampled_from(Valign),
    smart=st.sampled_from([None, Smart()]),
    flip_horizontally=st.booleans(),
    flip_vertically=st.booleans(),
)
calls = st.lists(
    st.sampled_from(
        ["brightness(10)", "format(webp)", "quality(70)", "focal(0.1x0.2:0.9x0.8)", "grayscale()", "stretch()"]
    ),
    max_size=4,
).map(lambda texts: FILTERS.read(":".join(texts)))
images = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda key: f"bucket/{key}")


@given(geometries, st.booleans(), calls, images)
def test_every_recipe_is_written_and_read_back_the_same(geometry, adaptive, filters, image):
    geometry = replace(geometry, adaptive=adaptive and geometry.fit is not Fit.COVER)
    recipe = Recipe(geometry, filters=filters)
    path = write(recipe, image)
    said = read(path, LIMITS)
    assert (said.recipe, said.image) == (recipe, image)
    assert write(said.recipe, said.image) == path


@given(st.text(st.sampled_from("0123456789x:-/().,%abfilters:smartrimdebugmet "), max_size=200))
@example("filters:blur(x)/b/k.jpg")  # refused
def test_reading_never_fails_but_in_words(raw):
    try:
        said = read(raw, LIMITS)
    except BadRecipe as error:
        assert str(error)  # noqa: PT017 - it may also not fail
    else:
        assert read(write(said.recipe, said.image), LIMITS).recipe == said.recipe or not said.image


@pytest.mark.parametrize(
    "unit", ["1x", "filters:", "filters:a(", "(", ")", "):", "trim:", "-", "0", "/", "a(1):", "%", "b(((", "[", "'"]
)
def test_reading_is_linear(unit):
    # A reader that looks back would take hours for this, not the moment it takes.
    raw = "filters:" + unit * (300_000 // len(unit)) + ")/b/k.jpg"
    with contextlib.suppress(BadRecipe):
        read(raw, LIMITS)


@given(
    slots=st.sampled_from([f"{text}/" if text else "" for text, _ in TABLE]), end=st.text("ab/%2F:.()=x", max_size=20)
)
@example(slots="", end="")
@example(slots="filters:extract_focal()/", end="unsafe/1x1:2x2/b/k")
@example(slots="", end="b%2Fk")
def test_the_parts_of_whatever_path_are_the_path(slots, end):
    assert "".join(text for _, text in parts(slots + end)) == slots + end


def test_what_extract_focal_reads_is_a_part():
    found = parts("filters:extract_focal()/unsafe/10x10:20x20/b/k.jpg")
    assert found == [
        ("filters", "filters:extract_focal()/"),
        ("extract_focal", "unsafe/10x10:20x20/"),
        ("bucket", "b/"),
        ("key", "k.jpg"),
    ]
