"""Installs the dependencies of a package for Lambda's CPU and Python, whatever this machine has.

Zappa would copy the environment that it runs in, its own tools and this machine's compiled files included. It looks for
Lambda's compiled files in an API that mirrors of PyPI lack; without them it warns and ships the wrong ones.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..stages import ROOT, Refused, Stage
from . import locks

#: The part of requirements-deploy.txt that runs in the function, for schedules, S3 events and `zappa manage`. The rest
#: deploys.
OF_ZAPPA = ("zappa", "werkzeug", "markupsafe", "durationpy")
#: The version of glibc in Amazon Linux 2023, the base of all runtimes since Python 3.12.
GLIBC = (2, 34)
CPUS = {"x86_64": "x86_64", "arm64": "aarch64"}
#: Hidden, because Zappa searches the project for imports of its websockets and would find its own.
FOLDER = ROOT / "build" / ".tree"


def requirements(stage: Stage) -> dict[str, locks.Locked]:
    """The distributions in the stage's package, by name."""
    service = locks.without(locks.read(ROOT / "requirements.txt"), stage.left_out)
    tools = locks.read(ROOT / "requirements-deploy.txt")
    return {**{name: tools[name] for name in OF_ZAPPA}, **service}


def install(stage: Stage) -> Path:
    """Install the stage's dependencies, unless that is done, and return their folder. Raises Refused."""
    needed = "".join(one.text for one in requirements(stage).values())
    command = [
        *("install", "--quiet", "--disable-pip-version-check", "--no-warn-conflicts", "--root-user-action=ignore"),
        *("--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:"),
        *("--implementation", "cp", "--python-version", stage.python),
        *(f"--platform=manylinux_2_{minor}_{CPUS[stage.architecture]}" for minor in range(GLIBC[1], 16, -1)),
        f"--platform=manylinux2014_{CPUS[stage.architecture]}",
    ]
    stamp = hashlib.sha256(f"{command}{needed}".encode()).hexdigest()[:16]
    name = f"python{stage.python}-{stage.architecture}"
    return make_once(FOLDER, name, stamp, lambda work: run_pip(command, needed, work))


def make_once(place: Path, name: str, stamp: str, make: Callable[[Path], Path]) -> Path:
    """Return the folder with that name and stamp in a place. Where it does not exist, it replaces those with other
    stamps: `make` is called with an empty folder, and what it returns is moved into place in one step."""
    folder = place / f"{name}-{stamp}"
    if not folder.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        for old in place.glob(f"{name}-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=place) as unfinished:
            os.rename(make(Path(unfinished)), folder)  # noqa: PTH104 - atomic within a file system
    return folder


def run_pip(command: list[str], needed: str, folder: Path) -> Path:
    lock = folder / "requirements.txt"
    lock.write_text(needed)
    target = folder / "site-packages"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "pip", *command, "--target", str(target), "-r", str(lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"The dependencies cannot be installed for Lambda:\n{done.stderr.strip()}")
    return target
