"""How often a refused HEAD is looked at once more."""

import pytest

from rendering.storage.errors import Misconfigured, Missing
from rendering.storage.s3 import second_looks
from rendering.storage.s3.second_looks import SecondLooks


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the process has run for, in a list of one."""
    now = [100.0]
    monkeypatch.setattr(second_looks, "time", type("Clock", (), {"monotonic": staticmethod(lambda: now[0])}))
    return now


def test_in_any_span_there_are_no_more_looks_than_the_most(clock):
    looks = SecondLooks()
    assert looks.admit("first")
    clock[0] += SecondLooks.SPAN - 1
    assert all(looks.admit(f"{number}") for number in range(SecondLooks.MOST - 1))
    assert not looks.admit("one too many")
    clock[0] += 1  # the span since the first look is over, and that since the others is not
    assert looks.admit("one more")
    assert not looks.admit("and no second")


def test_what_a_look_found_wrong_with_the_place_is_raised_for_those_that_are_not_looked_at(clock):
    looks = SecondLooks()
    assert all(looks.admit("one") for _ in range(SecondLooks.MOST))
    looks.record(Misconfigured("there is no such bucket"))
    with pytest.raises(Misconfigured, match="two: like an earlier request"):
        looks.admit("two")
    looks.record(Missing("one"))  # of a single key
    assert not looks.admit("two")


def test_where_only_a_second_look_finds_the_objects_there_is_no_limit(clock):
    looks = SecondLooks()
    looks.record(None)
    assert all(looks.admit("one") for _ in range(2 * SecondLooks.MOST))
