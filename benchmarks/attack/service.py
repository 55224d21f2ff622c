"""The service under attack: gunicorn with two workers, as `make run` starts it, on folders or on S3."""

import contextlib
import http.server
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from benchmarks import page, processes, servers
from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place

from .watching import Watch

#: The bucket that everything is put into, its physical name on S3, and its ordinary picture.
BUCKET, PHYSICAL, ORDINARY = "files", "physical-files-3f1c", "ordinary.jpg"
#: A bucket that no unsigned URL may read.
CLOSED, SECRET = "closed", "secret.jpg"
KEPT = f"/pictures/{ORDINARY}"


class Canary(http.server.ThreadingHTTPServer):
    """A server that nobody should ask: it counts who does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.hits = 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Asked(http.server.BaseHTTPRequestHandler):
    """Counts a request, and answers with nothing."""

    server: Canary

    def do_GET(self) -> None:
        self.server.hits += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815 - http.server's names

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Service:
    """A running service, with what watches it."""

    port: int
    process: int
    log: Path
    memory: processes.Memory
    watch: Watch
    canary: Canary
    #: What no answer may contain: where things are on this machine or in S3.
    secrets: tuple[bytes, ...]
    workers: set[int] = field(default_factory=set)
    _read: int = 0

    def processor_seconds(self) -> float:
        return processes.processor_seconds(self.process)

    def deaths(self) -> int:
        """How many workers have died since the last look."""
        now = processes.workers(self.process)
        gone, self.workers = self.workers - now, now
        return len(gone)

    def logged(self) -> str:
        """What the service has logged since the last look."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            said = log.read()
        self._read += len(said)
        return said.decode(errors="replace")


def ordinary(side: int = 600) -> Image.Image:
    """A picture like any other: a gradient in two directions."""
    across = Image.linear_gradient("L").resize((side, side))
    return Image.merge("RGB", (across, across.rotate(90), across.rotate(180)))


def catalogue(place: Place, closed: Place) -> bytes:
    """What is published: an alias, the bucket of the files, and a bucket that is closed to unsigned URLs."""
    alias = Alias("pictures", 1, BUCKET, Recipe(Geometry(width=256, height=256), Encoding(format="webp")))
    buckets = [Bucket(BUCKET, place, unsafe_allowed=True, overlays_from=(CLOSED,)), Bucket(CLOSED, closed)]
    return Catalogue.of(1, buckets, [alias]).encode()


@contextlib.contextmanager
def on_folders(folder: Path, **variables: str) -> Iterator[Service]:
    """The service on `folder`/originals, where everything that is to be fired at it already lies."""
    originals, closed = folder / "originals", folder / "closed"
    closed.mkdir()
    for path in (originals / ORDINARY, closed / SECRET):
        ordinary().save(path, quality=85)
    (folder / "catalogue").mkdir()
    document = catalogue(Place("folder", str(originals)), Place("folder", str(closed)))
    (folder / "catalogue/catalogue.json").write_bytes(document)
    urls = {f"{one.upper()}_URL": (folder / one).as_uri() for one in ("catalogue", "derivatives")}
    with started(folder, {"FOLDER_ROOTS": str(folder), **urls, **variables}) as service:
        yield service


@contextlib.contextmanager
def on_s3(folder: Path, originals: Mapping[str, bytes], variables: Mapping[str, str], via: str) -> Iterator[Service]:
    """The service on the S3 that `variables` name, which it asks at the URL `via`."""
    s3 = servers.s3_client(variables)
    document = catalogue(Place("s3", PHYSICAL), Place("s3", f"{PHYSICAL}-closed"))
    s3.put_object(Bucket="physical-service", Key="catalogue/catalogue.json", Body=document)
    for key, content in originals.items():
        s3.put_object(Bucket=PHYSICAL, Key=key, Body=content)
    urls = {f"{one.upper()}_URL": f"s3://physical-service/{one}" for one in ("catalogue", "derivatives")}
    with started(folder, {**variables, **urls, "AWS_ENDPOINT_URL": via}, PHYSICAL, "physical-service", via) as service:
        yield service


@contextlib.contextmanager
def started(folder: Path, variables: Mapping[str, str], *secrets: str) -> Iterator[Service]:
    port = servers.free_port()
    command, environment = servers.gunicorn("imageservice.wsgi", port)
    environment |= {"PLANE": "images", "IMAGE_HANDLER_BUCKETS": BUCKET, **variables}
    log = folder / "log"
    canary = Canary()
    with servers.started("The service", command, lambda _: KEPT, ORDINARY, port, log, environment) as server:
        memory = processes.Memory(server.process)
        watch = Watch(port, KEPT)
        told = (str(folder), str(page.ROOT), os.sep + "site-packages", *secrets)
        try:
            service = Service(port, server.process, log, memory, watch, canary, tuple(map(str.encode, told)))
            service.deaths()
            service.logged()
            yield service
        finally:
            watch.stop()
            memory.stop()
            canary.shutdown()
            canary.server_close()
