"""Versions of a function behind its alias: what viewers get after an update, how one is tried, and the way back."""

import io
import json
import zipfile
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction

from deploy import stages
from deploy.account import releases
from deploy.stages import Refused, Stage
from tests.aws.versions import numbering

STAGE = stages.stage("production", stages.read())
NAME = STAGE.function
#: Those of edge/monitoring.yaml.
ALARM = "imageservice-production-release-fails"


@pytest.fixture
def session(monkeypatch) -> Any:
    """An account with the function, as an earlier version of ours left it: without an alias."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("SHIFT", raising=False)
    monkeypatch.setattr(releases, "POLL_INTERVAL", 0.01)
    monkeypatch.setattr(LambdaFunction, "set_version", numbering())
    with mock_aws():
        session = boto3.Session(region_name="eu-west-1")
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        role = session.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        session.client("lambda").create_function(
            FunctionName=NAME, Runtime="python3.13", Role=role, Handler="x.y", Code={"ZipFile": code(b"0")}
        )
        alarm(session, "OK")
        yield session


def code(text: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("x.py", text)
    return held.getvalue()


def alarm(session: Any, state: str, name: str = ALARM) -> None:
    cloudwatch = session.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="5XXError",
        Namespace="AWS/ApiGateway",
        Period=60,
        Statistic="Average",
        Threshold=0.02,
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")


def updated(session: Any, text: bytes) -> None:
    """What Zappa does: upload, with a version of its own, before the configuration is set."""
    session.client("lambda").update_function_code(FunctionName=NAME, ZipFile=code(text), Publish=True)
    session.client("lambda").update_function_configuration(FunctionName=NAME, Description=text.decode())


def paced(minutes: float, percent: float = 10) -> Stage:
    return Stage(STAGE.name, {**STAGE.settings, "shift": {"percent": percent, "minutes": minutes}})


def live(session: Any) -> tuple[str, str, Any]:
    alias = session.client("lambda").get_alias(FunctionName=NAME, Name="live")
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return alias["FunctionVersion"], alias.get("Description", ""), weights


def released(session: Any, texts: str) -> None:
    for text in texts:
        updated(session, text.encode())
        releases.release(session, paced(0))


def test_a_function_without_an_alias_gets_one_before_it_is_updated(session):
    releases.ensure(session.client("lambda"), STAGE)
    releases.ensure(session.client("lambda"), STAGE)
    assert live(session) == ("1", "", {})


def test_a_release_is_what_was_configured_last_and_remembers_the_versions_before(session):
    releases.release(session, paced(0))
    released(session, "ab")
    version, description, weights = live(session)
    held = session.client("lambda").get_function_configuration(FunctionName=NAME, Qualifier="live")
    assert (held["Description"], weights) == ("b", {})
    assert len(description.removeprefix("Before: ").split()) == 2
    assert version not in description.split()


def test_what_did_not_change_is_no_release(session):
    released(session, "a")
    before = live(session)
    releases.release(session, paced(0))
    assert live(session) == before


def test_versions_that_nobody_goes_back_to_are_deleted(session):
    released(session, "abcdefgh")
    version, description, _ = live(session)
    assert set(releases.published(session.client("lambda"), STAGE)) == {version, *description.split()[1:]}
    assert len(description.split()) == 1 + releases.KEPT


def test_a_new_version_gets_a_share_of_the_requests_first_and_then_all(session, monkeypatch):
    released(session, "a")
    before, seen = live(session)[0], []

    def look(*told: Any) -> list[str]:
        seen.append(live(session))
        return []

    monkeypatch.setattr(releases, "alarms", look)
    updated(session, b"b")
    releases.release(session, paced(0.001))
    new = live(session)[0]
    assert seen[0] == (before, seen[0][1], {})  # before the shift, whether an alarm is on already
    assert {(one[0], tuple(one[2].items())) for one in seen[1:]} == {(before, ((new, 0.1),))}
    assert (new != before, live(session)[2]) == (True, {})


def test_an_alarm_takes_the_new_version_back(session, monkeypatch):
    released(session, "ab")
    before = live(session)
    monkeypatch.setattr("time.sleep", lambda seconds: alarm(session, "ALARM"))
    updated(session, b"c")
    with pytest.raises(Refused, match=f"was taken back: {ALARM}"):
        releases.release(session, paced(5))
    assert live(session) == before


def test_the_alarms_of_others_take_nothing_back(session, monkeypatch):
    released(session, "a")
    before = live(session)[0]
    monkeypatch.setattr("time.sleep", lambda seconds: alarm(session, "ALARM", "imageservice-staging-release-fails"))
    updated(session, b"b")
    releases.release(session, paced(0.001))
    assert live(session)[0] != before


def test_nothing_is_tried_while_an_alarm_is_on_already_but_it_can_be_released_all_the_same(session, monkeypatch):
    released(session, "a")
    before = live(session)
    alarm(session, "ALARM")
    updated(session, b"b")
    with pytest.raises(Refused, match="SHIFT=0 releases without watching"):
        releases.release(session, paced(5))
    assert live(session) == before
    monkeypatch.setenv("SHIFT", "0")
    releases.release(session, paced(5))
    assert live(session)[0] != before[0]


def test_who_stops_the_shift_leaves_it_at_the_former_version(session, monkeypatch):
    released(session, "a")
    before = live(session)

    def stop(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", stop)
    updated(session, b"b")
    with pytest.raises(KeyboardInterrupt):
        releases.release(session, paced(5))
    assert live(session) == before


def test_back_is_to_the_version_before_and_the_one_before_that(session):
    released(session, "abc")
    version, description, _ = live(session)
    former = description.split()[1:]
    assert releases.back(session, STAGE) == releases.Live(former[0], tuple(former[1:]))
    assert live(session)[:2] == (former[0], f"Before: {former[1]}")
    releases.back(session, STAGE)
    with pytest.raises(Refused, match=f"no version before {former[1]} to go back to"):
        releases.back(session, STAGE)
    released(session, "d")
    assert live(session)[1] == f"Before: {former[1]}"
    assert live(session)[0] != version


def test_there_is_nothing_to_go_back_to_before_the_first_release(session):
    with pytest.raises(Refused, match="make deploy STAGE=production releases one"):
        releases.back(session, STAGE)


@pytest.mark.parametrize(
    ("shift", "variable"), [({"minutes": "soon"}, None), ({"minutes": 5, "percent": 0}, None), ({}, "61"), ({}, "five")]
)
def test_a_pace_that_is_none_is_told(shift, variable, monkeypatch):
    if variable:
        monkeypatch.setenv("SHIFT", variable)
    with pytest.raises(Refused, match=r"minutes|percent"):
        releases.pace(Stage("production", {**STAGE.settings, "shift": shift}))


def test_a_function_whose_api_asks_for_no_alias_is_left_alone():
    admin = stages.stage("production_admin", stages.read())
    releases.release(SimpleNamespace(), admin)
    releases.ensure(SimpleNamespace(), admin)
