"""How S3 is asked: by one client that keeps its connection, and with no request more than is needed."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from rendering.storage.factory import at
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from rendering.storage.s3.storage import S3Storage
from rendering.storage.s3.versions import parse_timestamp


class Bucket(ThreadingHTTPServer):
    """Has one object under any key, and counts what is asked of it. moto's server closes after each answer."""

    daemon_threads = True

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[str] = []
        self.agents: set[str] = set()
        self.hosts: set[str] = set()
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self.server.requests.append(self.command)
        self.server.agents.add(self.headers["User-Agent"])
        self.server.hosts.add(self.headers["Host"])
        self.server.paths.append(self.path)
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 01:00:00 GMT")
        self.send_header("Content-Length", "4")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"four")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Not into the tests' output."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    server = Bucket()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    clients.forget()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    clients.forget()
    server.shutdown()
    server.server_close()
    thread.join()


def test_one_connection_carries_one_request_after_another(bucket):
    originals, derivatives = S3Storage(Place("s3", "originals")), S3Storage(Place("s3", "derivatives"))
    for _ in range(5):
        assert originals.stat("one.jpg").size == 4
        stored = derivatives.read("one")
        assert stored is not None
        assert stored.content == b"four"
    assert bucket.requests == ["HEAD", "GET"] * 5
    assert bucket.connections == 1
    assert len(bucket.agents) == 1
    assert bucket.agents.pop().startswith("imageservice botocore/")


def test_no_service_of_aws_is_waited_for_as_long_as_botocore_would():
    config: Any = clients.config()
    assert 0 < config.connect_timeout <= 5
    assert 0 < config.read_timeout <= 5
    assert config.retries["total_max_attempts"] == 2


def test_the_region_of_the_process_is_one_region_named_or_not(bucket):
    named, unnamed = Place("s3", "originals", region="eu-west-1"), Place("s3", "derivatives")
    assert clients.client(named) is clients.client(unnamed)
    assert clients.client(Place("s3", "far", region="us-east-1")) is not clients.client(unnamed)


@pytest.mark.parametrize(
    "text",
    ["Sun, 29 Nov 2026 01:02:03 GMT", "2026-11-29T01:02:03.000Z", "2026-11-29T01:02:03Z", "1795914123", 1795914123],
)
def test_times_are_read_in_every_notation_that_aws_has(text):
    assert parse_timestamp(text) == datetime(2026, 11, 29, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(("host", "location"), [("my_minio", "acme"), ("a_b.c-d_e", "Old_Bucket"), ("minio", "acme")])
@pytest.mark.parametrize("whose", ["the place", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_a_host_may_have_a_name_that_botocore_takes_for_none(bucket, monkeypatch, host, location, whose):
    """docker compose calls a host as its service is called, also with _."""
    resolve = socket.getaddrinfo
    asked: list[str] = []

    def resolved(name: str, *more: Any, **options: Any) -> Any:
        asked.append(name)
        return resolve("127.0.0.1", *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    endpoint = f"http://{host}:{bucket.server_port}"
    if whose == "the place":
        place = Place("s3", location, region="auto", endpoint_url=endpoint)
    else:
        monkeypatch.setenv(whose, endpoint)
        place = Place("s3", location, region="auto")
    stored = at(place).read("one#1?.jpg")
    assert (stored.content if stored else None) == b"four"
    assert set(asked) - {"127.0.0.1"} == {host}  # the address that the name was found to stand for
    assert bucket.hosts == {f"{host}:{bucket.server_port}"}
    assert bucket.paths == [f"/{location}/one%231%3F.jpg"]
