"""The zip that Lambda unpacks to /var/task. The same checkout always gives the same bytes.

Zappa dates every file in its zip 1980, so Python ignores the .pyc files, which hold another date, and it cannot write
new ones to /var/task: every cold start would compile everything. Here every module is compiled into an *unchecked* .pyc
(PEP 552), which Python uses without comparing dates. Dependencies are packed without their source, a tenth of the zip.
The service's own source is packed, for tracebacks.
"""

import hashlib
import importlib.util
import marshal
import shutil
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..stages import Refused, Stage
from . import binaries, certificates, contents, tree, zlib_ng

#: Lambda's own limits, in bytes: of a package as it is unpacked, and of a zip sent with the call itself, as
#: `zappa update -z` and the console do it. Zappa otherwise goes by way of S3.
LARGEST_UNPACKED = 250 * 1024 * 1024
LARGEST_SENT = 50 * 1024 * 1024
#: Where packed dependencies are kept, and their name there. Hidden, as what is installed is.
FOLDER = tree.FOLDER.with_name(".packed")
DEPENDENCIES = "dependencies.zip"
#: How an unchecked hash-based .pyc begins (PEP 552): the version of Python, and a flag.
UNCHECKED = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little")
#: The earliest date a zip can hold.
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Size:
    """The size of a package: number of files, and bytes of the zip and of its contents."""

    files: int
    zipped: int
    unpacked: int

    def __str__(self) -> str:
        said = f"{self.zipped / 1e6:.1f} MB, {self.unpacked / 1e6:.1f} MB unpacked, {self.files} files"
        return said if self.zipped <= LARGEST_SENT else f"{said} (too large for zappa update -z)"


def write(path: Path, stage: Stage, settings: bytes) -> Size:
    """Write the stage's package. `settings` is the zappa_settings.py that Zappa made for it.

    Raises Refused if something in it would not run on Lambda, or if it is too large.
    """
    contents.check("zappa_settings.py", settings)
    own = {"zappa_settings.py": settings, **contents.rooms(), **certificates.packed(stage)}
    check(own, stage)
    size = pack(path, [*own.items(), *compiled(own.items())], begun=packed_dependencies(stage))
    if size.unpacked > LARGEST_UNPACKED:
        raise Refused(f"The package is too large for Lambda ({size}); leave something out (leave_out)")
    return size


def check(entries: dict[str, bytes], stage: Stage) -> None:
    """Raise Refused for a compiled file that would not run on the stage's CPU and C library."""
    for name, content in entries.items():
        if wrong := binaries.wrong_with(content, stage.architecture, tree.GLIBC):
            raise Refused(f"{name} {wrong}; remove build/.tree and package again")


def packed_dependencies(stage: Stage) -> Path:
    """A zip of the stage's dependencies, which takes ten times as long to make as all the rest of a package: made anew
    only when what is installed has changed, or how it is packed. Raises Refused."""
    installed, libraries = tree.install(stage), zlib_ng.build(stage.architecture)
    decides = hashlib.sha256(f"{sys.version}{zlib.ZLIB_RUNTIME_VERSION}{libraries.name}".encode())
    for name, path in contents.files(installed):  # also what somebody put there by hand
        decides.update(f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    for _, module in contents.files(Path(__file__).parent):
        decides.update(module.read_bytes() if module.suffix == ".py" else b"")

    def make(work: Path) -> Path:
        dependencies = contents.dependencies(installed) | library(libraries)
        check(dependencies, stage)
        data = [entry for entry in dependencies.items() if not entry[0].endswith(".py")]
        made = work / "packed"
        made.mkdir()
        pack(made / DEPENDENCIES, [*data, *compiled(dependencies.items(), beside_source=False)])
        return made

    name = f"python{stage.python}-{stage.architecture}"
    return tree.make_once(FOLDER, name, decides.hexdigest()[:16], make) / DEPENDENCIES


def library(folder: Path) -> dict[str, bytes]:
    """zlib-ng and its licence, where zappa_settings.json's LD_LIBRARY_PATH looks first."""
    return {f"zlib-ng/{path.name}": path.read_bytes() for path in folder.iterdir()}


def compiled(entries: Iterable[tuple[str, bytes]], *, beside_source: bool = True) -> Iterator[tuple[str, bytes]]:
    """A .pyc for each module, valid wherever and whenever it is unpacked: where Python looks for it when the source is
    there, or when it is not. Raises Refused for one that does not compile."""
    for name, source in entries:
        if not name.endswith(".py"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other people's code
            try:
                code = compile(source, f"/var/task/{name}", "exec", dont_inherit=True)
            except SyntaxError as error:
                raise Refused(f"{name} does not compile: {error}") from None
        place = PurePosixPath(name)
        if beside_source:
            place = place.parent / "__pycache__" / f"{place.stem}.{sys.implementation.cache_tag}.py"
        yield str(place.with_suffix(".pyc")), UNCHECKED + importlib.util.source_hash(source) + marshal.dumps(code)


def pack(path: Path, entries: Iterable[tuple[str, bytes]], *, begun: Path | None = None) -> Size:
    """Write a zip of these files, sorted, with the same date and mode for all, so that equal files give equal bytes;
    after those of a zip that was `begun`, which are copied as they are."""
    unfinished = path.with_suffix(".part")
    if begun:
        shutil.copyfile(begun, unfinished)
    with zipfile.ZipFile(unfinished, "a" if begun else "w") as archive:
        for name, content in sorted(entries):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            # 9 takes three times as long and saves one byte of 250.
            archive.writestr(entry, content, compresslevel=7)
        sizes = [entry.file_size for entry in archive.infolist()]
    unfinished.replace(path)
    return Size(len(sizes), path.stat().st_size, sum(sizes))
