"""Boxes as text, both ways."""

import pytest

from rendering.imaging.box import Box
from rendering.imaging.errors import BadArgument


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


@pytest.mark.parametrize("text", ["0.1x0.2:1.01x0.8", "0.1x0.2:0.9x1.5", "0.5x0.5:2x2"])
def test_fractions_are_of_the_sides_so_none_is_over_one(text):
    with pytest.raises(BadArgument, match=r"at most 1$"):
        Box.read(text)
