"""Descriptors: how they are spelled, and what they make of a recipe."""

import pytest

from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe


@pytest.mark.parametrize(
    ("text", "read", "suffix"),
    [
        ("2x", Descriptor(ratio=2), "@2x"),
        ("01.50x", Descriptor(ratio=1.5), "@1.5x"),
        ("1x", OWN, ""),
        ("640w", Descriptor(width=640), "@640w"),
        ("00640w", Descriptor(width=640), "@640w"),
        ("65535w", Descriptor(width=65535), "@65535w"),
    ],
)
def test_a_descriptor_is_read_and_written(text, read, suffix):
    found = Descriptor.read(text)
    assert found
    assert found == read
    assert found.suffix == suffix
    assert Descriptor.read(str(found)) == found


@pytest.mark.parametrize(
    "text", ["", "w", "x", "0w", "000w", "-1w", "640", "6.4w", "640W", "100000w", "640w2x", "٦w", "640w\n"]
)
def test_what_is_neither_a_ratio_nor_a_width_is_none(text):
    assert Descriptor.read(text) is None


@pytest.mark.parametrize(
    ("geometry", "at_640"),
    [
        (Geometry(1200, 400), Geometry(640, 213, within=True)),
        (Geometry(1200, 1), Geometry(640, 1, within=True)),
        (Geometry(1200), Geometry(640, within=True)),
        (Geometry(300, 300, Fit.CONTAIN), Geometry(640, 640, Fit.CONTAIN, within=True)),
        (Geometry(height=400), Geometry(640, within=True)),
        (Geometry(0, 400), Geometry(640, within=True)),
        (Geometry(), Geometry(640, within=True)),
        (Geometry(640, 480), Geometry(640, 480)),
    ],
)
def test_at_a_width_the_height_is_in_proportion(geometry, at_640):
    assert Descriptor(width=640).applied(Recipe(geometry)) == Recipe(at_640)


def test_the_own_size_is_the_recipe_itself():
    recipe = Recipe(Geometry(1200, 400))
    assert OWN.applied(recipe) is recipe
    assert Descriptor(ratio=2).applied(recipe) == Recipe(Geometry(2400, 800))
