"""The dependencies of a package, installed for Lambda's CPU and Python whatever this machine's are.

Zappa would copy the environment it runs in, with its own tools and this machine's compiled files, and looks for others
in a place that mirrors of PyPI do not have; when it finds none it says so in a warning and ships the wrong ones.
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

#: Of Zappa's own lock: what runs inside the function, for schedules, S3 events and `zappa manage`. The rest of Zappa's
#: dependencies are for deploying.
OF_ZAPPA = ("zappa", "werkzeug", "markupsafe", "durationpy")
#: The C library of Amazon Linux 2023, which the runtimes from Python 3.12 on are built on: glibc 2.34.
GLIBC = (2, 34)
CPUS = {"x86_64": "x86_64", "arm64": "aarch64"}
#: Hidden, since Zappa looks through the project for who imports its websockets, and would find itself.
FOLDER = ROOT / "build" / ".tree"


def chosen(stage: Stage) -> dict[str, locks.Locked]:
    """What the stage's package holds, by name."""
    service = locks.without(locks.read(ROOT / "requirements.txt"), stage.left_out)
    tools = locks.read(ROOT / "requirements-deploy.txt")
    return {**{name: tools[name] for name in OF_ZAPPA}, **service}


def installed(stage: Stage) -> Path:
    """The folder with the stage's dependencies, installed unless it already is. Raises Refused."""
    needed = "".join(one.text for one in chosen(stage).values())
    command = [
        *("install", "--quiet", "--disable-pip-version-check", "--no-warn-conflicts", "--root-user-action=ignore"),
        *("--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:"),
        *("--implementation", "cp", "--python-version", stage.python),
        *(f"--platform=manylinux_2_{minor}_{CPUS[stage.architecture]}" for minor in range(GLIBC[1], 16, -1)),
        f"--platform=manylinux2014_{CPUS[stage.architecture]}",
    ]
    stamp = hashlib.sha256(f"{command}{needed}".encode()).hexdigest()[:16]
    name = f"python{stage.python}-{stage.architecture}"
    return whole(FOLDER, name, stamp, lambda work: run_pip(command, needed, work))


def whole(place: Path, name: str, stamp: str, make: Callable[[Path], Path]) -> Path:
    """The folder of that name and stamp in a place, whole or not at all: what `make` makes in the folder that it is
    given, unless it is there already. Those of the name and other stamps are removed."""
    folder = place / f"{name}-{stamp}"
    if not folder.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        for old in place.glob(f"{name}-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=place) as unfinished:
            os.rename(make(Path(unfinished)), folder)  # noqa: PTH104 - within a disk it is done at once
    return folder


def run_pip(command: list[str], needed: str, folder: Path) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(needed)
    target = folder / "site-packages"
    said = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "pip", *command, "--target", str(target), "-r", str(requirements)],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise Refused(f"The dependencies cannot be installed for Lambda:\n{said.stderr.strip()}")
    return target
