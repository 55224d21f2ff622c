"""Boxes as text, both ways."""

import pytest

from rendering.imaging.box import Box


@pytest.mark.parametrize(
    "box",
    [
        Box(10, 20, 300, 400),
        Box(0, 0, 1, 1),
        Box(0, 0, 1, 1, fractions=True),
        Box(0.25, 0, 1, 1, fractions=True),
        Box(0, 0, 1, 0.5, fractions=True),
    ],
    ids=str,
)
def test_a_box_is_written_and_read_back_the_same(box):
    again = Box.read(str(box))
    assert [getattr(again, name) for name in Box.__slots__] == [getattr(box, name) for name in Box.__slots__]
