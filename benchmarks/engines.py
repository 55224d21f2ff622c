"""The engines that benchmarks/render.py compares: each in its own process, on one thread, with the same requests."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from . import peers
from .fidelity import thumbor
from .operations import Operation

ROOT = Path(__file__).resolve().parent.parent

#: Thumbor with its defaults, except that pictures come from a folder and animations stay animated.
THUMBOR = """\
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = {root!r}
STORAGE = "thumbor.storages.no_storage"
RESPECT_ORIENTATION = True
MAX_PIXELS = None
"""


@dataclass(frozen=True, slots=True)
class Run:
    """The cost of an operation: CPU milliseconds (user and system), bytes of the file, and the process's memory in
    kilobytes at its peak, afterwards and before."""

    cpu: float
    bytes: int
    peak: int
    before: int


class Engine(Protocol):
    versions: str

    def run(self, operation: Operation, times: int, save: Path | None = None) -> Run | None:
        """Repeat an operation that many times; the figures are per repetition. None if the engine cannot do it."""


class Worker:
    """An engine that reads lines of JSON: render_worker.py, sharp_worker.mjs."""

    def __init__(self, command: list[str], pictures: Path, **environment: str) -> None:
        self._pictures = pictures
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environment},
        )
        self.versions = str(self._answer()["versions"])

    def run(self, operation: Operation, times: int, save: Path | None = None) -> Run | None:
        asked = {
            "operation": operation.to_json(),
            "path": operation.path,
            "file": str(self._pictures / operation.original),
            "times": times,
            "save": str(save) if save else "",
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Run(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("An engine ended; what it said is above")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


class Thumbor:
    """Thumbor over HTTP. The CPU clock is its process's, so its share of HTTP is included: 2 ms a picture."""

    def __init__(self, url: str, process: int, versions: str) -> None:
        self._url, self._process, self.versions = url, process, versions

    def run(self, operation: Operation, times: int, save: Path | None = None) -> Run | None:
        if operation.animated and operation.format == "webp":
            return None  # it turns them into stills
        before, started = self._peak(), self._seconds()
        for _ in range(times):
            with urllib.request.urlopen(f"{self._url}/unsafe/{operation.path}", timeout=120) as answer:
                content = answer.read()
        spent = (self._seconds() - started) * 1000 / times
        if save:
            save.write_bytes(content)
        return Run(spent, len(content), self._peak(), before)

    def _seconds(self) -> float:
        # The CPU clock of another process, numbered as in clock_getcpuclockid(3): all threads, including ended ones.
        return time.clock_gettime((~self._process << 3) | 2)

    def _peak(self) -> int:
        status = Path(f"/proc/{self._process}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])


@contextlib.contextmanager
def ours(pictures: Path, settings: dict[str, str]) -> Iterator[Worker]:
    worker = Worker([sys.executable, "-m", "benchmarks.render_worker"], pictures, **settings)
    yield worker
    worker.close()


@contextlib.contextmanager
def sharp(pictures: Path, package: Path) -> Iterator[Worker]:
    script = str(Path(__file__).with_name("sharp_worker.mjs"))
    worker = Worker(["node", script], pictures, SHARP=str(package))
    yield worker
    worker.close()


@contextlib.contextmanager
def thumbor_engine(pictures: Path, folder: Path) -> Iterator[Thumbor]:
    python = peers.python("thumbor", peers.HERE / "peers.txt")
    configuration = folder / "thumbor.conf"
    configuration.write_text(THUMBOR.format(root=str(pictures.resolve())))
    with thumbor.serving(python.with_name("thumbor"), configuration) as (url, process):
        yield Thumbor(url, process, thumbor.versions(python))
