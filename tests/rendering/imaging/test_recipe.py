import pytest
from hypothesis import given
from msgspec.structs import replace
from PIL import Image

from rendering.imaging import documents
from rendering.imaging.encoding import NEGOTIATED, Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.lifetime import Lifetime
from rendering.imaging.frame.geometry import Box, Fit, Geometry, Trim, plan
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Defaults, Recipe

from .strategies import accepts, recipes


@given(recipes)
def test_a_recipe_comes_back_from_json_as_it_was(recipe):
    assert documents.read(documents.to_builtins(recipe), Recipe) == recipe


@given(recipes, accepts)
def test_a_settled_recipe_is_settled(recipe, accept):
    settled = recipe.settled(accept, Defaults())
    assert settled.settled(accept, Defaults()) == settled
    assert documents.read(documents.to_builtins(settled), Recipe) == settled


@given(recipes, accepts)
def test_nothing_but_pixel_filters_is_left_in_a_settled_recipe(recipe, accept):
    settled = recipe.settled(accept, Defaults())
    assert all(call.filter.stage is Image.Image for call in settled.filters)
    assert settled.encoding.jpeg_quality
    assert settled.encoding.webp_quality
    assert settled.encoding.avif_quality


def test_two_ways_to_say_the_same_are_equal_once_settled():
    one = Recipe(Geometry(90, 90), filters=FILTERS.read("format(jpg):quality(70):stretch():blur(3)"))
    other = Recipe(Geometry(90, 90, Fit.STRETCH), Encoding("jpeg", 70, 70, 70), FILTERS.read("blur( 3 , 0 )"))
    assert one.settled("any", Defaults()) == other.settled("any", Defaults())


@given(recipes)
def test_the_accept_class_counts_only_where_the_format_is_negotiated(recipe):
    settled = {recipe.settled(accept, Defaults()) for accept in ("avif", "webp", "any")}
    fixed = any(call.filter.name == "format" for call in recipe.filters)
    assert len(settled) == (3 if recipe.encoding.format == NEGOTIATED and not fixed else 1)


def test_the_fingerprint_changes_with_everything_that_changes_a_pixel():
    recipe = Recipe(Geometry(90, 90)).settled("any", Defaults())
    others = [
        recipe.scaled(2),
        replace(recipe, filters=FILTERS.read("grayscale()")),
        replace(recipe, encoding=replace(recipe.encoding, jpeg_quality=81)),
        replace(recipe, encoding=replace(recipe.encoding, background="000000")),
        replace(recipe, geometry=replace(recipe.geometry, trim=Trim(tolerance=9))),
        replace(recipe, geometry=replace(recipe.geometry, turn=90)),
        replace(recipe, geometry=replace(recipe.geometry, focal=(Box(0, 0, 1, 1),))),
    ]
    prints = [each.fingerprint(1, Limits()) for each in (recipe, *others)] + [recipe.fingerprint(2, Limits())]
    assert len(set(prints)) == len(prints)
    assert all(len(each) == 16 for each in prints)


def test_how_long_an_answer_is_kept_is_no_part_of_the_picture():
    recipe = Recipe(filters=FILTERS.read("max_age(60):grayscale():expire(1800000000):max_age(30)"))
    assert recipe.lifetime() == Lifetime(max_age=30, expires=1_800_000_000)
    assert recipe.settled("any", Defaults()) == Recipe(filters=FILTERS.read("grayscale()")).settled("any", Defaults())
    assert Recipe().lifetime() == Lifetime()


def test_a_recipe_names_the_pictures_that_it_lays_over_another():
    recipe = Recipe(filters=FILTERS.read("frame('b/f.png'):watermark(/b/w.png,0,0,0):blur(1):watermark(b/w.png,9,9,0)"))
    assert recipe.overlays == ("b/f.png", "b/w.png")
    assert Recipe(filters=FILTERS.read("blur(1)")).overlays == ()


def test_the_fingerprint_changes_with_an_overlay():
    recipe = Recipe(filters=FILTERS.read("frame(b/f.png)"))
    prints = {
        recipe.fingerprint(1, Limits()),
        recipe.fingerprint(1, Limits(), {"b/f.png": "one"}),
        recipe.fingerprint(1, Limits(), {"b/f.png": "two"}),
        Recipe(filters=FILTERS.read("frame(b/g.png)")).fingerprint(1, Limits(), {"b/g.png": "one"}),
    }
    assert len(prints) == 4
    assert recipe.fingerprint(1, Limits(), {"b/f.png": "one"}) == recipe.fingerprint(
        1, Limits(), {"b/f.png": "one", "b/other.png": "two"}
    )


def test_a_recipe_for_a_screen_of_twice_the_density_asks_for_twice_the_pixels():
    scaled = Recipe(Geometry(90, "orig")).scaled(2)
    assert (scaled.geometry.width, scaled.geometry.height) == (180, "orig")


def test_an_unknown_field_is_ignored_and_an_unknown_filter_is_not():
    assert documents.read({"geometry": {"width": 9, "newer": 1}, "newer": 1}, Recipe) == Recipe(Geometry(9))
    with pytest.raises(BadRecipe, match="There is no filter named sparkle"):
        documents.read({"filters": ["sparkle(1)"]}, Recipe)


def test_a_side_of_no_pixels_is_read_and_follows_from_the_other():
    recipe = documents.read({"geometry": {"width": 0, "height": 9}}, Recipe)
    assert plan(recipe.geometry, 300, 200, Limits()) == plan(Geometry(None, 9), 300, 200, Limits())
