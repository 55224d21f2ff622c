"""Turns: who goes first among those who wait."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from rendering.workers.turns import Places, turn


@pytest.fixture
def full() -> Places:
    """One place, which is taken."""
    places = Places()
    assert places.take(1, 0.001)
    return places


def test_a_place_is_given_back(full):
    assert not full.take(1, 0.001)
    full.leave()
    assert full.take(1, 0.001)


def waits(executor: ThreadPoolExecutor, places: Places, came: list[str], name: str, *, first: bool) -> Future[None]:
    """Have a thread wait for a place, and note that it came."""

    def take() -> None:
        with turn(first=first):
            assert places.take(1, 10)
        came.append(name)
        places.leave()

    before = places.waiting
    future = executor.submit(take)
    while places.waiting == before:
        time.sleep(0.001)
    return future


def test_who_goes_first_is_served_before_all_who_came_earlier(full):
    came: list[str] = []
    with ThreadPoolExecutor(4) as executor:
        waiting = [waits(executor, full, came, name, first=False) for name in ("one", "another")]
        waiting += [waits(executor, full, came, name, first=True) for name in ("signed", "signed too")]
        full.leave()
        for one in waiting:
            one.result(10)
    assert set(came[:2]) == {"signed", "signed too"}
    assert set(came[2:]) == {"one", "another"}


def test_who_gives_up_no_longer_goes_first(full):
    came: list[str] = []
    with ThreadPoolExecutor(1) as executor:
        waiting = waits(executor, full, came, "one", first=False)
        assert not full.take(1, 0.01)  # goes first, and gives up
        full.leave()
        waiting.result(10)
    assert (came, full.waiting, full.taken) == (["one"], 0, 0)
