"""Which failures of the store of derivatives are remembered, and for how long."""

import pytest

from rendering.pictures import derivative_store
from rendering.storage.errors import Missing, Nonsense, StorageError
from rendering.storage.interface import Stored
from tests.service import forget


class Store:
    """A store that fails for the names it is told to."""

    def __init__(self) -> None:
        self.failing: set[str] = set()

    def fail(self, name: str) -> None:
        if name in self.failing:
            raise Nonsense(f"{name} is a riddle")

    def read(self, name: str, *, most: int | None) -> Stored:
        self.fail(name)
        raise Missing(name)

    def write(self, name: str, content: bytes, content_type: str) -> None:
        self.fail(name)

    def reach(self, *, writing: bool = False) -> None:
        """It answers."""

    def sample(self) -> None:
        """It has nothing that could be read."""


@pytest.fixture
def store(monkeypatch):
    forget()
    store = Store()
    monkeypatch.setattr(derivative_store, "configured", lambda name: store)
    yield store
    forget()


def read(name):
    return derivative_store.read(name, None)


def write(name):
    derivative_store.write(name, b"a picture", "image/png")


@pytest.fixture(params=[read, write])
def failed(request, store):
    """A failure for the object `one`, to read or to write it; then the store works again."""
    store.failing = {"one"}
    with pytest.raises(Nonsense):
        request.param("one")
    store.failing = set()
    return request.param


def works():
    try:
        derivative_store.check()
    except StorageError as error:
        assert str(error) == "one is a riddle"  # noqa: PT017 - it may also not fail
        return False
    return True


def test_a_failure_is_told_until_it_is_old(failed, monkeypatch):
    assert not works()
    monkeypatch.setattr(derivative_store, "AGE", 0)
    assert works()


def test_a_write_that_succeeds_makes_up_for_one_that_failed_and_for_reads_of_the_same_object(failed):
    write("another")
    assert works() is (failed is write)
    write("one")
    assert works()


def test_a_missing_object_says_nothing_of_others(failed):
    assert read("none") is None
    assert not works()
