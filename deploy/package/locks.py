"""Reads the lock files with hashes that `make lock` writes.

Each package is installed by itself, in the locked version and checked against its hashes; nothing is resolved again.
uv's `# via` comments say what needs a package, so that one can be left out together with what only it needs.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..stages import Refused


@dataclass(frozen=True)
class Locked:
    """One package of a lock file."""

    name: str
    #: The last one, if there are others for older Pythons.
    version: str
    #: Its lines in the file: each version with its marker and hashes.
    text: str
    #: What needs it: names of packages, or "-r requirements.in".
    parents: tuple[str, ...]


def read(path: Path) -> dict[str, Locked]:
    """The packages of a lock file by name. Raises Refused for a package without a hash."""
    locked: dict[str, Locked] = {}
    for block in re.findall(r"^[a-z0-9].*\n(?:[ ].*\n?)*", path.read_text(), re.MULTILINE):
        name, version = re.match(r"([a-z0-9._-]+)(?:\[.*?\])?==(\S+)", block).groups()  # type: ignore[union-attr]  # uv wrote it
        comments = [
            line.strip().removeprefix("#").strip() for line in block.splitlines() if line.strip().startswith("#")
        ]
        parents = tuple(said for line in comments if (said := line.removeprefix("via").strip()))
        text = "".join(line for line in block.splitlines(keepends=True) if not line.strip().startswith("#"))
        if "--hash=" not in text:
            raise Refused(f"{path.name} has no hash for {name}; run make lock")
        if name in locked:  # another version for other Pythons: their markers say which is meant, and pip reads them
            text, parents = locked[name].text + text, tuple(dict.fromkeys((*locked[name].parents, *parents)))
        locked[name] = Locked(name, version, text, parents)
    return locked


def without(locked: Mapping[str, Locked], left_out: Collection[str]) -> dict[str, Locked]:
    """The packages without those left out, and without those that only these need."""
    kept: dict[str, Locked] = {}
    while True:
        more = {
            name: one
            for name, one in locked.items()
            if name not in kept
            and name not in left_out
            and any(parent.startswith(("-r ", "-c ")) or parent in kept for parent in one.parents)
        }
        if not more:
            return {name: locked[name] for name in locked if name in kept}
        kept |= more
