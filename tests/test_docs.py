"""What the documentation says, held against the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNNING = (ROOT / "docs/running.md").read_text()
VARIABLES = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "imageservice/settings.py").read_text())


@pytest.mark.parametrize("variable", sorted(set(VARIABLES)))
def test_every_variable_is_documented(variable):
    assert f"`{variable}`" in RUNNING


def test_no_variable_is_documented_that_is_not_read():
    table = RUNNING.partition("## Settings")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| (.*?) \|", table, re.MULTILINE)) - {"variable", "---"}
    assert {name for row in named for name in re.findall(r"`([A-Z_]+)`", row)} == set(VARIABLES)


@pytest.mark.parametrize("command", [path.stem for path in (ROOT / "aliases/management/commands").glob("[a-z]*.py")])
def test_every_command_is_documented(command):
    assert f"`{command}" in RUNNING


def test_every_target_of_the_makefile_that_is_for_people_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("run", "dev", "test", "test-aws", "lock", "clean", "help"):
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target
