"""Compiles zlib-ng as a `libz.so.1` that replaces the system's zlib: Pillow then writes PNGs in half the time.

    python -m deploy.package.zlib_ng        compiles it for this machine and prints its folder

Pillow supports zlib-ng, but its wheels for Linux load the system's `libz.so.1`, which is zlib. So we compile one, from
the source in an archive on PyPI, with a compiler from PyPI. The result is the same on every machine, exists for both
CPUs, and runs on Amazon Linux 2023 and later. LD_LIBRARY_PATH puts it before the system's.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from ..stages import ROOT, Refused
from . import locks
from .tree import CPUS, GLIBC, make_once

FOLDER = ROOT / "build" / "zlib-ng"
LIBRARY = "libz.so.1"
LICENCE = "LICENSE.md"
#: -s strips symbols that programs do not need in order to link. zlib's list of exports names more than this build
#: has; --undefined-version has the linker ignore those.
SETTINGS = {"CFLAGS": "-O3 -g0", "LDFLAGS": "-Wl,--undefined-version -s"}


def build(architecture: str) -> Path:
    """Compile the library for a CPU, by Lambda's name for it, unless that is done. Return the folder with the library
    and its licence. Raises Refused."""
    locked = locks.read(ROOT / "requirements-zlib.txt")
    stamp = hashlib.sha256(f"{GLIBC}{SETTINGS}{[one.text for one in locked.values()]}".encode()).hexdigest()[:16]
    return make_once(FOLDER, architecture, stamp, lambda work: compile_library(work, architecture, locked))


def compile_library(work: Path, architecture: str, locked: dict[str, locks.Locked]) -> Path:
    # Not removed afterwards: the compiler's cache serves the other CPU too.
    zig_version = locked["ziglang"].version
    tools = make_once(FOLDER, "compiler", zig_version, lambda empty: install_compiler(empty, locked["ziglang"]))
    pip(work, locked["zlib-ng"], "download", "--no-binary=:all:", "--dest", str(work))
    with tarfile.open(next(work.glob("zlib_ng-*.tar.gz"))) as archive:
        # The first releases of Python 3.11 have no filters. The archive's hash was checked.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(work)  # noqa: S202 - as above
    source = next(work.glob("zlib_ng-*/src/zlib_ng/zlib-ng"))
    cpu = CPUS[architecture]
    zig = tools / "ziglang" / "zig"
    compiler = source / "compiler"
    compiler.write_text(f'#!/bin/sh\nexec "{zig}" cc -target {cpu}-linux-gnu.{GLIBC[0]}.{GLIBC[1]} "$@"\n')
    compiler.chmod(0o755)
    environment = {
        "PATH": os.environ["PATH"],
        "ZIG_GLOBAL_CACHE_DIR": str(tools / "cache"),
        "ZIG_LOCAL_CACHE_DIR": str(tools / "cache"),
        "CHOST": f"{cpu}-linux-gnu",
        "CC": str(compiler),
        "AR": f"{zig} ar",
        "RANLIB": f"{zig} ranlib",
        **SETTINGS,
    }
    run(["sh", "configure", "--zlib-compat"], source, environment)
    run(["make", "-j2", "shared"], source, environment)
    result = work / "result"
    result.mkdir()
    shutil.copyfile(source / LIBRARY, result / LIBRARY)
    shutil.copyfile(source / LICENCE, result / LICENCE)
    return result


def install_compiler(work: Path, package: locks.Locked) -> Path:
    pip(work, package, "install", "--only-binary=:all:", "--target", str(work / "compiler"))
    return work / "compiler"


def pip(work: Path, package: locks.Locked, command: str, *options: str) -> None:
    requirements = work / f"{package.name}.txt"
    requirements.write_text(package.text)
    plain = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", str(requirements))
    run([sys.executable, "-m", "pip", command, *plain, *options], work, dict(os.environ))


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    except FileNotFoundError:
        raise Refused(f"{command[0]} is not installed; compiling zlib-ng needs it") from None
    if done.returncode:
        last_lines = "\n".join(f"{done.stdout}\n{done.stderr}".strip().splitlines()[-12:])
        raise Refused(f"zlib-ng cannot be compiled; {' '.join(command[:3])} said:\n{last_lines}")


def here() -> str:
    """Lambda's name for this machine's CPU. Raises Refused where the library could not be loaded."""
    name = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), "")
    if sys.platform != "linux" or not name:
        raise Refused("zlib-ng replaces zlib only on Linux, on x86_64 and arm64; this machine keeps its own zlib")
    return name


def main() -> None:
    try:
        folder = build(here())
    except Refused as refused:
        sys.exit(str(refused))
    link = FOLDER / "this"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
