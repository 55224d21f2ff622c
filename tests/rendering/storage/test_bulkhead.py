"""How many threads one place may hold, and when it is left alone."""

import runpy
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from rendering.storage import bulkhead
from rendering.storage.bulkhead import Bulkhead, bulkhead_of, received
from rendering.storage.errors import LeftAlone, Missing, TooLate
from tests.running import ROOT


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    bulkhead.forget()
    yield
    bulkhead.forget()


@contextmanager
def held(place: Bulkhead, calls: int, count: int = 0) -> Iterator[None]:
    """Calls that are under way, each in a thread of its own. Each has received `count` bytes."""
    begun, over = threading.Barrier(calls + 1), threading.Event()

    def hold() -> None:
        with place.call():
            received(count)
            begun.wait()
            over.wait()

    with ThreadPoolExecutor(calls) as pool, ExitStack() as stack:
        futures = [pool.submit(hold) for _ in range(calls)]
        stack.callback(over.set)
        begun.wait()
        yield
    assert not any(future.exception() for future in futures)


def ask(place: Bulkhead, error: Exception | None = None) -> None:
    with place.call():
        if error:
            raise error


def time_out(place: Bulkhead) -> None:
    with pytest.raises(TooLate):
        ask(place, TooLate("played"))


def test_a_place_with_six_slow_calls_is_refused_at_once_and_others_are_asked(monkeypatch):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    slow, other = bulkhead_of("slow"), bulkhead_of("other")
    with held(slow, 5):
        ask(slow)
    with held(slow, 6):
        with pytest.raises(LeftAlone):
            ask(slow)
        ask(other)
    ask(slow)


def test_what_a_place_has_answered_quickly_is_asked_for_beside_slow_calls(monkeypatch):
    place = bulkhead_of("place")
    with place.call("kept.jpg"):
        pass
    with pytest.raises(Missing), place.call("missing.jpg"):
        raise Missing("played")
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    with held(place, 6):
        for key in ("new.jpg", "missing.jpg", ""):
            with pytest.raises(LeftAlone), place.call(key):
                pass
        with place.call("kept.jpg"):  # which is slow, this time
            pass
        with pytest.raises(LeftAlone), place.call("kept.jpg"):
            pass


def test_what_a_place_has_answered_quickly_need_not_wait_for_others(monkeypatch):
    monkeypatch.setattr(bulkhead, "PATIENCE", 0)
    place = bulkhead_of("place")
    with place.call("kept.jpg"):
        pass
    with held(place, bulkhead.MOST), ExitStack() as stack:
        with pytest.raises(LeftAlone), place.call("new.jpg"):
            pass
        with ThreadPoolExecutor(bulkhead.MOST_KNOWN) as pool:
            begun, over = threading.Barrier(bulkhead.MOST_KNOWN + 1), threading.Event()
            stack.callback(over.set)

            def hold() -> None:
                with place.call("kept.jpg"):
                    begun.wait()
                    over.wait()

            futures = [pool.submit(hold) for _ in range(bulkhead.MOST_KNOWN)]
            begun.wait()
            with pytest.raises(LeftAlone), place.call("kept.jpg"):
                pass
            over.set()
        assert not any(future.exception() for future in futures)


def test_a_place_is_left_alone_for_what_it_answered_quickly_when_it_hangs_for_that_too(monkeypatch):
    monkeypatch.setattr(bulkhead, "REST", 60)
    place = bulkhead_of("place")
    for key in ("one.jpg", "two.jpg", "three.jpg"):
        with place.call(key):
            pass
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    for _ in range(bulkhead.TIMEOUTS):
        time_out(place)
    with pytest.raises(TooLate), place.call("one.jpg"):
        raise TooLate("played")
    for key in ("one.jpg", "two.jpg"):
        with pytest.raises(LeftAlone), place.call(key):
            pass
    monkeypatch.setattr(bulkhead, "SLOW", 60)
    place.resting_until = 0
    ask(place)
    with place.call("three.jpg"):
        pass


def test_what_it_answers_quickly_shows_that_a_place_responds(monkeypatch):
    monkeypatch.setattr(bulkhead, "REST", 60)
    place = bulkhead_of("place")
    with place.call("kept.jpg"):
        pass
    with monkeypatch.context() as slow:
        slow.setattr(bulkhead, "SLOW", 0)
        for _ in range(bulkhead.TIMEOUTS):
            time_out(place)
    with pytest.raises(LeftAlone):
        ask(place)
    with place.call("kept.jpg"):
        pass
    ask(place)


def test_only_some_keys_are_remembered(monkeypatch):
    monkeypatch.setattr(bulkhead, "KNOWN", 2)
    place = bulkhead_of("place")
    for key in ("one", "two", "one", "three"):
        with place.call(key):
            pass
    assert list(place.known) == ["one", "three"]


def test_calls_that_have_just_begun_are_waited_for_a_little(monkeypatch):
    monkeypatch.setattr(bulkhead, "PATIENCE", 0.1)
    monkeypatch.setattr(bulkhead, "SLOW", 60)
    place = bulkhead_of("place")
    with held(place, bulkhead.MOST - 1):
        ask(place)
    with held(place, bulkhead.MOST):
        with pytest.raises(LeftAlone):
            ask(place)
        ask(bulkhead_of("other"))


def test_only_some_wait_for_a_place_where_no_call_ends(monkeypatch):
    monkeypatch.setattr(bulkhead, "PATIENCE", 3)
    monkeypatch.setattr(bulkhead, "SLOW", 60)
    place, refused = bulkhead_of("place"), threading.Semaphore(0)

    def wait() -> bool:
        try:
            ask(place)
        except LeftAlone:
            refused.release()
            return False
        return True

    with ThreadPoolExecutor(bulkhead.MOST_WAITING + 3) as pool:
        with held(place, bulkhead.MOST):
            asked = [pool.submit(wait) for _ in range(bulkhead.MOST_WAITING + 3)]
            assert all(refused.acquire(timeout=10) for _ in range(3))
        assert [one.result() for one in asked].count(True) == bulkhead.MOST_WAITING


def test_whoever_came_first_calls_first(monkeypatch):
    monkeypatch.setattr(bulkhead, "MOST", 1)
    for name in ("PATIENCE", "STALLED", "SLOW"):
        monkeypatch.setattr(bulkhead, name, 60)
    place, begun = bulkhead_of("place"), []

    def look(number: int) -> None:
        with place.call():
            begun.append(number)

    with ThreadPoolExecutor(9) as pool:
        with held(place, 1):
            asked = []
            for number in range(9):
                asked.append(pool.submit(look, number))
                while len(bulkhead._waiting) <= number and not asked[number].done():
                    time.sleep(0.001)
            ask(bulkhead_of("other"))  # which has room, and does not wait for them
        assert not any(one.exception() for one in asked)
    assert begun == list(range(9))


def test_bytes_that_arrive_are_not_slow(monkeypatch):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    place = bulkhead_of("place")
    with held(place, 6, count=10**9):
        ask(place)


def test_threads_are_left_for_places_that_respond_when_many_are_slow(monkeypatch):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    one, two, well, unknown = (bulkhead_of(name) for name in ("one", "two", "well", "unknown"))
    ask(well)
    with held(one, 5), held(two, 5):
        for place in (one, two):
            with pytest.raises(LeftAlone):
                ask(place)
        ask(unknown)
        monkeypatch.setattr(bulkhead, "SLOW", 60)
        with held(well, 3):
            ask(well)


def test_a_place_that_timed_out_several_times_rests_and_is_then_tried_by_one(monkeypatch, caplog):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    monkeypatch.setattr(bulkhead, "REST", 60)
    place = bulkhead_of("place")
    for _ in range(bulkhead.TIMEOUTS):
        time_out(place)
    for _ in range(2):
        with pytest.raises(LeftAlone):
            ask(place)
    assert [record.message for record in caplog.records] == ["place left alone"]
    place.resting_until = 0
    with held(place, 1), pytest.raises(LeftAlone):
        ask(place)
    ask(place)
    assert [record.message for record in caplog.records] == ["place left alone", "place asked again"]


def test_a_trial_that_times_out_lets_the_place_rest_again(monkeypatch):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    place = bulkhead_of("place")
    for _ in range(bulkhead.TIMEOUTS):
        time_out(place)
    place.resting_until = 0
    time_out(place)
    with pytest.raises(LeftAlone):
        ask(place)


@pytest.mark.parametrize("answer", [Missing("played"), None])
def test_any_response_ends_a_row_of_timeouts(monkeypatch, answer):
    monkeypatch.setattr(bulkhead, "SLOW", 0)
    place = bulkhead_of("place")
    for _ in range(bulkhead.TIMEOUTS - 1):
        time_out(place)
    if answer:
        with pytest.raises(Missing):
            ask(place, answer)
    else:
        ask(place)
    time_out(place)
    ask(place)


def test_little_time_left_is_not_a_fault_of_the_place():
    place = bulkhead_of("place")
    for _ in range(bulkhead.TIMEOUTS):
        time_out(place)
    ask(place)


def test_a_method_that_calls_another_is_one_call():
    place = bulkhead_of("place")
    with place.call(), place.call():
        assert len(place.underway) == 1
    assert not place.underway


def test_gunicorn_has_more_threads_than_slow_places_may_hold():
    threads = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"]
    assert threads > bulkhead.MOST_IN_ALL > bulkhead.MOST
    # While one place hangs.
    assert threads - bulkhead.MOST - bulkhead.MOST_WAITING >= 8
    assert threads - bulkhead.MOST - bulkhead.MOST_WAITING - bulkhead.MOST_KNOWN >= 4
