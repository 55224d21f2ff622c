"""What the log tells of a request."""

import json
import logging
from typing import Any

import pytest

from rendering.trace import JsonFormatter, queued
from tests.service import Service

URL = "/profile-image/ios/people/one.jpg"


@pytest.fixture
def lines(caplog):
    """The request lines logged so far, read as JSON."""
    caplog.set_level(logging.INFO)

    def read() -> list[dict[str, Any]]:
        formatter = JsonFormatter()
        told = [json.loads(formatter.format(record)) for record in caplog.records]
        return [line for line in told if line["message"] == "request"]

    return read


def test_a_request_is_one_line_with_what_was_done(service: Service, lines):
    service.put("people/one.jpg")
    service.publish()
    rendered, kept = service.get(URL), service.get(URL)
    first, second = lines()
    assert (first["alias"], first["revision"], first["status"]) == ("profile-image/ios", 1, 200)
    assert first["bytes"] == len(rendered.content)
    assert (first["kept"], second["kept"]) == (False, True)
    assert {"find", "kept", "read", "render", "keep", "total"} <= set(first["ms"])
    assert "render" not in second["ms"]
    assert first["derivative"] == second["derivative"]
    assert "render;dur=" in rendered["Server-Timing"]
    assert "render;dur=" not in kept["Server-Timing"]


def test_a_deployment_may_keep_its_timing_to_itself(service: Service, settings, lines):
    settings.SERVER_TIMING = False
    service.put("people/one.jpg")
    service.publish()
    assert "Server-Timing" not in service.get(URL)
    assert "render" in lines()[0]["ms"]


def test_a_key_stands_in_the_log_only_as_a_hash(service: Service, lines, caplog):
    service.put("people/one.jpg")
    service.publish()
    service.get(URL)
    assert "people" not in caplog.text
    assert len(lines()[0]["key"]) == 16


def test_a_refusal_is_told_with_its_word(service: Service, lines):
    service.publish()
    service.get(URL)
    assert (lines()[0]["status"], lines()[0]["error"]) == (404, "unknown_original")


@pytest.mark.parametrize(
    ("given", "taken"), [("abcd-1234", True), ("x", False), ("a b c d e f g h", False), ("ä" * 9, False)]
)
def test_a_clients_id_is_logged_when_it_is_one_and_never_sent_to_others(service: Service, lines, given, taken):
    service.put("people/one.jpg")
    service.publish()
    response = service.get(URL, x_request_id=given)
    assert len(response["X-Request-Id"]) == 32
    (line,) = lines()
    assert (line.get("sent_request_id") == given) == taken
    assert given not in response.headers.values()


def test_a_stranger_cannot_forge_a_line(service: Service, lines):
    service.publish()
    service.get("/nobody%0a%7b%22message%22:%22forged%22%7d/x")
    assert len(lines()) == 1


@pytest.mark.parametrize(("waited", "told"), [(0.0, None), (0.01, None), (0.25, 250.0)])
def test_a_wait_for_a_thread_is_told_when_it_was_long(service: Service, lines, waited, told):
    token = queued.set(waited)
    try:
        service.publish()
        service.get(URL)
    finally:
        queued.reset(token)
    assert lines()[0].get("queued") == told
