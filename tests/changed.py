"""Run the tests of what changed: `python -m tests.changed [COMMIT]`, or `make check`, which checks the rest as well.

Changed is what differs from where the branch left main, or from that commit, committed or not. Tests mirror the rooms,
so those of `rendering/http/delivery.py` are `tests/rendering/http/test_delivery*.py`, or, where there are none, all in
the nearest folder that has some. What they do not find, `make test` does.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from tests.tracked import ROOT, tracked

#: Quick tests of all files, whatever changed.
ALWAYS = ("tests/test_architecture.py", "tests/test_files.py", "tests/test_sentences.py", "tests/test_smells.py")
#: Of pages in Markdown.
DOCS = ("tests/docs/test_blocks.py", "tests/docs/test_links.py", "tests/docs/test_numbers.py", "tests/test_docs.py")
#: Files at the top and what reads them.
TOP = {
    "CHANGELOG.md": ("tests/test_release.py",),
    ".dockerignore": ("tests/hosting/test_compose.py",),
    "Makefile": ("tests/docs/test_help.py", "tests/test_docs.py", "tests/test_workflow.py"),
    "pyproject.toml": ("tests/test_release.py", "tests/test_workflow.py"),
}


def chosen(changed: Iterable[str], tests: Iterable[str]) -> list[str]:
    """The test modules, of those that there are, for changed files. All are paths from the checkout's folder."""
    there = sorted(tests)
    found: set[str] = set(ALWAYS)
    for path in map(PurePosixPath, changed):
        if path.parts[0] == "tests":
            found.update([str(path)] if path.name.startswith("test_") else inside(path.parent, there))
        elif path.suffix == ".md":
            found.update(DOCS)
        elif len(path.parts) > 1:
            found.update(mirrored(path, there))
        found.update(TOP.get(str(path), ()))
    return [name for name in there if name in found]


def mirrored(path: PurePosixPath, tests: list[str]) -> list[str]:
    folder = "tests" / path.parent
    own = [name for name in inside(folder, tests) if PurePosixPath(name).name.startswith(f"test_{path.stem}")]
    while not own and folder.name != "tests":
        own = inside(folder, tests)
        folder = folder.parent
    return own


def inside(folder: PurePosixPath, tests: list[str]) -> list[str]:
    return [name for name in tests if PurePosixPath(name).parent == folder]


def changes(base: str) -> list[str]:
    """What differs from where this branch left a commit, and is there. Raises CalledProcessError for no commit."""

    def git(*words: str) -> list[str]:
        # -z: names are given as they are.
        run = ["git", "-c", "safe.directory=*", *words]
        return (
            subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip("\0\n").split("\0")
        )

    (fork,) = git("merge-base", "HEAD", base)
    names = {*git("diff", "--name-only", "-z", fork), *git("ls-files", "-z", "--others", "--exclude-standard")}
    return sorted(name for name in names if (ROOT / name).is_file())


def main(base: str = "main") -> int:
    """Run them, those of the data plane without a database, and return the worst exit status."""
    try:
        tests = chosen(changes(base), tracked("tests/**/test_*.py", "tests/test_*.py"))
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"git cannot say what changed since {base}: {error.stderr.strip()} Name a commit: make check BASE=HEAD~1"
        )
    pictures = [name for name in tests if name.startswith("tests/rendering/")]
    others = [name for name in tests if name not in pictures and not name.startswith("tests/aws/")]
    statuses = [0]
    for names, plane in ((pictures, {"PLANE": "images"}), (others, {})):
        if names:
            print(f"Running {', '.join(names)}...", flush=True)  # noqa: T201
            command = [sys.executable, "-m", "pytest", *names]
            statuses.append(subprocess.run(command, cwd=ROOT, env={**os.environ, **plane}, check=False).returncode)
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
