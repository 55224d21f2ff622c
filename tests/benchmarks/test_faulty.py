"""The proxy in front of S3: what it hands on, and each thing that it lets go wrong."""

import http.client
import time
from collections.abc import Iterator

import pytest

from benchmarks import faulty, s3
from benchmarks.faulty import Fault, Faulty

BODY = b"picture " * 1000


@pytest.fixture
def proxy() -> Iterator[Faulty]:
    with s3.running() as variables:
        proxy = Faulty(variables["AWS_ENDPOINT_URL"])
        yield proxy
        proxy.stop()


def ask(proxy: Faulty, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=10)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_requests_and_answers_are_handed_on(proxy):
    assert ask(proxy, "PUT", "/bucket/a%20b.jpg", BODY)[0] == 200
    assert ask(proxy, "GET", "/bucket/a%20b.jpg") == (200, BODY)
    assert ask(proxy, "HEAD", "/bucket/a%20b.jpg") == (200, b"")
    assert ask(proxy, "GET", "/bucket/other.jpg")[0] == 404


@pytest.mark.parametrize(("kind", "status", "code"), [("slow down", 503, b"SlowDown"), ("internal", 500, b"Internal")])
def test_an_answer_of_s3s_own_replaces_the_right_one(proxy, kind, status, code):
    proxy.fault = lambda method, path: Fault(kind)
    got, body = ask(proxy, "GET", "/bucket/one.jpg")
    assert got == status
    assert code in body


def test_a_reset_is_one_and_a_cut_body_is_shorter_than_announced(proxy):
    ask(proxy, "PUT", "/bucket/one.jpg", BODY)
    proxy.fault = lambda method, path: Fault("reset")
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(proxy, "GET", "/bucket/one.jpg")
    proxy.fault = lambda method, path: Fault("cut")
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(proxy, "GET", "/bucket/one.jpg")


def test_a_delay_is_of_the_requests_that_it_is_for(proxy):
    proxy.fault = lambda method, path: Fault(seconds=0.5) if "slow" in path else faulty.NONE
    started = time.monotonic()
    ask(proxy, "GET", "/bucket/slow.jpg")
    waited = time.monotonic() - started
    proxy.fault = lambda method, path: faulty.NONE
    assert waited >= 0.5
