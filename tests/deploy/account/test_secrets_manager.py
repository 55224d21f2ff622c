"""The environment's secret: what is made, what is kept, and what the command's own environment adds."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import stages
from deploy.account import secrets_manager
from deploy.stages import Refused

STAGE = stages.stage("production", stages.read())
HELD = {"DATABASE_URL": "postgres://u:$1@db/x", **{name: f"$#%{name}" for name in secrets_manager.GENERATED}}


def manager(held: dict[str, str]) -> tuple[Any, list[dict[str, str]]]:
    """As much of Secrets Manager as is asked, and what was written into it."""
    written: list[dict[str, str]] = []
    return SimpleNamespace(
        get_secret_value=lambda **asked: {"SecretString": json.dumps(held)},
        put_secret_value=lambda **asked: written.append(json.loads(asked["SecretString"])),
    ), written


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_an_address_that_is_not_given_or_blank_leaves_the_one_that_is_held(monkeypatch, blank):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if blank is not None:
        monkeypatch.setenv("DATABASE_URL", blank)
    asked, written = manager(HELD)
    assert (secrets_manager.ensure(asked, STAGE), written) == (HELD, [])


@pytest.mark.parametrize("blank", ["", "  "])
def test_without_any_it_is_asked_for(monkeypatch, blank):
    monkeypatch.setenv("DATABASE_URL", blank)
    asked, written = manager({**HELD, "DATABASE_URL": blank})
    with pytest.raises(Refused, match="DATABASE_URL=postgres://user:password@host:5432/name make deploy"):
        secrets_manager.ensure(asked, STAGE)
    assert written == []


def test_a_new_address_is_written_as_it_is_given(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://u:$2#@db/x\n")
    asked, written = manager(HELD)
    assert secrets_manager.ensure(asked, STAGE) == {**HELD, "DATABASE_URL": "postgres://u:$2#@db/x"} == written[0]
