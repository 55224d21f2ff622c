"""Running tests in a copy of the checkout: to record which lines each runs, or to try a mutant on those of its line."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.tracked import ROOT, tracked

from .mutations import Mutant
from .records import TESTS, Record

PYTHON = ROOT / ".venv" / "bin" / "python"
BUILD = ROOT / "build" / "mutants"

#: How many tests are tried before the others: pytest imports what it runs, and most mutants fall to the first.
FIRST = 15
#: Seconds in which the first test must begin, and each end. Machines are busy, and what is slow is no mutant killed.
PATIENCE = 180
#: How many modules of tests are near, besides the mutant's own.
NEIGHBOURS = 6


@dataclass(frozen=True)
class Verdict:
    """`killed`, `timeout` (which is killed, too), `survived`, or `untested` where there is no test. `by` names the test
    that failed, or none where none could begin; `tried` those that passed."""

    said: str
    by: str
    tried: list[str]


def near(mutant: Mutant, modules: list[str]) -> list[list[str]]:
    """The modules of tests to begin with, as nothing is known yet of what they run: those of the mutant's module, by
    name; then those that mention it or are in the same folder."""
    package, _, module = mutant.path.removesuffix(".py").replace("/__init__", "").replace("/", ".").rpartition(".")
    mention = re.compile(rf"\b{re.escape(package)}(\.{module}\b| import .*\b{module}\b)")
    own = len(Path(mutant.path).parts)
    mirrored = [name for name in modules if shared(mutant, name) >= own]
    others = [name for name in modules if name not in mirrored]
    rank = {name: (not mention.search((ROOT / name).read_text()), -shared(mutant, name), name) for name in others}
    wanted = [name for name in others if not rank[name][0] or shared(mutant, name) >= own - 1]
    return [mirrored, sorted(wanted, key=rank.__getitem__)[:NEIGHBOURS]]


def nearest(mutant: Mutant, record: Record, enough: float) -> list[str]:
    """The tests that run the mutant's lines, the nearest first: its module's own, its folder's, the others; and of
    these the fastest. Lines that none runs may run as the module is imported, or in a process that a test starts: they
    have the tests that run any of the module, and then whichever are near. After so many seconds of tests it is enough,
    but its module's own are all there."""
    lines = record.lines.get(mutant.path, {})
    running = {test for line in range(mutant.line, mutant.last + 1) for test in lines.get(str(line), ())}
    importing = {test for tests in lines.values() for test in tests}
    own = len(Path(mutant.path).parts)
    chosen: list[str] = []
    spent = 0.0
    for test in sorted(
        running or record.seconds,
        key=lambda test: (test not in importing, -shared(mutant, test), record.seconds[test], test),
    ):
        spent += record.seconds[test]
        if chosen and spent > enough and shared(mutant, test) < own:
            break
        chosen.append(test)
    return chosen


def shared(mutant: Mutant, test: str) -> int:
    """How many folders a module and its test have in common, and one more if the test's file is named after the module
    or after a folder that it is in."""
    module = Path(mutant.path).with_suffix("").parts
    mirrored = Path(test.partition("::")[0].replace("/test_", "/")).with_suffix("").parts[1:]
    return next(
        (number for number, (one, other) in enumerate(zip(module, mirrored, strict=False)) if one != other),
        len(mirrored),
    )


def copied(name: str) -> Path:
    """A copy of the checkout, under build/. It is a repository of its own, because some tests ask git which files there
    are."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    for path in tracked():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    for arguments in (["init", "--quiet"], ["add", "--force", "."]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def recorded(room: str, names: list[str], path: Path, folder: Path) -> None:
    """Run these modules of a room's tests, and have recording.py write to that path."""
    variables = TESTS[room][1] | {"RECORD": str(path)}
    pytest(folder, variables, ["-p", "tests.mutants.recording", *names], None)


def verdict(mutant: Mutant, stages: Iterable[list[str]], folder: Path, number: int) -> Verdict:
    """Try these tests, or modules of them, in that folder: one stage after the other, until a test fails."""
    path = folder / mutant.path
    original = path.read_text()
    path.write_text(mutant.text())
    # Python takes a .pyc for the file's by its date in seconds and its size, and mutants are fast and alike.
    os.utime(path, (number, number))
    tried: list[str] = []
    try:
        for some in stages:
            code, began = chosen(mutant.room, some, folder)
            if code != 0:
                return Verdict("timeout" if code is None else "killed", "".join(began[-1:]), tried + began[:-1])
            tried += began
    finally:
        path.write_text(original)
    return Verdict("survived" if tried else "untested", "", tried)


def failing(room: str, tests: list[str], folder: Path) -> set[str]:
    """Which of these tests fail in that folder, where there is no mutant."""
    found: set[str] = set()
    while tests:
        code, began = chosen(room, tests, folder)
        if code == 0:
            break
        if not began:
            raise SystemExit(f"Tests could not be run: see {folder}/pytest.log")
        found.add(began[-1])
        tests = [test for test in tests if test not in began]
    return found


def chosen(room: str, tests: list[str], folder: Path) -> tuple[int | None, list[str]]:
    """Run these tests of a room until one fails. As pytest() returns it."""
    names = folder / "build" / "tests.txt"
    names.parent.mkdir(exist_ok=True)
    names.write_text("\n".join(tests))
    return pytest(folder, TESTS[room][1], ["-x", f"@{names}"], PATIENCE)


def pytest(
    folder: Path,
    variables: dict[str, str],
    arguments: Iterable[str],
    patience: float | None,
) -> tuple[int | None, list[str]]:
    """Run pytest in that folder. Its exit code, or None where it took longer than these seconds; and the tests that
    began, in order."""
    process = forking(folder)
    assert process.stdin
    assert process.stdout
    run = {
        "arguments": ["-p", "no:randomly", "-p", "no:cacheprovider", *arguments],
        "variables": variables,
        "patience": patience,
        "log": str(folder / "pytest.log"),
    }
    print(json.dumps(run), file=process.stdin, flush=True)
    said = json.loads(process.stdout.readline())
    return said["code"], said["tests"]


@cache
def forking(folder: Path) -> "subprocess.Popen[str]":
    """The process that forks for the runs in that folder; see forking.py. It ends with this one."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PLANE", "DATABASE_URL")}
    return subprocess.Popen(
        [PYTHON, "-m", "tests.mutants.forking"],
        cwd=folder,
        env=inherited,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
