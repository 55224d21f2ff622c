"""Runs of pytest in a copy of the checkout: what is said of each, and that none takes for ever."""

import json
import subprocess
import sys
from pathlib import Path

from tests.tracked import ROOT

TESTS = """
import time
def test_passing(): pass
def test_failing(): assert False
def test_endless():
    while True:
        time.sleep(0.01)
"""


def run(folder: Path, *names: str) -> list[dict[str, object]]:
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
                "patience": {f"{module.name}::test_endless": 0.2},
                "beginning": 60,
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
    assert [len(passed["tests"]), len(failed["tests"]), len(endless["tests"])] == [1, 2, 2]
    assert failed["tests"][-1].endswith("::test_failing")
    assert endless["tests"][-1].endswith("::test_endless")
