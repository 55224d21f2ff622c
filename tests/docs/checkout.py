"""A checkout as somebody has it who just cloned it, and what it serves."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.tracked import ROOT, tracked

#: Signs URLs on the site that has a key: what docs/urls.md signs with.
KEY = "a-key-of-16-characters-or-more"


@dataclass(frozen=True)
class Checkout:
    """A clone of ours, whose environment is the one that these tests run in."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), "LANG": "C.UTF-8", "UPKEEP": "off"}

    def run(self, command: str, *, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """What a shell makes of a command, within two minutes."""
        # Without a terminal, at which nobody would answer what is asked; and ended with all that it started.
        process = subprocess.Popen(
            ["sh", "-euc", command],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            said, failed = process.communicate(stdin, timeout=120)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        return subprocess.CompletedProcess(command, process.returncode, said, failed)

    @contextlib.contextmanager
    def serving(self, command: str = "make run", **environment: str) -> Iterator["Site"]:
        """What the command serves, until the end of the block."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = self.folder.parent / f"{port}.log"
        with log.open("w") as said:
            process = subprocess.Popen(
                ["sh", "-euc", command],
                cwd=self.folder,
                env={**self.environment, "PORT": str(port), **environment},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        site = Site(port)
        try:
            deadline = time.monotonic() + 120
            while not site.answers():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield site
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Site:
    port: int

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.get("/healthz").status == 200
        return False

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """The answer to a path as somebody types it into curl, which sends what it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, quote(path, safe="%/:?#[]@!$&'()*+,;=~"), headers=given)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


def cloned(folder: Path) -> Checkout:
    """A checkout in a folder that is made for it, in which nothing was run yet."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    # Installed already, and not to be installed anew: what is wanted is older than the stamps that say so.
    (folder / ".venv").symlink_to(sys.prefix)
    for stamp in ("run", "test"):
        if not (Path(sys.prefix) / stamp).exists():
            pytest.skip(f"this is not the environment that make sets up: it has no {stamp}")
    for wanted in folder.glob("requirements*.txt"):
        os.utime(wanted, (0, 0))
    return Checkout(folder)
