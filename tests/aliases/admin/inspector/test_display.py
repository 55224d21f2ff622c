"""The drawing of the stages of a request: how long each took beside the others."""

from itertools import pairwise

import pytest

from aliases.admin.inspector.display import bars, in_words

STAGES = {"find the original": 0.1, "read the original": 10.0, "render": 29.9}


def test_bars_lie_side_by_side_over_the_whole_width():
    drawn = bars(STAGES)
    assert len(drawn) == len(STAGES)
    assert drawn[0].x == 0
    assert drawn[-1].x + drawn[-1].width == pytest.approx(1000, abs=5)
    assert all(one.x + one.width <= after.x for one, after in pairwise(drawn))


def test_a_bar_is_as_wide_as_its_stage_was_long():
    short, read, render = bars(STAGES)
    assert render.width == pytest.approx(3 * read.width, rel=0.05)
    assert short.width >= 5  # it can be seen
    assert [one.longest for one in (short, read, render)] == [False, False, True]


@pytest.mark.parametrize("stages", [{}, {"render": 0.0}])
def test_nothing_is_drawn_where_nothing_took_time(stages):
    assert bars(stages) == ()


def test_stages_are_named_with_their_times():
    assert in_words(STAGES) == "find the original 0.1 ms · read the original 10 ms · render 29.9 ms"
