"""What staff may name as an endpoint, where it may lead, and what it is told of the service's credentials."""

import socket
from typing import Any

import pytest

from rendering.storage.errors import Misconfigured, NotAllowed, StorageError
from rendering.storage.factory import at, probe
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from rendering.storage.s3.connections import is_permitted
from rendering.storage.s3.endpoints import is_listed, wrong_with_permission
from tests.rendering.faults import INSTEAD
from tests.rendering.played_s3 import PlayedS3

INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200",
    "100.64.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "224.0.0.1", "ff02::1",
]  # fmt: skip
#: Also spellings of addresses that only the resolver understands.
HOSTS = [
    "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]",
    "169.254.169.254", "2852039166", "[::ffff:a9fe:a9fe]",
]  # fmt: skip


def place(url: str, **more: Any) -> Place:
    return Place("s3", "physical", region="auto", endpoint_url=url, **more)


@pytest.fixture
def deployed(settings, monkeypatch):
    """A deployment that allows any server on the internet; with credentials of a session."""
    settings.ENVIRONMENT, settings.S3_ENDPOINTS = "production", ["https://*", "http://*"]
    for name, value in {"ACCESS_KEY_ID": "own", "SECRET_ACCESS_KEY": "secret", "SESSION_TOKEN": "session"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    clients.forget()
    yield settings
    clients.forget()


@pytest.fixture
def server():
    server = PlayedS3()
    server.put("physical", "one.jpg", b"one")
    clients.forget()  # which remember whether their endpoint was listed
    yield server
    server.stop()
    clients.forget()


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_within_a_network_is_one_of_the_internet(address):
    assert not is_permitted(address, local=False)


@pytest.mark.parametrize("address", ["52.95.110.1", "2a05:d07a:a000::1", "64:ff9b::345f:6e01"])
def test_addresses_of_the_internet_are_permitted(address):
    assert is_permitted(address, local=False)


@pytest.mark.parametrize(
    ("address", "permitted"),
    [("127.0.0.1", True), ("::1", True), ("192.168.1.9", True), ("169.254.169.254", False), ("fd00:ec2::254", False)],
)
def test_a_developer_may_use_servers_nearby_but_no_metadata(address, permitted):
    assert is_permitted(address, local=True) == permitted


@pytest.mark.parametrize("host", HOSTS)
def test_a_server_that_nobody_listed_is_not_asked_within_the_network(deployed, server, host):
    with pytest.raises(NotAllowed) as told:
        at(place(f"http://{host}:{server.server_port}")).stat("one.jpg")
    assert "S3_ENDPOINTS" in str(told.value)
    assert not server.asked


def test_it_is_the_address_that_counts_and_not_the_name(deployed, server, monkeypatch):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: resolve("127.0.0.1", *more, **named))
    with pytest.raises(NotAllowed):
        at(place(f"http://minio.example.com:{server.server_port}")).stat("one.jpg")
    assert not server.asked


@pytest.mark.parametrize("listed", ["http://127.0.0.1:*", "http://127.0.0.1:{port}"])
def test_a_listed_server_is_asked_wherever_it_is_and_as_this_service(deployed, server, listed):
    deployed.S3_ENDPOINTS = [listed.format(port=server.server_port)]
    assert at(place(server.url)).stat("one.jpg").size == 3
    assert server.asked[-1].headers["X-Amz-Security-Token"] == "session"


def test_a_server_that_nobody_listed_gets_no_session(deployed, server):
    deployed.ENVIRONMENT = "local"
    assert at(place(server.url)).stat("one.jpg").size == 3
    assert server.asked[-1].headers["X-Amz-Security-Token"] is None
    assert server.asked[-1].headers["Authorization"] is None


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://s3.eu-central-1.amazonaws.com", True),
        ("https://s3.dualstack.us-east-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("https://bucket.vpce-0ab1-2cd.s3.eu-west-1.vpce.amazonaws.com", True),
        ("http://s3.eu-central-1.amazonaws.com", False),
        ("https://s3-evil-1.eu-central-1.elb.amazonaws.com", False),
        ("https://s3.eu-central-1.amazonaws.com.example.com", False),
        ("https://minio.example.com:9000", True),
        ("https://MinIO.example.com:9000/", True),
        ("https://minio.example.com", False),
        ("https://a.store.example.org", True),
        ("https://a.store.example.org:8443", False),
        ("https://store.example.org", False),
        ("https://evilstore.example.org", False),
        ("http://[::1]:9000", True),
        ("https://minio.example.com:9000@evil.example", False),
    ],
)
def test_which_endpoints_are_listed(settings, url, listed):
    settings.S3_ENDPOINTS = ["https://minio.example.com:9000", "https://*.store.example.org", "http://[::1]:*"]
    assert is_listed(url) == listed
    assert (not wrong_with_permission(url)) == listed


@pytest.mark.parametrize("url", ["http://minio:9000", "https://minio.example.com"])
def test_a_deployment_allows_no_endpoint_by_itself(settings, url):
    settings.S3_ENDPOINTS = []
    with pytest.raises(NotAllowed):
        at(place(url)).read("one.jpg")
    assert "S3_ENDPOINTS" in probe(place(url)).sentence


def test_an_endpoint_with_a_password_is_not_asked(settings):
    with pytest.raises(Misconfigured):
        at(place("http://user:password@127.0.0.1:9")).stat("one.jpg")


@pytest.mark.parametrize("fault", [*INSTEAD, "reset"])
def test_a_server_that_is_no_s3_is_told_in_a_sentence(server, settings, fault):
    settings.S3_ENDPOINTS = ["http://127.0.0.1:*"]
    server.fault = lambda asked: fault
    store = at(place(server.url))
    for ask in (lambda: store.stat("one.jpg"), lambda: store.read("one.jpg"), lambda: store.browse("", 5)):
        with pytest.raises(StorageError):
            ask()
    found = probe(place(server.url))
    assert (found.ok, bool(found.sentence)) == (False, True)
