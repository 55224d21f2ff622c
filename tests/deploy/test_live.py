"""The steps of `make deploy`, whatever each of them does; tests/aws has what they do."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from deploy import answers, live, stages
from deploy.deployment import Deployment
from deploy.stages import Refused

NUMBERS = range(len(live.STEPS))


@pytest.fixture
def ran(monkeypatch) -> list[int]:
    """The numbers of the steps that came to their end."""
    ended: list[int] = []
    settings = stages.read()
    deployment = Deployment(
        stages.stage("production", settings),
        stages.stage("production_admin", settings),
        SimpleNamespace(),
        {"account": "123456789012"},
    )
    monkeypatch.setattr(answers, "settle_region", lambda name, reopen: deployment)
    monkeypatch.setattr(answers, "ask", lambda opened: None)
    monkeypatch.setattr(live, "finish", lambda opened: ended.append(-1))
    monkeypatch.delenv("DRY", raising=False)
    do = [live.Step(step.what, runs(ended, number), unused) for number, step in enumerate(live.STEPS)]
    monkeypatch.setattr(live, "STEPS", do)
    return ended


def runs(ended: list[int], number: int) -> Any:
    return lambda deployment: ended.append(number)


def unused(deployment: Deployment) -> None:
    raise AssertionError("this is for DRY alone")


def refusing(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "AWS says so"}}, "Asked")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refusing("ExpiredToken"), "The session with AWS has expired; sign in again"),
        (refusing("LimitExceededException"), r"ask for more \(Service Quotas\)"),
        (refusing("TooManyRequestsException"), "wait a minute and run this again"),
        (refusing("AccessDenied"), "use ones that may deploy"),
        (refusing("SomethingNew"), "AWS refused Asked: "),
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached"),
    ],
    ids=["expired", "full", "often", "denied", "new", "away"],
)
def test_what_stops_a_step_is_a_sentence_and_the_next_run_goes_on(ran, number, error, words, monkeypatch):
    def stop(deployment: Deployment) -> None:
        raise error

    whole = list(live.STEPS)
    stopped = [*whole]
    stopped[number] = live.Step(whole[number].what, stop, unused)
    monkeypatch.setattr(live, "STEPS", stopped)
    with pytest.raises(Refused, match=words):
        live.deploy("production")
    assert ran == [*range(number)]
    ran.clear()
    monkeypatch.setattr(live, "STEPS", whole)
    live.deploy("production")
    assert ran == [*NUMBERS, -1]


def test_where_nothing_is_to_be_changed_no_step_is_done(ran, monkeypatch, capsys):
    monkeypatch.setenv("DRY", "1")
    planned: list[str] = []
    monkeypatch.setattr(
        live, "STEPS", [live.Step(step.what, unused, lambda opened: planned.append("")) for step in live.STEPS]
    )
    live.deploy("production")
    assert (len(planned), ran) == (len(NUMBERS), [])
    assert capsys.readouterr().out.endswith("Nothing was changed (DRY).\n")


@pytest.mark.parametrize(
    ("left_out", "variables", "said"),
    [
        ([], {}, False),
        (["onnxruntime"], {}, True),
        (["onnxruntime"], {"DETECTOR": "yunet"}, True),
        (["onnxruntime"], {"DETECTOR": "edges"}, False),
        (["onnxruntime"], {"DETECTOR": "rekognition"}, False),
    ],
)
def test_smart_crops_without_faces_are_told_unless_that_is_meant(left_out, variables, said):
    stage = stages.Stage("production", {"leave_out": left_out, "aws_environment_variables": variables})
    assert live.faceless(stage) is said


def test_by_default_faces_are_found():
    assert not live.faceless(stages.stage("production", stages.read()))
