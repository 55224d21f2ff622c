"""The migrations of releases, which nobody edits: a database that ran one never runs it again. Recorded of each, in
released_migrations.json beside this file, are the release that brought it and the SHA-256 of its file.

`make release` records those of the version in pyproject.toml. Until that version is published it may be run again; the
migrations of earlier releases stay as they were recorded.
"""

import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.tracked import ROOT

FOLDER = ROOT / "aliases/migrations"
RECORD = ROOT / "tests/released_migrations.json"

#: By the name of a migration's file.
Released = dict[str, "Migration"]


@dataclass(frozen=True)
class Migration:
    """One that was released: the version that brought it, and the SHA-256 of its file."""

    release: str
    sha256: str


def version() -> str:
    """This checkout's, such as "0.2.0"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert isinstance(project["version"], str)
    return project["version"]


def released() -> Released:
    return {name: Migration(**fields) for name, fields in json.loads(RECORD.read_text()).items()}


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 by the name of the migration's file."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("[0-9]*.py")}


def edited(released: Released, there: dict[str, str]) -> list[str]:
    """Names of released migrations that are no longer what they were, or gone. New ones are free."""
    return sorted(name for name, migration in released.items() if there.get(name) != migration.sha256)


def recorded(released: Released, there: dict[str, str], release: str) -> Released:
    """What is released with a release whose migrations are there. Raises SystemExit for one of an earlier release that
    was edited."""
    earlier = {name: migration for name, migration in released.items() if migration.release != release}
    if changed := edited(earlier, there):
        sys.exit(f"Migrations of earlier releases were edited: {', '.join(changed)}. Take that back; add new ones.")
    return earlier | {name: Migration(release, digest) for name, digest in there.items() if name not in earlier}


def main() -> None:
    kept = recorded(released(), digests(FOLDER), version())
    lines = {name: {"release": kept[name].release, "sha256": kept[name].sha256} for name in sorted(kept)}
    RECORD.write_text(json.dumps(lines, indent=1) + "\n")


if __name__ == "__main__":
    main()
