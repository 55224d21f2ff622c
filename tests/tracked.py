"""The files of the checkout that are ours: tracked by git, or new and not ignored."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tracked(*patterns: str) -> list[str]:
    """Paths from the checkout's folder, of files that are there. Raises CalledProcessError where there is no git."""
    # The checkout may be another user's, and nothing in it is run by asking for names.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run([*git, "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in set(said.split("\0")) if name and (ROOT / name).is_file())
