"""Admission: how many requests may wait for a render, and for what."""

from contextlib import ExitStack

import pytest

from rendering.workers import admission
from rendering.workers.admission import admitted
from rendering.workers.errors import Busy, NoSeat


def admitted_of(*wanted: tuple[str, str, bool]) -> int:
    """How many of these are admitted, one after another."""
    with ExitStack() as stack:
        for number, (bucket, original, signed) in enumerate(wanted):
            try:
                stack.enter_context(admitted(bucket, original, signed=signed))
            except Busy:
                return number
    return len(wanted)


def originals(count: int, bucket: str = "photos", *, signed: bool = True) -> list[tuple[str, str, bool]]:
    return [(bucket, f"{bucket}/{number}", signed) for number in range(count)]


@pytest.fixture(autouse=True)
def ten(settings):
    settings.MAX_WAITING = 10


def test_there_are_so_many_and_they_are_given_back():
    for _ in range(3):
        assert admitted_of(*originals(8), *originals(8, "others")) == 10
    assert not admission._admitted


def test_one_bucket_leaves_some_to_others():
    assert admitted_of(*originals(20)) == 8


def test_urls_that_anybody_can_write_leave_some_to_others():
    assert admitted_of(*originals(20, signed=False)) == 5


def test_one_original_leaves_some_to_others():
    assert admitted_of(*[("photos", "photos/one.jpg", True)] * 10) == 3


def test_where_one_is_admitted_anybody_is(settings):
    settings.MAX_WAITING = 1
    assert admitted_of(("photos", "photos/one.jpg", False)) == 1


def test_so_many_originals_are_in_memory_at_once(settings):
    settings.RENDERS_AT_ONCE, settings.DEADLINE = 1, 0.1
    with ExitStack() as stack:
        for _ in range(1 + admission.AHEAD):
            stack.enter_context(admission.in_memory())
        with pytest.raises(NoSeat):
            stack.enter_context(admission.in_memory())
    with admission.in_memory():
        pass


def test_urls_that_anybody_can_write_keep_fewer_in_memory(settings):
    settings.RENDERS_AT_ONCE, settings.DEADLINE = 1, 0.1
    with ExitStack() as stack:
        for number in range(1 + admission.AHEAD_UNSIGNED):
            stack.enter_context(admitted("photos", f"photos/{number}", signed=False))
            stack.enter_context(admission.in_memory())
        with pytest.raises(NoSeat):
            stack.enter_context(admission.in_memory())
        stack.enter_context(admitted("photos", "photos/signed", signed=True))
        stack.enter_context(admission.in_memory())
