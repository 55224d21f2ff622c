"""The tests themselves: where they lie, and what none of them does."""

from pathlib import PurePosixPath

import pytest

from docs import make_rooms
from tests.smells import smells
from tests.tracked import ROOT, tracked

SOURCES = tracked("tests/*.py")
#: Test modules of a room, or of one in it.
OF_ROOMS = [
    name for name in SOURCES if PurePosixPath(name).match("test_*.py") and name.split("/")[1] in make_rooms.HOUSE
]
#: Pages in a browser, which are of many rooms, take longer than all other tests of theirs.
OF_NO_ROOM = {"tests/aliases/browser"}


@pytest.mark.parametrize("name", SOURCES)
def test_no_test_smells(name):
    assert smells((ROOT / name).read_text()) == []


def test_the_folders_of_tests_mirror_the_rooms():
    folders = {str(PurePosixPath(name).parent) for name in OF_ROOMS} - OF_NO_ROOM
    rooms = {room.relative_to(ROOT).as_posix() for top in make_rooms.HOUSE for room in make_rooms.rooms(ROOT / top)}
    assert len(folders) > 20
    assert {folder.removeprefix("tests/") for folder in folders} <= rooms


@pytest.mark.parametrize(
    ("source", "smell"),
    [
        ("from tests.aliases.test_events import notification", "imports from a module of tests"),
        ("from .conftest import made", "imports from a module of tests"),
        ("from tests import conftest", "imports a module of tests"),
        ("import tests.aliases.test_events", "imports a module of tests"),
        ("time.sleep(1)", "sleeps for a second"),
        ("sleep(1.5)", "sleeps for a second"),
        ("READER.__init__()", "makes an object again"),
        ("READER._read_at = 0", "sets _read_at"),
        ("READER._read_at -= 61", "sets _read_at"),
        ("del READER._held", "sets _held"),
        ("assert time.monotonic() - begun < 5", "asserts how long"),
        ("took = 1\nassert 0 < perf_counter() - begun < 5", "asserts how long"),
    ],
)
def test_a_smell_is_found_with_its_line(source, smell):
    (found,) = smells(source)
    assert found.startswith(f"{source.count(chr(10)) + 1}: {smell}")


@pytest.mark.parametrize(
    "source",
    [
        "from tests.aliases.notifications import notification",
        "time.sleep(0.1)",
        "time.sleep(pause)",
        "super().__init__()",
        "self._thread = 1",
        "error.__cause__ = cause",
        "client.handler.enforce_csrf_checks = True",
        "assert time.monotonic() < deadline",
    ],
)
def test_what_is_fine_is_no_smell(source):
    assert smells(source) == []
