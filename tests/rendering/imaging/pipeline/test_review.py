"""What a review of a recipe on one original finds."""

import pytest
from PIL import Image, ImageOps

from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus import yunet
from rendering.imaging.frame.geometry import Fit, Geometry, Halign, Valign
from rendering.imaging.pipeline.review import review
from rendering.imaging.pipeline.sight import detect
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe
from rendering.imaging.reviewed import Review

from ..focus.portraits import FACE, portrait
from ..pictures import LIMITS, animation, saved

JPEG = Encoding(format="jpeg")


def reviewed(content: bytes, geometry: Geometry, encoding: Encoding = JPEG, filters: str = "", faces: bool = False):
    recipe = Recipe(geometry, encoding, tuple(FILTERS.read(filters))).settled("any", Defaults())
    with Opened(content, LIMITS) as original:
        focus = detect(original, yunet.NAME) if faces else None
        return review(original, recipe, focus=focus)[1]


@pytest.fixture(scope="module")
def grey():
    return saved(Image.linear_gradient("L").resize((160, 120)).convert("RGB"), "PNG")


@pytest.mark.parametrize(
    ("geometry", "times"),
    [
        (Geometry(512, 288), 3.2),
        (Geometry(80, 60), 0.5),
        (Geometry(320, 60, fit=Fit.STRETCH), 2),
        (Geometry(320, 240, fit=Fit.CONTAIN), 1),
        (Geometry(), 1),
    ],
)
def test_it_says_how_many_times_pixels_are_enlarged(grey, geometry, times):
    assert reviewed(grey, geometry).enlarged == pytest.approx(times, abs=0.01)


def test_transparency_that_a_format_cannot_keep_is_filled():
    half = Image.new("RGBA", (80, 40), (200, 0, 0, 255))
    half.paste((0, 0, 0, 0), (0, 0, 40, 40))
    content = saved(half, "PNG")
    assert reviewed(content, Geometry(40, 20)).filled
    assert not reviewed(content, Geometry(40, 20), Encoding(format="webp")).filled
    # Where the crop leaves only what is opaque, nothing is lost.
    assert not reviewed(content, Geometry(10, 20, halign=Halign.RIGHT)).filled
    assert not reviewed(content, Geometry(40, 20), filters="background_color(white)").filled


def test_an_animation_that_becomes_a_still_is_stopped(grey):
    moving = animation()
    assert reviewed(moving, Geometry(20, 20)).stopped
    assert not reviewed(moving, Geometry(20, 20), Encoding(format="webp")).stopped
    assert not reviewed(grey, Geometry(20, 20)).stopped


def test_a_crop_that_shows_one_colour_of_an_original_with_more_is_empty():
    sky = Image.new("RGB", (200, 200), (90, 140, 220))
    sky.paste((20, 60, 20), (0, 150, 200, 200))
    content = saved(sky, "PNG")
    assert reviewed(content, Geometry(100, 40, valign=Valign.TOP)).empty
    assert not reviewed(content, Geometry(100, 40, valign=Valign.BOTTOM)).empty
    assert not reviewed(saved(Image.new("RGB", (200, 200), "red"), "PNG"), Geometry(20, 20)).empty
    clear = Image.new("RGBA", (200, 200))
    clear.paste((20, 60, 20, 255), (0, 150, 200, 200))
    assert reviewed(saved(clear, "PNG"), Geometry(100, 40, valign=Valign.TOP), Encoding(format="png")).empty


def test_a_face_at_the_edge_is_cut_and_said_where_it_is():
    content = saved(portrait(), "PNG")
    found = reviewed(content, Geometry(512, 288), faces=True)  # which keeps the middle, and half the face
    ((left, top, right, bottom),) = found.cut
    assert (left, right) == pytest.approx((FACE[0], FACE[2]), abs=0.03)
    assert top < 0 < bottom < 0.5
    assert found.faces == 1
    assert reviewed(content, Geometry(512, 288, valign=Valign.TOP), faces=True).cut == ()
    flipped = reviewed(content, Geometry(512, 288, flip_horizontally=True), faces=True)
    assert flipped.cut[0][0] == pytest.approx(1 - FACE[2], abs=0.03)


def test_a_face_that_is_left_out_counts_if_no_other_is_in_sight():
    two = Image.new("RGB", (2048, 512), "white")
    two.paste(portrait(), (0, 0))
    alone = saved(two, "PNG")
    assert len(reviewed(alone, Geometry(100, 100, halign=Halign.RIGHT), faces=True).cut) == 1
    two.paste(portrait(), (1536, 0))
    group = reviewed(saved(two, "PNG"), Geometry(100, 100, halign=Halign.RIGHT), faces=True)
    assert (group.faces, group.cut) == (2, ())


def test_no_face_is_cut_where_none_was_looked_for():
    lying = saved(ImageOps.fit(portrait(), (300, 300)), "PNG")
    assert reviewed(lying, Geometry(100, 20)) == Review(
        enlarged=pytest.approx(1 / 3, abs=0.01),  # type: ignore[arg-type]
        filled=False,
        stopped=False,
        empty=False,
        faces=None,
        cut=(),
    )
