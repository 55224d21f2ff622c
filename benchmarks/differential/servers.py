"""The two servers that are asked: a real Thumbor from PyPI, and this service, on the same folder of originals."""

import contextlib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from benchmarks import conformance
from benchmarks.fidelity import thumbor

#: Seconds that an answer may take.
PATIENCE = 30
#: What differs from our defaults: Thumbor's own, and no detector, as it has none.
OURS = {"AVIF_QUALITY": "80", "DETECTOR": "none"}


@dataclass(frozen=True)
class Answer:
    #: 0 if the server ended instead of answering.
    status: int
    type: str = ""
    body: bytes = b""
    #: Our names of the filters that were left out.
    skipped: str = ""


Ask = Callable[[str], Answer]


def ask(address: str) -> Answer:
    """Raises OSError and HTTPException if the server is gone."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            headers = answer.headers
            return Answer(
                answer.status, headers["Content-Type"] or "", answer.read(), headers["X-Skipped-Filters"] or ""
            )
    except urllib.error.HTTPError as error:
        return Answer(error.code, body=error.read())


@contextlib.contextmanager
def asking_thumbor(python: Path, folder: Path) -> Iterator[Ask]:
    """A Thumbor that is started again when it crashes."""
    configuration = folder / "thumbor.conf"
    configuration.write_text(thumbor.CONFIGURATION.format(root=str((folder / "originals").resolve())))
    with contextlib.ExitStack() as running:
        address = ""

        def start() -> str:
            running.close()
            return running.enter_context(thumbor.serving(python.with_name("thumbor"), configuration))[0]

        def ask_thumbor(path: str) -> Answer:
            nonlocal address
            address = address or start()
            try:
                return ask(f"{address}/unsafe/{path}")
            except (OSError, HTTPException):
                address = ""
                return Answer(0)

        yield ask_thumbor


@contextlib.contextmanager
def asking_ours(folder: Path, bucket: str) -> Iterator[Ask]:
    catalogue = conformance.written_catalogue(folder, folder / "originals" / bucket)
    with conformance.serving(folder, catalogue, OURS) as address:
        yield lambda path: ask(f"{address}/unsafe/{path}")
