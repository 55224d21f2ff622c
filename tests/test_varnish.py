"""A real Varnish in front of the service as it runs, with hosting/varnish.vcl; purged as the control plane would."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from aliases.publishing.cdns import varnish
from tests.drawings import drawn
from tests.running import ROOT, Running

VARNISH = shutil.which("varnishd")
pytestmark = pytest.mark.skipif(
    not VARNISH and not os.environ.get("REQUIRE_VARNISH"),
    reason="varnishd is not installed; REQUIRE_VARNISH=1 makes this a failure",
)
URL = "/pictures/one.jpg"


class Cached:
    """The service behind Varnish."""

    def __init__(self, folder: Path, running: Running) -> None:
        self.running = running
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        shipped = (ROOT / "hosting/varnish.vcl").read_text()
        assert '.port = "8000"' in shipped
        vcl = folder / "test.vcl"
        vcl.write_text(shipped.replace('.port = "8000"', f'.port = "{running.port}"'))
        command = [
            VARNISH or "varnishd",
            "-F",
            "-j",
            "none",
            "-n",
            str(folder / "varnish"),
            "-a",
            f"127.0.0.1:{self.port}",
        ]
        with (folder / "varnish.log").open("w") as log:
            self.process = subprocess.Popen([*command, "-f", str(vcl), "-s", "malloc,32m"], stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                assert self.process.poll() is None, (folder / "varnish.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def get(self, path: str = URL, **headers: str) -> tuple[int, dict[str, str], bytes]:
        here, self.running.port = self.running.port, self.port
        try:
            return self.running.get(path, **headers)
        finally:
            self.running.port = here

    def asked(self, path: str = URL) -> int:
        """How many requests for it have reached the service."""
        alias = path.split("/")[1]
        return sum(one["status"] == 200 and one.get("alias") == alias for one in self.running.requests())


@pytest.fixture
def cached(tmp_path, settings):
    running = Running(tmp_path)
    try:
        running.put("one.jpg", drawn(1200, 900))
        cached = Cached(tmp_path, running)
        settings.VARNISH_URLS = [f"http://127.0.0.1:{cached.port}"]
        yield cached
        cached.process.terminate()
        cached.process.wait(20)
    finally:
        running.kill()


def test_a_picture_is_kept_until_one_of_its_tags_is_purged(cached):
    first = cached.get()
    assert first[0] == 200
    assert "cache-tag" not in first[1]
    for _ in range(3):
        assert cached.get()[2] == first[2]
    assert cached.asked() == 1
    varnish.purge(["alias:another", "alias:picture", "alias:pictures-of-mine", "bucket:phot"], "1")
    assert cached.get()[2] == first[2]
    assert cached.asked() == 1
    for number, tag in enumerate(("alias:pictures", "bucket:photos"), 2):
        varnish.purge(["alias:unknown", tag], "2")
        cached.running.put("one.jpg", drawn(1200 + number, 900, quality=40 + number))
        assert cached.get()[0] == 200
        assert cached.asked() == number


def test_browsers_of_a_kind_share_a_variant(cached):
    for accept in ("image/avif,image/webp,*/*", "image/png,image/avif;q=0.9", "image/webp", "*/*", "text/html"):
        cached.get("/large/one.jpg", accept=accept)
    assert cached.asked("/large/one.jpg") <= 3
