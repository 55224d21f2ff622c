"""Thumbor's derivatives, requested from Thumbor over HTTP on this machine."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from .kinds import Kind
from .ours import path

#: Differences from Thumbor's defaults: pictures come from a folder, and are rotated by their EXIF orientation.
CONFIGURATION = """\
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = {root!r}
STORAGE = "thumbor.storages.no_storage"
RESPECT_ORIENTATION = True
"""

VERSIONS = "import PIL, thumbor; print(f'Thumbor {thumbor.__version__}, Pillow {PIL.__version__}')"


def make(python: Path, kinds: list[Kind], folder: Path) -> None:
    """A file for each kind and format, or the status of the refusal. All originals are in one folder."""
    configuration = folder / "thumbor.conf"
    configuration.write_text(CONFIGURATION.format(root=str(Path(kinds[0].original).parent.resolve())))
    todo = [(kind, name) for kind in kinds for name in kind.formats]
    while todo:
        with serving(python.with_name("thumbor"), configuration) as (url, _):
            while todo and derived(url, *todo.pop(0), folder):
                pass


def derived(url: str, kind: Kind, name: str, folder: Path) -> bool:
    """Request one derivative. Returns whether Thumbor still runs: some originals end its process."""
    made = folder / f"{kind.slug}.{name}"
    asked = f"{url}/unsafe/{quote(path(kind, name), safe='/:()')}"
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            made.write_bytes(answer.read())
    except (urllib.error.HTTPError, TimeoutError) as error:
        made.with_suffix(f".{name}.error").write_text(str(error))
    except ConnectionError:
        made.with_suffix(f".{name}.error").write_text("the process ended")
        return False
    return True


@contextlib.contextmanager
def serving(program: Path, configuration: Path) -> Iterator[tuple[str, int]]:
    """A running Thumbor: its address and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "-i", "127.0.0.1", "-p", str(port), "-c", str(configuration), "-l", "error"]
    with configuration.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(200):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/healthcheck").close()
                    break
                time.sleep(0.05)
            else:
                raise SystemExit(f"Thumbor did not start: {Path(log.name).read_text()}")
            yield url, process.pid
        finally:
            process.terminate()
            process.wait()


def versions(python: Path) -> str:
    said = subprocess.run([python, "-c", VERSIONS], check=True, stdout=subprocess.PIPE)
    return said.stdout.decode().strip()
