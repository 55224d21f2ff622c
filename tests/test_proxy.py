"""A real nginx in front of the service as it runs: as a cache that cannot be purged, and as hosting/nginx has it."""

import http.client
import io
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from imageservice.environment.variables import Variables
from rendering.catalogue.catalogue import Alias, Bucket, Caching, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.running import ROOT, URL, Running

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
#: Around what a test is about: everything in a folder of its own.
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_temp_path {folder}/proxy;
    {inside}
}}
"""
CACHE = """
    proxy_cache_path {folder}/cache keys_zone=pictures:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{service};
            proxy_cache pictures;
            add_header X-Cache $upstream_cache_status;
        }}
    }}
"""
SHIPPED = (ROOT / "hosting/nginx/imageservice.conf").read_text()
SURROUNDINGS = (ROOT / "hosting/nginx/surroundings.conf").read_text()
ACCEPT = json.loads((ROOT / "tests/accept.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(
    not NGINX and os.environ.get("REQUIRE_NGINX") != "1",
    reason="no nginx on this machine (REQUIRE_NGINX=1 makes this a failure)",
)


class Proxied(Running):
    """The service, asked through nginx."""

    def __init__(self, folder: Path, inside: str = CACHE) -> None:
        super().__init__(folder, CATALOGUE_MAX_AGE="0")
        self.folder, self.serial = folder, 1
        self.put("one.jpg", drawn())
        self.direct = service = self.port
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        there = folder / "nginx"
        there.mkdir()
        # As root, it would work as another user, who may not come here.
        user = "user root;" if os.geteuid() == 0 else ""
        inside = inside.format(folder=there, port=port, service=service)
        (there / "conf").write_text(AROUND.format(user=user, folder=there, inside=inside))
        assert NGINX
        self.nginx = subprocess.Popen(
            [NGINX, "-p", str(there), "-c", str(there / "conf"), "-e", str(there / "error.log")],
            stderr=subprocess.DEVNULL,
        )
        self.port = port
        try:
            self.wait_for_health(10, there / "error.log")
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        if hasattr(self, "nginx"):  # the service starts first
            self.nginx.terminate()
            self.nginx.wait()
        super().kill()

    def publish(self, width: int, caching: Caching, *, purged: bool = False) -> None:
        self.serial += 1
        recipe = Recipe(Geometry(width=width), Encoding(format="png"))
        alias = Alias("pictures", self.serial, "photos", recipe, caching=caching)
        bucket = Bucket("photos", Place("folder", str(self.originals)))
        document = Catalogue.of(self.serial, [bucket], [alias], purged=purged).encode()
        (self.folder / "catalogue" / "new").write_bytes(document)
        (self.folder / "catalogue" / "new").replace(self.folder / "catalogue" / "catalogue.json")

    def width(self, raw: str = URL) -> int:
        status, _, content = self.get(raw)
        assert status == 200
        return Image.open(io.BytesIO(content)).width


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Proxied]:
    proxied = Proxied(tmp_path)
    yield proxied
    proxied.kill()


@pytest.mark.parametrize("behind", ["", "/"], ids=["as sent", "slashes merged"])
def test_addresses_in_urls_are_read_also_where_nginx_merges_their_slashes(tmp_path, behind):
    """With a path of its own after the service, even if only /, proxy_pass hands on what nginx has normalised."""
    proxied = Proxied(tmp_path, CACHE.replace("{service};", f"{{service}}{behind};"))
    try:
        bucket = Bucket(
            "photos", Place("folder", str(proxied.originals)), unsafe_allowed=True, known_as=("a.example/b/",)
        )
        document = Catalogue.of(2, [bucket], []).encode()
        (tmp_path / "catalogue" / "catalogue.json").write_bytes(document)
        assert proxied.width("/unsafe/30x20/https://a.example/b/one.jpg") == 30
        assert proxied.width("/unsafe/30x20/photos/one.jpg") == 30
    finally:
        proxied.kill()


def test_a_cache_that_nobody_can_tell_of_a_change_sees_it_when_its_time_is_over(proxied):
    proxied.publish(40, Caching(shared_max_age=3, stale_while_revalidate=0))
    assert proxied.width() == 40
    assert proxied.get(URL)[1]["x-cache"] == "HIT"
    proxied.publish(50, Caching())
    assert proxied.width() == 40  # kept, as it was said
    deadline = time.monotonic() + 10
    while proxied.width() == 40:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert proxied.width() == 50


def test_a_cache_that_nobody_can_tell_of_a_change_is_told_minutes_and_one_that_can_the_year(proxied):
    year = Caching(shared_max_age=31_536_000, stale_while_revalidate=86_400)
    proxied.publish(40, year)
    status, headers, body = proxied.get(URL)
    assert status == 200, body
    late = "stale-while-revalidate=300, stale-if-error=86400"
    assert headers["cache-control"] == f"public, max-age=60, s-maxage=300, {late}"
    # nginx notes when it will ask again, in the first bytes of what it keeps.
    assert proxied.get(URL)[1]["x-cache"] == "HIT"
    (kept,) = (path for path in (proxied.folder / "nginx" / "cache").iterdir() if path.is_file())
    expires = int.from_bytes(kept.read_bytes()[8:16], "little")
    assert abs(expires - time.time() - 300) < 60
    proxied.publish(50, year, purged=True)
    _, headers, _ = proxied.get(f"{URL}?another")
    late = "stale-while-revalidate=86400, stale-if-error=86400"
    assert headers["cache-control"] == f"public, max-age=60, s-maxage=31536000, {late}"


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Proxied]:
    """The service behind nginx, as hosting/nginx has it but for the addresses, folders and a shorter time. Its admin is
    the service as well, which answers with errors that only it gives."""
    inside = (SURROUNDINGS + SHIPPED).replace("{", "{{").replace("}", "}}")
    for there, here in (
        ("listen 80;", "listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", "127.0.0.1:{service}"),
        ("127.0.0.1:8001", "127.0.0.1:{service}"),
        ("/var/cache/nginx/imageservice", "{folder}/cache"),
    ):
        assert there in inside
        inside = inside.replace(there, here)
    shipped = Proxied(tmp_path, inside.replace("client_header_timeout 10s;", "client_header_timeout 2s;"))
    yield shipped
    shipped.kill()


def half_sent(stack: ExitStack, port: int, number: int) -> list[socket.socket]:
    """Connections on which a request has begun and does not end."""
    connections = []
    for _ in range(number):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        connections.append(connection)
    return connections


def test_requests_whose_headers_never_end_hold_nobody_up_and_are_let_go(shipped):
    with ExitStack() as stack:
        connections = half_sent(stack, shipped.port, 100)  # gunicorn has 60 threads
        assert shipped.get("/healthz")[0] == 200
        assert shipped.get(URL)[0] == 200
        for connection in connections:
            try:
                assert connection.recv(1000) == b""
            except ConnectionResetError:
                continue
        assert shipped.get("/healthz")[0] == 200


def test_without_nginx_they_hold_all_threads(shipped):
    with ExitStack() as stack:
        half_sent(stack, shipped.direct, 100)
        with socket.create_connection(("127.0.0.1", shipped.direct), timeout=2) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            with pytest.raises(TimeoutError):
                connection.recv(1000)


@pytest.mark.parametrize(
    "key", ["a b.jpg", "a%20b.jpg", "a+b&c=d.jpg", "d/e@2x.jpg", "f%2Fg.jpg", "ü 日本.jpg", "#h?i.jpg"]
)
def test_the_shipped_nginx_hands_urls_on_as_they_were_sent(shipped, key):
    path = shipped.originals / key
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(drawn())
    assert shipped.get(f"/pictures/{quote(key)}")[0] == 200


def test_the_shipped_nginx_hands_on_the_longest_url(shipped):
    status, _, body = shipped.get("/pictures/" + "a" * (8177 - len("/pictures/")))
    assert (status, b'"error": "bad_path"' in body) == (400, True), body  # which the service says, and not nginx


def test_the_shipped_nginx_waits_for_longer_than_a_request_may_take():
    seconds = re.search(r"proxy_read_timeout (\d+)s;", SHIPPED)
    assert seconds
    (deadline,) = (one for one in Variables.variables() if one.name == "DEADLINE")
    assert isinstance(deadline.default, int | float)
    assert int(seconds[1]) > deadline.default


def test_the_shipped_nginx_keeps_pictures_for_as_long_as_they_may_be(shipped):
    seen = [shipped.get(URL) for _ in range(3)]
    assert [headers["x-cache"] for _, headers, _ in seen] == ["MISS", "HIT", "HIT"]
    assert len({body for _, _, body in seen}) == 1
    shipped.put("new.jpg", drawn())
    assert shipped.get("/pictures/new.jpg", "HEAD")[1]["x-cache"] == "MISS"
    status, headers, body = shipped.get("/pictures/new.jpg")
    assert (status, headers["x-cache"], len(body)) == (200, "HIT", int(headers["content-length"]))


def negotiated(shipped: Proxied) -> None:
    recipe = Recipe(Geometry(width=40), Encoding(format="auto"))
    bucket = Bucket("photos", Place("folder", str(shipped.originals)))
    document = Catalogue.of(2, [bucket], [Alias("auto", 1, "photos", recipe)]).encode()
    (shipped.folder / "catalogue" / "new").write_bytes(document)
    (shipped.folder / "catalogue" / "new").replace(shipped.folder / "catalogue" / "catalogue.json")


def test_the_shipped_nginx_gives_each_browser_its_format_and_keeps_what_they_share_once(shipped):
    negotiated(shipped)
    formats = {"avif": "image/avif", "webp": "image/webp", "any": "image/jpeg"}
    asked = 0
    for row in ACCEPT:
        if row["accept"] is not None and not all(" " <= one <= "~" or one == "\t" for one in row["accept"]):
            continue  # nginx or the client refuses what HTTP does not allow
        accept = {} if row["accept"] is None else {"accept": row["accept"]}
        status, headers, body = shipped.get("/auto/one.jpg", **accept)
        assert (status, headers["content-type"]) == (200, formats[row["class"]]), (row, body[:200])
        asked += 1
    assert asked > 60
    browsers = [row["accept"] for row in ACCEPT[:10]]
    assert [shipped.get("/auto/one.jpg", accept=one)[1]["x-cache"] for one in browsers] == ["HIT"] * 10


def test_the_shipped_nginx_shows_nobody_the_metrics_and_hands_the_admin_on_uncached(shipped):
    status, headers, body = shipped.get("/-/metrics")
    assert (status, "x-cache" in headers, b"nginx" in body) == (404, False, True)
    for path in ("/admin", "/admin/login/", "/static/x.css"):
        status, headers, body = shipped.get(path)
        assert (status, "x-cache" in headers, b"request_id" in body) == (404, False, True), path
    assert shipped.get("/administration/x.jpg")[1]["x-cache"] == "MISS"  # a name that only begins like the admin's


def test_the_shipped_nginx_says_who_asked_whatever_they_say_of_themselves(shipped, tmp_path):
    """The service is told one address, which is nginx's to name: then PROXIES=1 is right."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        conf = tmp_path / "nginx" / "conf"
        conf.write_text(conf.read_text().replace(f"127.0.0.1:{shipped.direct}", f"127.0.0.1:{port}"))
        shipped.nginx.send_signal(signal.SIGHUP)
        listening.settimeout(20)
        deadline = time.monotonic() + 20
        with ThreadPoolExecutor() as pool:
            while True:
                asking = pool.submit(
                    shipped.get, "/admin/", x_forwarded_for="6.6.6.6", x_forwarded_proto="https", accept="text/html"
                )
                while not asking.done() and not select.select([listening], [], [], 0.1)[0]:
                    pass
                if not asking.done():
                    break
                assert time.monotonic() < deadline
            connection, _ = listening.accept()
            with connection:
                sent = connection.recv(65536).decode().lower()
                connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
            assert asking.result()[0] == 204
    assert "x-forwarded-for: 127.0.0.1\r\n" in sent
    assert "6.6.6.6" not in sent
    assert "x-forwarded-proto: http\r\n" in sent


def test_the_shipped_nginx_takes_bodies_for_the_admin_alone(shipped):
    large = b"x" * 100_000
    for path, refused in (("/pictures/one.jpg", True), ("/admin/import/", False)):
        connection = http.client.HTTPConnection("127.0.0.1", shipped.port, timeout=30)
        connection.request("POST", path, body=large)
        assert (connection.getresponse().status == 413) is refused
        connection.close()
