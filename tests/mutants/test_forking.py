"""Runs of pytest in a copy of the checkout: what is said of each, and that none takes for ever."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.tracked import ROOT

TESTS = """
import time
from pathlib import Path
def test_failing_once():
    again = Path(__file__).with_name("again")
    there = again.exists()
    again.touch()
    assert there
def test_passing(): pass
def test_failing(): assert False
def test_endless():
    while True:
        time.sleep(0.01)
"""


def run(folder: Path, *names: str) -> list[dict[str, Any]]:
    """A run for each of these names of tests."""
    module = folder / "test_some.py"
    module.write_text(TESTS)
    lines = [
        json.dumps(
            {
                "arguments": [
                    "-x",
                    "-p",
                    "no:randomly",
                    "-p",
                    "no:cacheprovider",
                    *(f"{module}::{one}" for one in some.split()),
                ],
                "variables": {},
                "patience": 5,
                "log": str(folder / "log"),
            }
        )
        for some in names
    ]
    command = [sys.executable, "-m", "tests.mutants.forking"]
    said = subprocess.run(command, cwd=ROOT, input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_of_each_run_the_code_and_the_tests_are_told(tmp_path):
    passed, failed, endless = run(
        tmp_path, "test_passing", "test_passing test_failing test_endless", "test_passing test_endless"
    )
    assert [passed["code"], failed["code"], endless["code"]] == [0, 1, None]
    assert [names(passed), names(failed), names(endless)] == [
        ["test_passing"],
        ["test_passing", "test_failing"],
        ["test_passing", "test_endless"],
    ]


def test_a_test_that_fails_once_has_passed(tmp_path):
    (once,) = run(tmp_path, "test_failing_once test_passing")
    assert once["code"] == 0
    assert names(once) == ["test_failing_once", "test_passing"]


def names(said: dict[str, Any]) -> list[str]:
    return [test.partition("::")[2] for test in said["tests"]]
