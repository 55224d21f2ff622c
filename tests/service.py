"""The data plane under test: its folders, its catalogue, its requests, and what its process remembers."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote_to_bytes

from django.http import HttpResponse
from django.test import Client

from rendering import conf
from rendering.catalogue import catalogue
from rendering.catalogue.catalogue import READER, Alias, Bucket, Catalogue
from rendering.http import health
from rendering.http.descriptions import alias_list
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.metrics import prometheus
from rendering.pictures import derivative_store, last_stored, missing, overruled
from rendering.storage import bulkhead
from rendering.storage.factory import at, configured
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from rendering.workers import pool, refusals
from tests.drawings import drawn


@contextmanager
def seats_taken() -> Iterator[None]:
    """Take all quick seats of this process, so that no job can be done."""
    here = pool.pool()
    seats = [here.take_seat(time.monotonic() + 10) for _ in range(conf.renders_at_once())]
    try:
        yield
    finally:
        for seat in seats:
            here.leave(seat)


class Service:
    """The service under test: its folders, its catalogue, and requests as a server would hand them on."""

    def __init__(self, folder: Path) -> None:
        self.originals = folder / "originals"
        self.derivatives = folder / "derivatives"
        self.originals.mkdir()
        self.serial = 0
        #: Seconds by which the clock of the catalogue's readers is ahead.
        self.ahead = 0.0
        #: Whether a CDN in front is told what to forget.
        self.purged = True
        self.client = Client()
        self.bucket = Bucket("photos", Place("folder", str(self.originals)))
        self.alias = Alias(
            "profile-image/ios", 1, "photos", Recipe(Geometry(width=90, height=90), Encoding(format="png"))
        )

    def put(self, key: str, content: bytes | None = None) -> Path:
        path = self.originals / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn() if content is None else content)
        return path

    def publish(self, *aliases: Alias, buckets: tuple[Bucket, ...] = ()) -> None:
        """Write the catalogue, as publishing would."""
        self.serial += 1
        published = Catalogue.of(self.serial, buckets or (self.bucket,), aliases or (self.alias,), purged=self.purged)
        configured("catalogue").write(catalogue.NAME, published.encode(), "application/json")

    def get(self, raw: str, method: str = "GET", **headers: str) -> HttpResponse:
        """Ask for a raw, percent-encoded path, and hand it on as gunicorn does: decoded, and raw beside it."""
        path = unquote_to_bytes(raw.split("?")[0]).decode("latin-1")
        response = self.client.generic(
            method,
            "/",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            PATH_INFO=path,
            RAW_URI=raw,
            QUERY_STRING=raw.partition("?")[2],
        )
        assert isinstance(response, HttpResponse)
        return response

    def wait(self, seconds: float) -> None:
        """Let seconds pass for what the process has read of the catalogue; fewer than 0 set its clock back."""
        self.ahead += seconds

    def kept(self) -> list[Path]:
        """The files of derivatives there are, also unfinished ones."""
        return sorted(path for path in self.derivatives.rglob("*") if path.is_file())


#: What there was in the environment for clients of S3 when the last ones were made.
_environment: dict[str, str] = {}


def forget() -> None:
    """Make the process forget what it remembers between requests, as if it had just started. Clients of S3 stay while
    the environment does: new ones would be the same, and making them takes longer than most tests."""
    READER.forget()
    overruled.forget()
    health.forget()
    prometheus.forget()
    alias_list.ALIASES.forget()
    derivative_store.forget()
    at.cache_clear()
    now = {name: value for name, value in os.environ.items() if name.startswith("AWS_") or name == "HOME"}
    if now != _environment:
        _environment.clear()
        _environment.update(now)
        clients.forget()
    bulkhead.forget()
    refusals.forget()
    missing.forget()
    last_stored.forget()
