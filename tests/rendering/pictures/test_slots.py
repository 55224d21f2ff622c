"""Room for work on pictures."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from rendering.pictures.slots import NoSlot, slot


@pytest.fixture
def one_slot(settings):
    settings.RENDERS_AT_ONCE, settings.DEADLINE = 1, 60


def test_whoever_gets_a_slot_at_once_lets_go_of_nothing(one_slot):
    with slot(lambda: pytest.fail("let go")):
        pass


def test_whoever_waits_for_a_slot_lets_go_first(one_slot):
    released, go_on = Event(), Event()

    def release():
        released.set()
        go_on.set()

    def held(taken):
        with slot(lambda: pytest.fail("let go")):
            taken.set()
            go_on.wait(10)

    taken = Event()
    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(held, taken)
        taken.wait(10)
        with slot(release):
            assert released.is_set()
        holding.result()


def test_whoever_waits_in_vain_is_told(one_slot, settings):
    settings.DEADLINE = 0.2
    with slot(lambda: None), pytest.raises(NoSlot), slot(lambda: None):
        pass
