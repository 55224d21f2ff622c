"""Find the Python whose minor version is the Lambda runtime's: only its .pyc files are valid there, and Zappa takes the
runtime's name from it.

`python3 -m deploy.interpreter [--install]` prints its path. Runs on any Python, and imports nothing but the standard
library: it is what `make tools` asks before there are tools.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from . import stages
from .stages import Refused


def found(minor: str) -> Path | None:
    """An interpreter of that version ("3.13") that runs, or None."""
    return next((path for path in candidates(minor) if version_of(path) == minor), None)


def candidates(minor: str) -> Iterator[Path]:
    if named := shutil.which(f"python{minor}"):
        yield Path(named)
    yield Path(sys.executable)
    # pyenv's shim is on the PATH but refuses versions that are installed and not selected
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    with contextlib.suppress(OSError):  # it may be another user's
        yield from sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True)


def version_of(path: Path) -> str:
    """ "3.13", or nothing when it does not run."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - a Python
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def install(minor: str) -> None:
    """Try Debian's package of it, where there is one and we may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    apt = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "check": False, "capture_output": True}
    subprocess.run(["apt-get", "update", "-qq"], **apt)  # type: ignore[call-overload]  # noqa: S607
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", f"python{minor}", f"python{minor}-venv"]
    subprocess.run(command, **apt)  # type: ignore[call-overload]  # noqa: S603


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="install it where Debian has it")
    minor = stages.python_of_all(stages.read())
    path = found(minor)
    if path is None and parser.parse_args().install:
        install(minor)
        path = found(minor)
    if path is None:
        raise Refused(
            f"Packages are built with Python {minor}, the Lambda runtime's, and this machine has none: "
            f"“pyenv install {minor}” or “apt-get install python{minor} python{minor}-venv” gets one. "
            "Another runtime is chosen in zappa_settings.json."
        )
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))
