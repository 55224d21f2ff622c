import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from msgspec.structs import replace

from rendering.imaging.errors import TooLarge
from rendering.imaging.frame.geometry import Box, Fit, Geometry, Halign, Valign, plan
from rendering.imaging.reading.limits import Limits

from ..strategies import geometries

CROP = Box(10, 20, 310, 220)


@pytest.mark.parametrize(
    ("geometry", "original", "size"),
    [
        (Geometry(), (600, 400), (600, 400)),
        (Geometry(300, 200), (600, 400), (300, 200)),
        (Geometry(1200, 1000), (600, 400), (1200, 1000)),
        (Geometry(100), (600, 400), (100, 67)),
        (Geometry(None, 100), (600, 400), (150, 100)),
        (Geometry(0, 100), (600, 400), (150, 100)),
        (Geometry("orig", 100), (600, 400), (600, 100)),
        (Geometry("orig", "orig"), (600, 400), (600, 400)),
        (Geometry("orig"), (600, 400), (600, 400)),
        (Geometry(5), (600, 1), (5, 1)),
        (Geometry(100, crop=CROP), (600, 400), (100, 67)),
        (Geometry(500, 500, Fit.STRETCH), (600, 400), (500, 500)),
        (Geometry(300, 300, Fit.CONTAIN), (600, 400), (300, 200)),
        (Geometry(900, 900, Fit.CONTAIN), (600, 400), (600, 400)),
        (Geometry(None, None, Fit.CONTAIN), (600, 400), (600, 400)),
        (Geometry(2, 2, Fit.CONTAIN), (1200, 300), (2, 1)),
        (Geometry(1, 1, Fit.CONTAIN), (1200, 300), (1, 1)),
        # a half is rounded up: 3 * 5 / 6 = 2.5
        (Geometry(3, 100, Fit.CONTAIN), (6, 5), (3, 3)),
        (Geometry(1000, 1000, Fit.CONTAIN, enlarge=True), (600, 400), (1000, 666)),
        (Geometry(1000, None, Fit.CONTAIN, enlarge=True), (600, 400), (600, 400)),
        (Geometry(600, 1000, Fit.CONTAIN, enlarge=True), (600, 400), (600, 400)),
        (Geometry(300, 300, Fit.OUTSIDE), (600, 400), (450, 300)),
        (Geometry(1200, 1000, Fit.OUTSIDE), (600, 400), (1500, 1000)),
        (Geometry(1200, 1000, Fit.OUTSIDE, enlarge=False), (600, 400), (600, 400)),
        (Geometry(300, 200, adaptive=True), (400, 600), (200, 300)),
        (Geometry(300, 200, adaptive=True), (600, 400), (300, 200)),
        (Geometry(300, 200, adaptive=True), (500, 500), (300, 200)),
        (Geometry(300, 200, Fit.CONTAIN, adaptive=True), (400, 600), (200, 300)),
        (Geometry(1000, 200, enlarge=False), (600, 400), (600, 200)),
        (Geometry(1000, None, enlarge=False), (600, 400), (600, 400)),
        (Geometry("orig", 900, enlarge=False), (600, 400), (600, 400)),
    ],
)
def test_the_size_follows_from_what_is_asked_and_from_the_original(geometry, original, size, limits):
    assert plan(geometry, original[0], original[1], limits).size == size


@pytest.mark.parametrize(
    ("geometry", "original", "box"),
    [
        (Geometry(), (600, 400), (0, 0, 600, 400)),
        (Geometry(200, 200), (600, 400), (100, 0, 500, 400)),
        (Geometry(200, 200, halign=Halign.LEFT), (600, 400), (0, 0, 400, 400)),
        (Geometry(200, 200, halign=Halign.RIGHT), (600, 400), (200, 0, 600, 400)),
        (Geometry(300, 100, valign=Valign.TOP), (600, 400), (0, 0, 600, 200)),
        (Geometry(300, 100, valign=Valign.BOTTOM), (600, 400), (0, 200, 600, 400)),
        (Geometry(300, 100), (600, 400), (0, 100, 600, 300)),
        # proportions as near as whole pixels can say are taken for equal, others are not
        (Geometry(301, 200), (600, 400), (0, 0, 600, 399)),
        (Geometry(301, 200), (600, 399), (0, 0, 600, 399)),
        (Geometry(150), (600, 397), (0, 0, 600, 397)),
        (Geometry(1000, 1), (10, 1000), (0, 500, 10, 501)),
        (Geometry(crop=CROP), (600, 400), (10, 20, 310, 220)),
        (Geometry(crop=Box(500, 300, 900, 900)), (600, 400), (500, 300, 600, 400)),
        (Geometry(crop=Box(700, 20, 800, 220)), (600, 400), (0, 0, 600, 400)),
        (Geometry(crop=Box(0.25, 0.5, 1, 1, fractions=True)), (600, 400), (150, 200, 600, 400)),
        (Geometry(100, 100, crop=CROP), (600, 400), (60, 20, 260, 220)),
        (Geometry(200, 200, Fit.STRETCH), (600, 400), (0, 0, 600, 400)),
        (Geometry(200, 200, Fit.CONTAIN, focal=(Box(0, 0, 9, 9),)), (600, 400), (0, 0, 600, 400)),
        (Geometry(200, 200, focal=(Box(0, 0, 9, 9),)), (600, 400), (0, 0, 400, 400)),
        # a focal box may lie outside, in part or altogether: the crop goes to the nearest edge
        (Geometry(200, 200, focal=(Box(5000, 0, 6000, 10),)), (600, 400), (200, 0, 600, 400)),
        (Geometry(200, 200, focal=(Box(5000, 0, 6000, 10),), halign=Halign.LEFT), (600, 400), (200, 0, 600, 400)),
        (Geometry(200, 200, focal=(Box(300, 0, 500, 400), Box(550, 0, 750, 400))), (600, 400), (200, 0, 600, 400)),
        (Geometry(100, 200, focal=(Box(400, 0, 800, 400),)), (600, 400), (400, 0, 600, 400)),
        # unless a manual crop has cut it off
        (Geometry(100, 100, focal=(Box(500, 0, 590, 90),), crop=CROP), (600, 400), (60, 20, 260, 220)),
        (Geometry(200, 200, focal=(Box(580, 0, 600, 9),), halign=Halign.LEFT), (600, 400), (200, 0, 600, 400)),
        (Geometry(200, 200, focal=(Box(0.9, 0, 1, 0.1, fractions=True),)), (600, 400), (200, 0, 600, 400)),
        # 100 x 100 at x=50, 300 x 300 at x=450: (50 * 1 + 450 * 9) // 10 = 410
        (Geometry(100, 200, focal=(Box(0, 0, 100, 100), Box(300, 0, 600, 300))), (600, 400), (310, 0, 510, 400)),
        # outside of the manual crop, so dropped; the other one moves with it
        (Geometry(100, 100, crop=CROP, focal=(Box(500, 300, 600, 400),)), (600, 400), (60, 20, 260, 220)),
        (Geometry(100, 100, crop=CROP, focal=(Box(10, 20, 30, 40),)), (600, 400), (10, 20, 210, 220)),
    ],
)
def test_the_box_is_what_the_size_leaves_of_the_original(geometry, original, box, limits):
    assert plan(geometry, original[0], original[1], limits).box == box


@pytest.mark.parametrize(
    ("geometry", "canvas"),
    [
        (Geometry(300, 300, Fit.CONTAIN), (300, 300)),
        (Geometry(900, 900, Fit.CONTAIN), (900, 900)),
        (Geometry(300, 300, Fit.OUTSIDE), (450, 300)),
        (Geometry(300, None, Fit.CONTAIN), (300, 200)),
        (Geometry("orig", 900, Fit.CONTAIN), (600, 900)),
    ],
)
def test_the_canvas_is_the_size_that_was_asked_for(geometry, canvas, limits):
    assert plan(geometry, 600, 400, limits).canvas == canvas


def test_flips_are_handed_on(limits):
    frame = plan(Geometry(flip_horizontally=True), 600, 400, limits)
    assert (frame.flip_horizontally, frame.flip_vertically) == (True, False)


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (Geometry(5000), "A width of 5000 pixels was asked for, 4096 are allowed"),
        (Geometry(1, 5000, Fit.CONTAIN), "A height of 5000 pixels was asked for, 4096 are allowed"),
        (Geometry(4096, 4096), "4096 x 4096 = 16.8 megapixels were asked for, 16 are allowed"),
    ],
)
def test_a_size_over_the_limits_is_refused_where_it_is_asked_for(geometry, sentence, limits):
    with pytest.raises(TooLarge) as raised:
        plan(geometry, 10, 10, limits)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("geometry", "original", "size"),
    [
        (Geometry(), (9000, 6000), (4096, 2730)),
        (Geometry("orig", "orig"), (6000, 9000), (2730, 4096)),
        (Geometry(300), (100, 30000), (13, 4096)),
        (Geometry(4096, 4096, Fit.CONTAIN), (5000, 5000), (4000, 4000)),
        (Geometry(4000, 400, Fit.OUTSIDE), (400, 4000), (409, 4096)),
    ],
)
def test_a_size_that_only_follows_from_the_original_is_made_to_fit_the_limits(geometry, original, size, limits):
    assert plan(geometry, original[0], original[1], limits).size == size


@given(geometries, st.integers(1, 30_000), st.integers(1, 30_000))
def test_any_frame_lies_within_the_picture_and_the_limits(geometry, width, height):
    limits = Limits()
    try:
        frame = plan(geometry, width, height, limits)
    except TooLarge:
        reject()
    left, top, right, bottom = frame.box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert 1 <= frame.size[0] <= limits.width
    assert 1 <= frame.size[1] <= limits.height
    assert frame.size[0] * frame.size[1] <= limits.output_pixels


@given(geometries, st.integers(1, 3000), st.integers(1, 3000))
def test_no_picture_is_enlarged_against_its_recipe(geometry, width, height):
    geometry = replace(geometry, crop=None, adaptive=False, enlarge=False)
    try:
        frame = plan(geometry, width, height, Limits())
    except TooLarge:
        reject()
    assert frame.size[0] <= width
    assert frame.size[1] <= height


@pytest.mark.parametrize(
    ("geometry", "original", "size"),
    [
        (Geometry(1200, 400), (2400, 1600), (1200, 400)),
        (Geometry(1200, 400), (600, 400), (600, 200)),
        (Geometry(1200, 400), (2400, 100), (300, 100)),
        (Geometry(1200), (600, 400), (600, 400)),
        (Geometry(1200), (2400, 1600), (1200, 800)),
        (Geometry(1200, 400, crop=CROP), (600, 400), (300, 100)),
        (Geometry(1200, 400, enlarge=True), (600, 400), (1200, 400)),
        (Geometry(1200, 400, enlarge=False), (600, 400), (600, 200)),
        (Geometry(1200, 400, adaptive=True), (400, 600), (200, 600)),
        (Geometry(1200, 400, Fit.STRETCH), (600, 400), (600, 200)),
        (Geometry(1200, 1200, Fit.CONTAIN), (600, 400), (600, 400)),
        (Geometry(1200, 1200, Fit.CONTAIN, enlarge=True), (600, 400), (1200, 800)),
        (Geometry(1200, 1200, Fit.OUTSIDE), (600, 400), (600, 400)),
        (Geometry(300, 300, Fit.OUTSIDE), (600, 400), (450, 300)),
        (Geometry(1200, 1), (6, 6), (6, 1)),
    ],
)
def test_at_a_width_no_original_is_enlarged_and_proportions_stay(geometry, original, size):
    assert plan(replace(geometry, within=True), original[0], original[1], Limits()).size == size


def test_at_a_width_the_canvas_of_a_whole_picture_shrinks_with_it():
    asked = Geometry(1200, 1200, Fit.CONTAIN, within=True)
    assert plan(asked, 600, 400, Limits()).canvas == (600, 600)


@given(geometries, st.integers(1, 3000), st.integers(1, 3000))
def test_a_picture_at_a_width_lies_within_its_original(geometry, width, height):
    geometry = replace(geometry, crop=None, enlarge=None, within=True)
    try:
        frame = plan(geometry, width, height, Limits())
    except TooLarge:
        reject()
    assert frame.size[0] <= width
    assert frame.size[1] <= height


@pytest.mark.parametrize("ratio", [1, 1.5, 2, 3])
def test_for_denser_screens_sides_in_pixels_are_longer_and_others_stay(ratio):
    scaled = Geometry(width=90, height=41).scaled(ratio)
    assert (scaled.width, scaled.height) == (round(90 * ratio), round(41 * ratio))
    open_side = Geometry(width=90).scaled(ratio)
    assert (open_side.width, open_side.height) == (round(90 * ratio), None)
    assert Geometry(height="orig").scaled(ratio).height == "orig"
