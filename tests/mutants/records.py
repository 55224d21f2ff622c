"""Which tests run which lines: recorded once for each module of tests, and kept in build/mutants/records for the next
time, until that module, what it imports of tests, or a file of which it runs lines is changed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from tests.tracked import ROOT, tracked

#: Where the tests of a room are, and the variables that they run with.
TESTS: dict[str, tuple[str, dict[str, str]]] = {
    "rendering": ("tests/rendering", {"PLANE": "images"}),
    "aliases": ("tests/aliases", {}),
}
#: Tests that are left out: slow, and on a busy machine a browser may fail for other reasons than a mutant.
LEFT_OUT = "tests/aliases/browser/"
#: How many modules of tests are recorded together: what they share is set up once for all.
TOGETHER = 12
#: What tests depend on besides their module and the code of the rooms.
SHARED = (
    ":(glob)tests/*.py",
    "tests/aliases",
    "tests/rendering",
    "tests/stored",
    "tests/golden",
    "imageservice",
    "rendering",
    "aliases",
    "pyproject.toml",
)
KEPT = ROOT / "build" / "mutants" / "records"


@dataclass
class Record:
    """Of a room's tests: how many seconds each took, and which run a line of a file. A test is a function, with all its
    parameters; one that failed is in `failed` alone."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, kept: dict[str, Any]) -> None:
        self.seconds |= kept["seconds"]
        self.failed += kept["failed"]
        for path, lines in kept["lines"].items():
            mine = self.lines.setdefault(path, {})
            for line, tests in lines.items():
                mine.setdefault(line, []).extend(tests)


def modules(room: str) -> list[str]:
    """The modules of a room's tests."""
    paths = tracked(f"{TESTS[room][0]}/*.py")
    return [path for path in paths if is_test(path) and not path.startswith(LEFT_OUT)]


def missing(room: str) -> list[list[str]]:
    """The modules of which no record is kept, as those that are to be recorded together."""
    names = [name for name in modules(room) if kept(name) is None]
    return [names[start : start + TOGETHER] for start in range(0, len(names), TOGETHER)]


def record(names: list[str], run: Callable[[Path], None]) -> None:
    """Keep a record of these modules. `run` runs them and writes what recording.py says of them to that path. Raises
    SystemExit where it writes nothing."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{place(names[0]).stem}.new"
    run(path)
    if not path.exists():
        raise SystemExit(f"Tests could not be run: try .venv/bin/python -m pytest {' '.join(names)}")
    said = json.loads(path.read_text())
    for name in names:
        own = f"{name}::"
        lines = {
            file: {
                line: mine for line, tests in lines.items() if (mine := [one for one in tests if one.startswith(own)])
            }
            for file, lines in said["lines"].items()
        }
        lines = {file: some for file, some in lines.items() if some}
        content = {
            "seconds": {test: spent for test, spent in said["seconds"].items() if test.startswith(own)},
            "failed": [test for test in said["failed"] if test.startswith(own)],
            "lines": lines,
            "files": {file: hashed(file) for file in lines},
        }
        place(name).write_text(json.dumps(content))
    path.unlink()


def of(room: str) -> Record:
    """All that is kept of a room's tests."""
    everything = Record()
    for name in modules(room):
        everything.add(kept(name) or {"seconds": {}, "lines": {}, "failed": []})
    return everything


def kept(name: str) -> dict[str, Any] | None:
    """What is kept of a module's tests; None where there is nothing, or a file of which they run lines has changed."""
    try:
        content: dict[str, Any] = json.loads(place(name).read_text())
    except FileNotFoundError:
        return None
    return content if all(hashed(file) == before for file, before in content["files"].items()) else None


def place(name: str) -> Path:
    return KEPT / f"{hashlib.sha256(f'{name} {hashed(name)} {shared()}'.encode()).hexdigest()}.json"


def tree() -> str:
    """A hash of all that the rooms and their tests are."""
    return combined(tracked(*SHARED))


@cache
def shared() -> str:
    """A hash of what all tests depend on."""
    return combined([path for path in tracked(*SHARED) if not is_test(path) and not is_code(path)])


def combined(paths: list[str]) -> str:
    return hashlib.sha256("\n".join(f"{path} {hashed(path)}" for path in paths).encode()).hexdigest()


@cache
def hashed(path: str) -> str:
    """A hash of a file of the checkout; of one that is gone, that of none."""
    file = ROOT / path
    return hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()


def is_test(path: str) -> bool:
    return path.startswith("tests/") and PurePosixPath(path).name.startswith("test_")


def is_code(path: str) -> bool:
    """Whether it has mutants."""
    return path.startswith(("rendering/", "aliases/")) and path.endswith(".py") and "/migrations/" not in path
