"""Refusals that are remembered."""

import json
import os
import time

import pytest

from rendering.imaging.errors import BadDocument, BrokenPicture, TooCostly
from rendering.workers import refusals
from tests.drawings import drawn
from tests.service import Service


@pytest.fixture(autouse=True)
def none():
    refusals.forget()
    yield
    refusals.forget()


def test_a_refusal_is_remembered_for_its_key_alone():
    refusals.remember("a/b/c.d", TooCostly("It takes too “much”."))
    refusals.raise_remembered("a/b/c.e")
    with pytest.raises(TooCostly, match=r"^It takes too “much”.$"):
        refusals.raise_remembered("a/b/c.d")


def test_a_refusal_is_forgotten_in_time_and_one_of_a_broken_file_soon(monkeypatch):
    refusals.remember("costly", TooCostly("x"))
    refusals.remember("broken", BrokenPicture("x"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + refusals.BROKEN + 1)
    refusals.raise_remembered("broken")
    with pytest.raises(TooCostly):
        refusals.raise_remembered("costly")
    monkeypatch.setattr(time, "time", lambda: now + refusals.OTHERS + 1)
    refusals.raise_remembered("costly")


def test_a_clock_that_was_set_back_remembers_nothing_for_ever(monkeypatch):
    refusals.remember("costly", TooCostly("x"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    refusals.raise_remembered("costly")


def test_processes_that_were_forked_from_one_share_what_they_found():
    pid = os.fork()
    if not pid:
        refusals.remember("costly", TooCostly("x"))
        os._exit(0)
    os.waitpid(pid, 0)
    with pytest.raises(TooCostly):
        refusals.raise_remembered("costly")


def test_half_a_refusal_is_none():
    refusals.remember("costly", TooCostly("x" * 100))
    offset, _ = refusals.slot_of("costly")
    refusals._table[offset + refusals.HEAD.size + 50] = 0
    refusals.raise_remembered("costly")


def test_what_is_our_fault_or_too_long_is_not_remembered():
    refusals.remember("document", BadDocument("x"))
    refusals.remember("long", TooCostly("x" * 1000))
    refusals.raise_remembered("document")
    refusals.raise_remembered("long")


def test_who_asks_again_for_what_was_refused_costs_nothing(service: Service, in_process, monkeypatch):
    service.put("one.jpg", drawn()[:-300])
    service.publish()
    first = service.get("/profile-image/ios/one.jpg")
    assert first.status_code == 422
    monkeypatch.setattr("rendering.pictures.originals.read", lambda original: pytest.fail("read again"))
    second = service.get("/profile-image/ios/one.jpg")
    assert second.status_code == 422
    assert json.loads(second.content)["message"] == json.loads(first.content)["message"]
