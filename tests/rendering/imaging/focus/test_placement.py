"""Where a smart crop is placed. Faces are given in pixels of a picture of 1200 x 300."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rendering.imaging.focus.edges import Edges
from rendering.imaging.focus.faces import PERSON, Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Fit, Geometry, Halign, needs_focus, plan
from rendering.imaging.frame.trim import Trim
from rendering.imaging.reading.limits import Limits

from ..strategies import allowed_geometries

WIDE = (1200, 300)


def faces(*boxes, size=WIDE, detector=PERSON):
    """A focus of faces in pixels, each `left, top, right, bottom` and perhaps its confidence."""
    width, height = size
    return Focus(
        detector,
        tuple(
            Face(Box(box[0] / width, box[1] / height, box[2] / width, box[3] / height, fractions=True), *box[4:])
            for box in boxes
        ),
    )


def frame(focus, size=WIDE, **asked):
    smart = Smart(**{name: asked.pop(name) for name in ("padding", "largest", "zoom") if name in asked})
    geometry = Geometry(**{"width": 100, "height": 100, "smart": smart, **asked})
    return plan(geometry, size[0], size[1], Limits(), focus=focus)


def held(box, focus, size=WIDE):
    """The numbers of the faces that are whole in a box, give or take what fractions of a side cannot say."""
    inside = [face.box.within(*size) for face in focus.faces]
    left, top, right, bottom = box[0] - 1e-6, box[1] - 1e-6, box[2] + 1e-6, box[3] + 1e-6
    return [
        number
        for number, face in enumerate(inside)
        if face.left >= left and face.top >= top and face.right <= right and face.bottom <= bottom
    ]


def test_a_face_is_in_the_middle_of_the_crop():
    assert frame(faces((800, 100, 900, 200))).box == (700, 0, 1000, 300)


def test_at_the_edge_it_is_as_near_to_the_middle_as_can_be():
    assert frame(faces((0, 100, 100, 200))).box == (0, 0, 300, 300)


def test_a_tall_crop_moves_down():
    assert frame(faces((100, 700, 200, 800), size=(300, 1200)), size=(300, 1200)).box == (0, 600, 300, 900)


def test_two_faces_that_go_in_together_are_kept_together():
    focus = faces((500, 100, 600, 200), (700, 100, 780, 200), (20, 100, 110, 200))
    assert held(frame(focus).box, focus) == [0, 1]


def test_of_two_faces_far_apart_the_larger_is_kept_whole_and_not_the_gap_between_them():
    focus = faces((100, 100, 180, 180), (1000, 100, 1100, 200))
    assert frame(focus).box == (900, 0, 1200, 300)


def test_of_two_alike_the_surer_is_kept():
    assert held(frame(focus := faces((100, 100, 180, 180, 0.7), (1000, 100, 1080, 180, 0.95))).box, focus) == [1]


def test_many_small_faces_outweigh_a_large_one():
    crowd = [(600 + 50 * number, 100, 640 + 50 * number, 140) for number in range(5)]
    focus = faces((50, 100, 150, 200), *crowd)
    assert held(frame(focus).box, focus) == [1, 2, 3, 4, 5]


def test_a_face_larger_than_the_crop_is_cut_alike_on_both_sides():
    box = frame(faces((300, 0, 1100, 300)), width=100, height=300).box
    assert box == (650, 0, 750, 300)


def test_detectors_leave_out_the_hair_and_people_do_not():
    tall = (300, 1200)
    box = (100, 500, 200, 600)
    found = frame(faces(box, size=tall, detector="yunet"), size=tall).box
    drawn = frame(faces(box, size=tall), size=tall).box
    assert found[1] < drawn[1] == 400


def test_what_room_there_is_around_a_face_is_shared_as_its_padding_is():
    tall = (300, 1200)
    focus = faces((100, 500, 200, 600), size=tall, detector="yunet")  # 40 pixels of padding above, and 15 below
    near, wide = (frame(focus, size=tall, width=300, height=height).box for height in (120, 200))
    assert near == pytest.approx((0, 500 - 20 * 40 / 55, 300, 600 + 20 * 15 / 55), abs=0.5)
    assert wide == pytest.approx((0, 460 - 22.5, 300, 615 + 22.5), abs=0.5)


def test_a_face_at_the_edge_of_the_picture_leaves_all_the_room_to_its_other_side():
    focus = faces((100, 0, 200, 100), size=(300, 1200), detector="yunet")
    assert frame(focus, size=(300, 1200), width=300, height=110).box == (0, 0, 300, 110)


def test_only_the_largest_counts_when_that_is_asked_for():
    focus = faces((500, 100, 560, 160), (600, 100, 660, 160), (0, 100, 90, 190))
    assert held(frame(focus).box, focus) == [0, 1]
    assert held(frame(focus, largest=True).box, focus) == [2]


def test_padding_is_kept_where_there_is_room():
    focus = faces((0, 100, 100, 200), (220, 100, 320, 200))
    # Both go in, but only just; with much to be kept around each, still both: a face counts more than what is around.
    for padding in (0, 0.1, 1):
        assert held(frame(focus, width=330, height=300, padding=padding).box, focus) == [0, 1]


def test_faces_outside_of_the_manual_crop_are_left_out_of_account():
    focus = faces((50, 100, 150, 200), (800, 100, 900, 200))
    box = frame(focus, crop=Box(300, 0, 1200, 300)).box
    assert box == (700, 0, 1000, 300)


def test_focal_boxes_outrank_faces():
    box = frame(faces((0, 0, 100, 100)), focal=(Box(1100, 0, 1200, 100),)).box
    assert box == (900, 0, 1200, 300)


def test_without_a_face_the_alignment_counts():
    assert frame(Focus("yunet", ()), halign=Halign.RIGHT).box == (900, 0, 1200, 300)


def test_without_a_face_the_part_with_most_detail_is_kept():
    rows = tuple(bytes([0] * 24 + [200] * 8) for _ in range(8))
    assert frame(Focus("yunet", (), Edges(rows)), halign=Halign.LEFT).box == pytest.approx((900, 0, 1200, 300), abs=40)


@pytest.mark.parametrize(
    ("geometry", "needed"),
    [
        (Geometry(100, 100), False),
        (Geometry(100, 100, smart=Smart()), True),
        (Geometry(400, 100, smart=Smart()), False),
        (Geometry(100, smart=Smart()), False),
        (Geometry(smart=Smart()), False),
        (Geometry(100, 100, Fit.CONTAIN, smart=Smart()), False),
        (Geometry(100, 100, Fit.STRETCH, smart=Smart()), False),
        (Geometry(100, 100, focal=(Box(1, 2, 3, 4),), smart=Smart()), False),
        (Geometry(100, 100, crop=Box(0, 0, 300, 300), smart=Smart()), False),
        (Geometry(400, 100, crop=Box(0, 0, 300, 300), smart=Smart()), True),
        # What trimming leaves is not known before.
        (Geometry(400, 100, trim=Trim(), smart=Smart()), True),
        (Geometry(400, 100, smart=Smart(zoom=True)), True),
        (Geometry(100, 100, Fit.CONTAIN, smart=Smart(zoom=True)), True),
    ],
)
def test_faces_matter_where_a_smart_crop_drops_something(geometry, needed):
    assert needs_focus(geometry, *WIDE) is needed


def test_a_head_shot_is_of_the_face_and_what_is_to_be_around_it():
    focus = faces((600, 100, 700, 200))
    assert frame(focus, zoom=True, padding=0, width=50, height=50).box == (600, 100, 700, 200)
    assert frame(focus, zoom=True, padding=0.5, width=50, height=50).box == (550, 50, 750, 250)
    assert frame(focus, zoom=True, padding=0, width=60, height=30).box == (550, 100, 750, 200)


def test_a_head_shot_of_all_holds_all():
    focus = faces((500, 100, 600, 200), (700, 120, 800, 220))
    box = frame(focus, zoom=True, padding=0, width=30, height=30).box
    assert held(box, focus) == [0, 1]
    assert box[2] - box[0] == box[3] - box[1] == 300


def test_a_head_shot_has_the_pixels_that_are_asked_for_where_the_picture_has_them():
    focus = faces((600, 100, 640, 140))
    assert frame(focus, zoom=True, width=200, height=200).box == (520, 20, 720, 220)
    near = frame(focus, zoom=True, padding=0, width=200, height=200, enlarge=True)
    assert (near.box, near.size) == ((600, 100, 640, 140), (200, 200))
    small = frame(focus, zoom=True, width=500, height=500, enlarge=False)
    assert (small.box, small.size) == ((370, 0, 870, 300), (500, 300))


def test_a_head_shot_stays_within_the_picture():
    assert frame(faces((1150, 0, 1200, 60)), zoom=True, padding=1).box == (1080, 0, 1200, 120)


def test_a_head_shot_fits_inside_of_a_size_as_well():
    near = frame(faces((600, 100, 700, 150)), zoom=True, padding=0, width=50, height=50, fit=Fit.CONTAIN)
    assert (near.box[0] >= 600, near.box[2] <= 700) == (True, True)
    assert near.size == (50, 50)


def test_without_a_face_there_is_no_head_shot():
    assert frame(Focus("yunet", ()), zoom=True).box == frame(None, zoom=True).box == (450, 0, 750, 300)


spots = st.integers(0, 1100)


@given(
    st.lists(st.tuples(spots, st.integers(0, 200)), min_size=1, max_size=6), st.integers(1, 500), st.integers(1, 500)
)
def test_no_other_place_keeps_more_than_the_best(places, width, height):
    focus = faces(*((left, top, left + 100, top + 100) for left, top in places))
    best = frame(focus, width=width, height=height).box
    size = best[2] - best[0], best[3] - best[1]
    assume(min(size) >= 100)
    most = max(
        len(held((left, top, left + size[0], top + size[1]), focus))
        for left in range(0, int(1200 - size[0]) + 1, 7)
        for top in range(0, int(300 - size[1]) + 1, 7)
    )
    assert len(held(best, focus)) >= most


@given(allowed_geometries, st.integers(1, 3000), st.integers(1, 3000))
def test_a_plan_never_leaves_the_picture_whatever_is_asked_and_found(geometry, width, height):
    planned = plan(geometry, width, height, Limits(), focus=geometry.smart.focus if geometry.smart else None)
    left, top, right, bottom = planned.box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
