"""What the documentation says, held against the code."""

import re
from pathlib import Path

import pytest

from docs import make_decisions, make_settings, make_snippets
from imageservice.environment.variables import Variables

ROOT = Path(__file__).resolve().parent.parent
RUNNING = (ROOT / "docs/running.md").read_text()
SETTINGS = (ROOT / "docs/settings.md").read_text()
URLS = (ROOT / "docs/urls.md").read_text()
DECISIONS = (ROOT / "docs/decisions.md").read_text()


def test_the_settings_are_documented_as_they_are_declared():
    assert make_settings.written(SETTINGS) == SETTINGS, "run make docs"
    assert SETTINGS.count("\n| `") == len(list(Variables.variables()))


def test_the_snippets_are_those_that_the_admin_shows():
    assert make_snippets.written(URLS) == URLS, "run make docs"


def test_a_setting_is_read_where_all_are():
    settings = (ROOT / "imageservice/settings.py").read_text()
    assert {one.name for one in Variables.variables()} == set(re.findall(r"\benv\.([A-Z0-9_]+)\b", settings))


@pytest.mark.parametrize("command", [path.stem for path in (ROOT / "aliases/management/commands").glob("[a-z]*.py")])
def test_every_command_is_documented(command):
    assert f"`{command}" in RUNNING


def test_every_target_of_the_makefile_that_is_for_people_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("run", "dev", "test", "test-aws", "lock", "clean", "help"):
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target


def test_the_contents_of_the_decisions_are_complete():
    assert make_decisions.written(DECISIONS) == DECISIONS, "run make docs"
    assert DECISIONS.count("\n- [D") == DECISIONS.count("\n### D") > 0


def test_every_decision_has_a_number_of_its_own_without_gaps_and_is_dated_in_that_order():
    decisions = [one for room in make_decisions.rooms(DECISIONS) for one in room.decisions]
    assert decisions
    assert sorted(one.number for one in decisions) == list(range(1, len(decisions) + 1))
    by_number = sorted(decisions, key=lambda one: one.number)
    assert [one.date for one in by_number] == sorted(one.date for one in by_number)


def test_the_newest_decision_of_a_room_stands_last():
    rooms = make_decisions.rooms(DECISIONS)
    assert rooms
    for room in rooms:
        numbers = [one.number for one in room.decisions]
        assert numbers == sorted(numbers) != [], room.name


@pytest.mark.parametrize(
    "heading", ["### D1: Undated", "### D1 (2026-11-22)", "### D01 (2026-11-22): Padded", "### Two"]
)
def test_a_decision_without_number_date_or_title_is_refused(heading):
    with pytest.raises(SystemExit, match="write “"):
        make_decisions.rooms(f"{make_decisions.BEGIN}{make_decisions.END}\n## Room\n\n{heading}\n")
