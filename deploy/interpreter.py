"""Finds a Python with the minor version of the Lambda runtime. Only its .pyc files are valid there, and Zappa names the
runtime after it.

`python3 -m deploy.interpreter [--install]` prints its path. It runs on any Python and imports only the standard
library, because `make tools` calls it before the tools are installed.
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


def find(minor: str) -> Path | None:
    """The path of a working interpreter of that version ("3.13"). None if there is none."""
    return next((path for path in candidates(minor) if version_of(path) == minor), None)


def candidates(minor: str) -> Iterator[Path]:
    if named := shutil.which(f"python{minor}"):
        yield Path(named)
    yield Path(sys.executable)
    # pyenv's shim on the PATH refuses versions that are installed but not selected.
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    with contextlib.suppress(OSError):  # it may belong to another user
        yield from sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True)
    # uv keeps its own out of the PATH.
    if uv := find_uv():
        asked = [uv, "python", "find", "--no-project", "--managed-python", minor]
        said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - uv
        if said.returncode == 0:
            yield Path(said.stdout.strip())


def find_uv() -> str | None:
    """The path of uv: the machine's, or that of the checkout, once its checks are installed."""
    return shutil.which("uv") or shutil.which("uv", path=str(stages.ROOT / ".venv/bin"))


def version_of(path: Path) -> str:
    """An interpreter's version, such as "3.13". Empty if it does not run."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - a Python
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def install(minor: str) -> None:
    """Try to have uv fetch it; else to install Debian's package, where apt-get exists and we are root."""
    if uv := find_uv():
        done = subprocess.run([uv, "python", "install", minor], check=False, capture_output=True)  # noqa: S603 - uv
        if done.returncode == 0:
            return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    apt = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "check": False, "capture_output": True}
    subprocess.run(["apt-get", "update", "-qq"], **apt)  # type: ignore[call-overload]  # noqa: S607
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", f"python{minor}", f"python{minor}-venv"]
    subprocess.run(command, **apt)  # type: ignore[call-overload]  # noqa: S603


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--install",
        action="store_true",
        help="fetch one by uv, or install Debian's package, if no such Python is found",
    )
    minor = stages.python_of_all(stages.read())
    path = find(minor)
    if path is None and parser.parse_args().install:
        install(minor)
        path = find(minor)
    if path is None:
        raise Refused(
            f"Packages are built with Python {minor}, the version of the Lambda runtime, which this machine lacks. "
            f"Install it with “uv python install {minor}”, “pyenv install {minor}” or “apt-get install python{minor} "
            f"python{minor}-venv”, deploy from the image of deploy/Dockerfile, or choose another runtime in "
            "zappa_settings.json."
        )
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))
