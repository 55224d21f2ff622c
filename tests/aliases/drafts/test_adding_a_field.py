"""What CONTRIBUTING.md says of adding a field, done to a copy of the checkout."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tracked import ROOT, tracked

SECTION = re.search(r"^## Adding a field to aliases\n(.*?)^## ", (ROOT / "CONTRIBUTING.md").read_text(), re.S | re.M)
#: File and lines of each diff in that section.
DIFFS = re.findall(r"^```diff\n\+\+\+ (\S+)\n(.*?)^```", SECTION[1] if SECTION else "", re.S | re.M)
#: The copy has a database and settings of its own.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The checkout with the field and its migration."""
    folder: Path = tmp_path_factory.mktemp("added") / "checkout"
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, lines in DIFFS:
        path = folder / name
        assert path.is_file(), f"CONTRIBUTING.md has a diff of {name}, which does not exist"
        path.write_text(applied(path.read_text(), lines.splitlines(keepends=True), name))
    done = run(folder, "manage.py", "makemigrations", "aliases")
    assert done.returncode == 0, done.stderr
    return folder


def applied(text: str, diff: list[str], name: str) -> str:
    """A file's text after a diff without line numbers: the lines it begins with say where."""
    old = "".join(line[1:] for line in diff if not line.startswith("+"))
    new = "".join(line[1:] for line in diff if not line.startswith("-"))
    assert text.count(old) == 1, f"The diff of {name} in CONTRIBUTING.md does not apply: the file has changed"
    return text.replace(old, new)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)


def test_the_field_takes_one_place_one_member_its_use_and_a_migration(copy):
    control, *data = [name for name, _ in DIFFS]
    assert control == "aliases/drafts/draft.py"
    assert [name.startswith("rendering/") for name in data] == [True, True]
    migrations = "aliases/migrations"
    new = {path.name for path in (copy / migrations).glob("*.py")} - {one.name for one in (ROOT / migrations).glob("*")}
    assert len(new) == 1
    migration = (copy / migrations / new.pop()).read_text()
    assert (
        migration.count("migrations.AddField") == migration.count("migrations.") - migration.count("(migrations.") == 1
    )
    assert "published" not in migration  # what is declared beside the column
    assert "field=models.PositiveIntegerField(" in migration


def test_the_field_is_wherever_fields_are(copy):
    done = run(
        copy,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/aliases/drafts/added_field.py",
        "tests/aliases/drafts/test_draft.py",
    )
    assert done.returncode == 0, done.stdout
    assert " skipped" not in done.stdout
