"""Which hosts are answered, with both planes in one process; under gunicorn, since its parser and Django's both have a
say in what a Host may be."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from tests.drawings import drawn
from tests.running import URL, Running

#: Hosts as load balancers, kubelets, scanners and old clients send them; None: no header at all.
HOSTS = (
    "10.42.8.201:8000",
    "a_b:80",
    "",
    "[::1]:8000",
    "images.example.com:65535",
    "evil.example",
    "x" * 300,
    "a b",
    None,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Running]:
    running = Running(
        tmp_path_factory.mktemp("both"),
        PLANE="all",
        DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing",
        ALLOWED_HOSTS="127.0.0.1, admin.example.com",
    )
    running.put("one.jpg", drawn())
    yield running
    running.kill()


def asked(running: Running, path: str, host: str | None, version: str = "1.1") -> tuple[int, dict[str, str], bytes]:
    """What comes for a request with just that Host."""
    head = (
        f"GET {path} HTTP/{version}\r\n" + ("" if host is None else f"Host: {host}\r\n") + "Connection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as connection:
        connection.sendall(head.encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read()


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/healthcheck", URL, f"/-/info{URL}", "/nothing/here.jpg"])
def test_pictures_and_health_answer_to_any_host(running, path, host):
    right = {"/nothing/here.jpg": 404, "/readyz": 503}.get(path, 200)  # there is no database
    for version in ("1.0", "1.1"):
        status, headers, _ = asked(running, path, host, version)
        assert (status, headers["content-type"].partition("/")[2]) in {(right, "json"), (right, "png")}


@pytest.mark.parametrize("host", [host for host in HOSTS if host is not None])
@pytest.mark.parametrize("path", ["/admin/", "/admin", "/admin/login/", "/admin/nothing", "/"])
def test_the_admin_answers_to_its_own_hosts_alone_and_says_what_would_be_right(running, path, host):
    before = len(running.log.read_text())
    status, headers, body = asked(running, path, host)
    said = json.loads(body)
    assert (status, said["error"], headers["cache-control"]) == (400, "host_not_allowed", "no-store")
    named = f"to the host “{host[:253]}”" if host else "without a host"
    assert said["message"].startswith(
        f"The admin does not answer {named}. Its operator can add host names to ALLOWED_HOSTS"
    )
    assert said["request_id"] == headers["x-request-id"]
    logged = [json.loads(line) for line in running.log.read_text()[before:].splitlines() if line.startswith("{")]
    (told,) = [line for line in logged if line["message"] == "host refused"]
    assert told["hint"] == "If it is the admin's, add it, without a port, to ALLOWED_HOSTS"
    assert (told["level"], told.get("host", "")) == ("WARNING", host[:253])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9000", "admin.example.com", "Admin.Example.com:443", None])
def test_the_admin_answers_to_the_hosts_that_it_is_given(running, host):
    # Without a Host, the server's own address counts, as in HTTP/1.0.
    status, headers, _ = asked(running, "/admin", host, "1.0" if host is None else "1.1")
    assert (status, headers["location"]) == (302, "/admin/")
