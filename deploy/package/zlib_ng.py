"""zlib-ng as a `libz.so.1`, which stands in for the machine's zlib: Pillow writes PNGs in half the time.

    python -m deploy.package.zlib_ng        compiles it for this machine, and says in which folder it is

Pillow is made for zlib-ng, but on Linux its wheels take the machine's `libz.so.1`, which is the old one. So one is
compiled, from the source in an archive on PyPI, by a compiler that comes from there as well: the same bytes wherever
that is done, for either CPU, for Amazon Linux 2023 and every newer C library. LD_LIBRARY_PATH makes it the first found.
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
from .tree import CPUS, GLIBC, whole

FOLDER = ROOT / "build" / "zlib-ng"
LIBRARY = "libz.so.1"
LICENCE = "LICENSE.md"
#: -s: no names of functions, which programs that link to it do not need. The list of what zlib exports names more than
#: this build has; --undefined-version lets the linker pass over that.
SETTINGS = {"CFLAGS": "-O3 -g0", "LDFLAGS": "-Wl,--undefined-version -s"}


def built(architecture: str) -> Path:
    """The folder with the library for a CPU (Lambda's name of it), and its licence; made unless it is there. Raises
    Refused."""
    locked = locks.read(ROOT / "requirements-zlib.txt")
    stamp = hashlib.sha256(f"{GLIBC}{SETTINGS}{[one.text for one in locked.values()]}".encode()).hexdigest()[:16]
    return whole(FOLDER, architecture, stamp, lambda work: compiled(work, architecture, locked))


def compiled(work: Path, architecture: str, locked: dict[str, locks.Locked]) -> Path:
    # It stays: what the compiler has made for itself is there for the second CPU.
    tools = whole(FOLDER, "compiler", locked["ziglang"].version, lambda empty: installed(empty, locked["ziglang"]))
    pip(work, locked["zlib-ng"], "download", "--no-binary=:all:", "--dest", str(work))
    with tarfile.open(next(work.glob("zlib_ng-*.tar.gz"))) as archive:
        # The first Pythons of 3.11 have no filter; the archive's hash is known.
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
    made = work / "made"
    made.mkdir()
    shutil.copyfile(source / LIBRARY, made / LIBRARY)
    shutil.copyfile(source / LICENCE, made / LICENCE)
    return made


def installed(work: Path, package: locks.Locked) -> Path:
    pip(work, package, "install", "--only-binary=:all:", "--target", str(work / "compiler"))
    return work / "compiler"


def pip(work: Path, package: locks.Locked, command: str, *options: str) -> None:
    requirements = work / f"{package.name}.txt"
    requirements.write_text(package.text)
    plain = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", str(requirements))
    run([sys.executable, "-m", "pip", command, *plain, *options], work, dict(os.environ))


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    except FileNotFoundError:
        raise Refused(f"{command[0]} is not installed, and zlib-ng is compiled with it") from None
    if said.returncode:
        told = "\n".join(f"{said.stdout}\n{said.stderr}".strip().splitlines()[-12:])
        raise Refused(f"zlib-ng cannot be compiled; {' '.join(command[:3])} said:\n{told}")


def here() -> str:
    """Lambda's name of this machine's CPU. Raises Refused where the library would not be loaded."""
    name = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), "")
    if sys.platform != "linux" or not name:
        raise Refused(
            "zlib-ng takes the place of zlib on Linux, on x86_64 and arm64; this machine goes on with its own"
        )
    return name


def main() -> None:
    try:
        folder = built(here())
    except Refused as refused:
        sys.exit(str(refused))
    link = FOLDER / "this"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
