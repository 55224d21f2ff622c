"""From edits to recipes, and from S3's buckets to ours."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rendering.catalogue.catalogue import Bucket, UnknownBucket
from rendering.dialects.image_handler import edits, thumbor_style, url
from rendering.imaging import documents
from rendering.imaging.errors import BadRecipe
from rendering.imaging.frame.geometry import Halign, Valign
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Defaults, Recipe
from rendering.storage.place import Place

WORDS = ["width", "height", "fit", "position", "ratio", "left", "top", "r", "alpha", "background", "kernel", "scale"]
NAMES = sorted(edits.KNOWN | {"gamma", "contentModeration"})
VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.sampled_from(["9", "90", "1e999", "#ff", "é"]),
    lambda inner: some.lists(inner, max_size=9) | some.dictionaries(some.sampled_from(WORDS), inner, max_size=6),
    max_leaves=8,
)


def recipe(asked: Any) -> tuple[Recipe, tuple[str, ...]]:
    return edits.recipe({"edits": asked}, Limits(), Recipe(), lambda bucket, key: f"photos/{key}")


def test_whatever_the_edits_are_they_are_a_recipe_or_refused_in_words():
    outcomes = set()

    @given(some.dictionaries(some.sampled_from(NAMES), VALUES, max_size=6))
    def read(asked: Any) -> None:
        try:
            found, skipped = recipe(asked)
        except BadRecipe as error:
            assert str(error)  # noqa: PT017 - it may also not fail
            outcomes.add("refused")
            return
        # A recipe is good when it can be written down and read again.
        again = documents.read(documents.to_builtins(found), Recipe)
        assert again.settled("any", Defaults()) == found.settled("any", Defaults())
        assert all(name.isascii() for name in skipped)
        outcomes.add("skipped some" if skipped else "read")

    read()
    assert outcomes == {"read", "skipped some", "refused"}


@given(some.text("/:(),.x1af%-s3filterscop", max_size=80))
def test_any_path_is_read(raw):
    found = thumbor_style.read(raw, {"other"})
    assert isinstance(found["key"], str)


def test_a_key_is_left_over_as_it_is():
    for raw in ("a//b/c.jpg", "folder/", "filters.jpg", "a:b/c", "3x", "x200/a.jpg", "s3:theirs/a.jpg"):
        assert thumbor_style.read(raw, {"ours"})["key"] == raw


@pytest.mark.parametrize(("blur", "sigma"), [("8", 4), ("8,2", 2), ("8,0", 0)])
def test_a_blur_without_a_sigma_has_half_its_radius(blur, sigma):
    assert thumbor_style.read(f"filters:blur({blur})/a.jpg", {"ours"})["edits"]["blur"] == sigma


@pytest.mark.parametrize(("size", "fit"), [("90x80", "fill"), ("fit-in/90x80", "inside")])
def test_a_picture_is_stretched_unless_it_is_fitted_in(size, fit):
    assert thumbor_style.read(f"{size}/filters:stretch()/a.jpg", {"ours"})["edits"]["resize"]["fit"] == fit


@pytest.mark.parametrize(
    ("position", "halign", "valign"),
    [
        ("right top", Halign.RIGHT, Valign.TOP),
        ("southwest", Halign.LEFT, Valign.BOTTOM),
        ("north", Halign.CENTER, Valign.TOP),
        ("centre", Halign.CENTER, Valign.MIDDLE),
    ],
)
def test_positions_are_words_and_compass_points(position, halign, valign):
    found, skipped = recipe({"resize": {"width": 9, "height": 9, "position": position}})
    assert (found.geometry.halign, found.geometry.valign) == (halign, valign)
    assert not skipped


def test_attention_is_a_smart_crop():
    assert recipe({"resize": {"width": 9, "height": 9, "position": "attention"}})[0].geometry.smart


def test_a_size_over_the_limits_becomes_the_limit():
    assert recipe({"resize": {"width": 10**30, "height": 9}})[0].geometry.width == Limits().width


def test_a_crop_behind_the_resize_is_refused():
    box = {"left": 0, "top": 0, "width": 9, "height": 9}
    assert recipe({"crop": box, "resize": {"width": 9}})[0].geometry.crop
    with pytest.raises(BadRecipe, match="before"):
        recipe({"resize": {"width": 9}, "crop": box})


def located(name: str, location: str, prefix: str = "") -> Bucket:
    return Bucket(name, Place("s3", location, prefix=prefix))


def test_of_buckets_in_one_of_s3s_the_longest_prefix_counts():
    whole, people, brand = located("all", "acme"), located("people", "acme", "people/"), located("brand", "acme-brand")
    buckets = [whole, people, brand]
    assert url.locate(buckets, "acme", "people/one.jpg") == (people, "one.jpg")
    assert url.locate(buckets, None, "people/one.jpg") == (people, "one.jpg")
    assert url.locate(buckets, "acme", "pets/one.jpg") == (whole, "pets/one.jpg")
    assert url.locate(buckets, "brand", "logo.png") == (brand, "logo.png")
    with pytest.raises(UnknownBucket):
        url.locate(buckets[1:], "acme", "pets/one.jpg")
