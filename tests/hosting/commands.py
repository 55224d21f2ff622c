"""What hosting/ has run, run here: a service's command, with its environment and nothing else."""

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.running import MEASURED, ROOT

#: Where a checkout and its data are on the machines that hosting/ is written for.
CHECKOUTS = ("/opt/imageservice", "/srv/imageservice")
DATA = ("/var/lib/imageservice", "/data")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def here(text: str, folder: Path) -> str:
    """A text with the places of this machine in it: this interpreter, this checkout, data in a folder of the test."""
    text = re.sub(r"(/opt/imageservice/\.venv/bin/)?\bpython\b(?! manage)", sys.executable, text, count=1)
    for path in CHECKOUTS:
        text = text.replace(path, str(ROOT))
    for path in DATA:
        text = re.sub(rf"{path}(?=/|$)", str(folder), text)
    return text


def environment(said: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a service here. Its database is a file, unless the tests have another."""
    values = {name: here(value, folder) for name, value in said.items()}
    if "DATABASE_URL" in values:
        values["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
    return {**MEASURED, "PATH": os.environ["PATH"], "TMPDIR": str(folder), **values}


def run(command: list[str], said: Mapping[str, str], folder: Path) -> str:
    """Run a command to its end, and return what it printed."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment(said, folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def serving(command: list[str], said: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Run a server on a free port, which is yielded once systemd would take it for started."""
    port = free_port()
    (bound,) = (word for word in command if re.search(r":800[01]$", word))
    command = [f"127.0.0.1:{port}" if word == bound else word for word in command]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        address = folder / f"notify-{port}"
        told.bind(str(address))
        told.settimeout(60)
        log = folder / f"log-{port}"
        with log.open("w") as file:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**environment(said, folder), "NOTIFY_SOCKET": str(address)},
                stderr=file,
                start_new_session=True,
            )
        try:
            until = time.monotonic() + 60
            while b"READY=1" not in told.recv(4096):
                assert time.monotonic() < until, log.read_text()
            yield port
        except TimeoutError:
            raise AssertionError(log.read_text()) from None
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def status(port: int, path: str) -> int:
    """The status with which a server on that port answers a path."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": "images.example.com"})
        return connection.getresponse().status
    finally:
        connection.close()
