"""Running tests in a copy of the checkout: all of a room to see what each runs, or those that a mutant's line has."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.tracked import ROOT, tracked

from .mutations import Mutant

PYTHON = ROOT / ".venv" / "bin" / "python"
BUILD = ROOT / "build" / "mutants"

#: The tests of a room, and the variables that they run with.
TESTS: dict[str, tuple[str, dict[str, str]]] = {
    "rendering": ("tests/rendering", {"PLANE": "images"}),
    "aliases": ("tests/aliases", {}),
}

#: Seconds of tests that a mutant has to survive: all of its module's own, and the nearest of others that run its line.
ENOUGH = 300
#: How many tests are tried before the others: pytest imports what it runs, and most mutants fall to the first.
FIRST = 15
#: Seconds that pytest may take to begin, and by how much tests may take longer than they did: machines are busy.
BEGINNING, SLOWER = 120, 4


@dataclass(frozen=True)
class Record:
    """What recording.py wrote of a room's tests."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]

    def tests(self, mutant: Mutant) -> list[str]:
        """Those that run the mutant's lines, the nearest first: its module's own, its folder's, the others; and of
        these the fastest. Lines that none runs may run as the module is imported, or in a process that a test starts:
        they have the tests that run any of the module, and then whichever are near."""
        lines = self.lines.get(mutant.path, {})
        running = {test for line in range(mutant.line, mutant.last + 1) for test in lines.get(str(line), ())}
        importing = {test for tests in lines.values() for test in tests}
        own = len(Path(mutant.path).parts)
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(
            running or self.seconds,
            key=lambda test: (test not in importing, -shared(mutant, test), self.seconds[test], test),
        ):
            spent += self.seconds[test]
            if chosen and spent > ENOUGH and shared(mutant, test) < own:
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


def recorded(room: str, folder: Path) -> Record:
    """Run all tests of a room once. Raises SystemExit where pytest cannot."""
    tests, variables = TESTS[room]
    path = BUILD / f"{room}.json"
    path.unlink(missing_ok=True)
    pytest(folder, variables | {"RECORD": str(path)}, ["-p", "tests.mutants.recording", tests], None)
    if not path.exists():
        raise SystemExit(f"The tests of {room} could not be run: try {PYTHON} -m pytest {tests}")
    return Record(**json.loads(path.read_text()))


def verdict(mutant: Mutant, tests: list[str], record: Record, folder: Path, number: int) -> str:
    """`killed`, `timeout` (which is killed, too), `survived`, or `untested` where there is no test."""
    path = folder / mutant.path
    original = path.read_text()
    path.write_text(mutant.text())
    # Python takes a .pyc for the file's by its date in seconds and its size, and mutants are fast and alike.
    os.utime(path, (number, number))
    try:
        for some in filter(None, (tests[:FIRST], tests[FIRST:])):
            chosen = folder / "build" / "tests.txt"
            chosen.parent.mkdir(exist_ok=True)
            chosen.write_text("\n".join(some))
            seconds = BEGINNING + SLOWER * sum(record.seconds[test] for test in some)
            code = pytest(folder, TESTS[mutant.path.split("/")[0]][1], ["-x", f"@{chosen}"], seconds)
            if code != 0:
                return "timeout" if code is None else "killed"
    finally:
        path.write_text(original)
    return "survived" if tests else "untested"


def pytest(folder: Path, variables: dict[str, str], arguments: list[str], seconds: float | None) -> int | None:
    """Run pytest in that folder. Its exit code; None where it took longer than that."""
    process = forking(folder)
    assert process.stdin
    assert process.stdout
    run = {
        "arguments": ["-p", "no:randomly", "-p", "no:cacheprovider", *arguments],
        "variables": variables,
        "seconds": seconds,
        "log": str(folder / "pytest.log"),
    }
    print(json.dumps(run), file=process.stdin, flush=True)
    code: int | None = json.loads(process.stdout.readline())
    return code


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
