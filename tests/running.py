"""The data plane as it runs: gunicorn, on folders of its own, over real HTTP."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place

ROOT = Path(__file__).resolve().parent.parent
#: What a production starts with, and nothing more.
SAFE = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "images.example.com"}
URL = "/pictures/one.jpg"
#: What `make coverage` hands to processes so that they are measured, too.
MEASURED = {name: os.environ[name] for name in ("COVERAGE_PROCESS_CONFIG",) if name in os.environ}


class Running:
    """gunicorn with the data plane, on folders of its own."""

    workers = 1

    def __init__(self, folder: Path, **environment: str) -> None:
        self.originals, self.derivatives, self.log = folder / "originals", folder / "derivatives", folder / "log"
        self.originals.mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "catalogue").mkdir(exist_ok=True)
        bucket = Bucket("photos", Place("folder", str(self.originals)))
        alias = Alias("pictures", 1, "photos", Recipe(Geometry(width=90, height=90), Encoding(format="png")))
        large = Alias("large", 1, "photos", Recipe(encoding=Encoding(format="png")))
        catalogue = Catalogue.of(1, [bucket], [alias, large]).encode()
        (folder / "catalogue" / "catalogue.json").write_bytes(catalogue)
        command = f"-m gunicorn imageservice.wsgi --bind 127.0.0.1:{self.port} --workers {self.workers}"
        log = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, *command.split()],
            cwd=ROOT,
            env={
                **MEASURED,
                "PATH": os.environ["PATH"],
                "PLANE": "images",
                "GUNICORN_CMD_ARGS": "--threads 60",
                "DERIVATIVES_URL": self.derivatives.as_uri(),
                "CATALOGUE_URL": (folder / "catalogue").as_uri(),
                "FOLDER_ROOTS": str(folder),
                **environment,
            },
            stderr=log,
            start_new_session=True,
        )
        log.close()
        try:
            self.wait_for_health(30, self.log)
        except BaseException:
            self.kill()
            raise

    def put(self, key: str, content: bytes) -> None:
        """Write an original, as if an hour ago: of one that was written just now, no picture is kept."""
        path = self.originals / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written = time.time() - 3600
        os.utime(path, (written, written))

    def wait_for_health(self, seconds: float, log: Path) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.get("/healthz")
                return
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)

    def get(self, raw: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, raw, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def requests(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["message"] == "request"]
