"""What the documentation says, held against the code."""

import re
from pathlib import Path

import pytest

from docs import make_settings
from imageservice.variables import Variables

ROOT = Path(__file__).resolve().parent.parent
RUNNING = (ROOT / "docs/running.md").read_text()


def test_the_settings_are_documented_as_they_are_declared():
    assert make_settings.written(RUNNING) == RUNNING, "run make docs"
    assert RUNNING.count("\n| `") > len(list(Variables.variables()))


def test_a_setting_is_read_where_all_are():
    settings = (ROOT / "imageservice/settings.py").read_text()
    assert {one.name for one in Variables.variables()} == set(re.findall(r"\benv\.([A-Z_]+)\b", settings))


@pytest.mark.parametrize("command", [path.stem for path in (ROOT / "aliases/management/commands").glob("[a-z]*.py")])
def test_every_command_is_documented(command):
    assert f"`{command}" in RUNNING


def test_every_target_of_the_makefile_that_is_for_people_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("run", "dev", "test", "test-aws", "lock", "clean", "help"):
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target
