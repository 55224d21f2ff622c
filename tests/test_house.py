"""docs/architecture.md, held against the folders that it describes."""

import re
import tomllib
from pathlib import Path

import pytest

from docs import make_rooms

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
ROOMS = [room for name in make_rooms.HOUSE for room in make_rooms.rooms(ROOT / name)]
#: As many modules as one takes in at a glance.
MOST_MODULES = 12
#: Rooms that cannot be split: Django finds the commands of an app in one folder alone.
WHOLE = {"aliases/management/commands"}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
#: The rooms whose modules stand in layers, with none left out: import-linter itself sees to that.
LAYERED = {room for one in CONTRACTS if one.get("exhaustive") for room in one.get("containers", [])}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_lists_of_rooms_and_modules_are_complete():
    assert make_rooms.written(ARCHITECTURE) == ARCHITECTURE, "run make docs"
    assert len(list(make_rooms.tree())) == len(ROOMS) > 20


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_what_lives_there_and_holds_no_more_than_one_takes_in(room):
    line = make_rooms.first_line(room / "__init__.py")
    assert line.endswith("."), f"The first line of {named(room)}/__init__.py says in a sentence what lives there"
    assert len(make_rooms.modules(room)) <= MOST_MODULES or named(room) in WHOLE


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_the_modules_of_a_room_stand_in_layers(room):
    inside = [*make_rooms.modules(room), *(path for path in ROOMS if path.parent == room)]
    assert len(inside) < 2 or named(room).replace("/", ".") in LAYERED, (
        "Add a contract to pyproject.toml: type = layers, exhaustive = true"
    )


@pytest.mark.parametrize("module", [one for room in ROOMS for one in make_rooms.modules(room)], ids=named)
def test_a_module_says_what_it_is_for(module):
    assert make_rooms.first_sentence(module).endswith(".")


def test_every_folder_with_code_is_a_room():
    folders = {path.parent for name in make_rooms.HOUSE for path in (ROOT / name).rglob("*.py")}
    assert {folder for folder in folders if folder.name not in make_rooms.UNLISTED} == set(ROOMS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", ARCHITECTURE))))
def test_a_path_that_the_document_names_exists(path):
    assert (ROOT / path).exists()
