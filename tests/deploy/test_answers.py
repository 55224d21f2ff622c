"""What a deployment asks for: from where each answer comes, and what is refused."""

import io
import json
import shutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import answers, stages
from deploy.account import stacks
from deploy.deployment import Deployment
from deploy.stages import Refused, Stage

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b-2c"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def deployment(monkeypatch, tmp_path) -> Any:
    """Makes a deployment: with stacks' parameters in zappa_settings.json, those of deployed stacks, and a terminal on
    which these lines are typed."""
    for variable in ("REGION", "ALARM_EMAIL", "DOMAIN", "CERTIFICATE_ARN", "DRY"):
        monkeypatch.delenv(variable, raising=False)
    copy = tmp_path / "zappa_settings.json"
    shutil.copy(stages.FILE, copy)
    monkeypatch.setattr(stages, "FILE", copy)

    def make(
        configured: dict[str, Any] | None = None,
        deployed: dict[str, dict[str, str]] | None = None,
        typed: str | None = None,
        version: str = "",
    ) -> Deployment:
        found = {
            f"imageservice-production-{name}": {
                "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
            }
            for name, given in (deployed or {}).items()
        }
        monkeypatch.setattr(stacks, "describe", lambda cloudformation, name: found.get(name))
        monkeypatch.setattr("sys.stdin", io.StringIO() if typed is None else Terminal(typed))
        monkeypatch.setattr("builtins.input", lambda asked: answers.sys.stdin.readline())  # type: ignore[attr-defined]
        settings = stages.read(copy)
        images = stages.stage("production", settings)
        images = Stage("production", {**images.settings, "stacks": configured or {}})
        session = SimpleNamespace(client=lambda *args, **kwargs: None)
        known = {"images_secret_version": version, "distribution": ""}
        return Deployment(images, stages.stage("production_admin", settings), session, known)

    return make


def asked(deployment: Deployment) -> dict[str, dict[str, str]]:
    answers.ask(deployment)
    return deployment.answers


def told(email: str, **edge: str) -> dict[str, dict[str, str]]:
    return {"monitoring": {"AlarmEmail": email}, "global": {"AlarmEmail": email}, "edge": edge}


def test_the_environment_is_asked_first_then_the_settings_then_what_is_deployed(deployment, monkeypatch):
    deployed = {"monitoring": {"AlarmEmail": "deployed@example.com"}}
    configured = {"monitoring": {"AlarmEmail": "configured@example.com"}}
    assert asked(deployment(deployed=deployed)) == told("deployed@example.com")
    assert asked(deployment(configured, deployed)) == told("configured@example.com")
    monkeypatch.setenv("ALARM_EMAIL", "given@example.com")
    assert asked(deployment(configured, deployed)) == told("given@example.com")


def test_a_terminal_is_asked_for_what_nothing_says(deployment):
    typed = f"ops@example.com\nimages.example.com\n{CERTIFICATE}\n"
    edge = {"DomainNames": "images.example.com", "CertificateArn": CERTIFICATE}
    assert asked(deployment(typed=typed)) == told("ops@example.com", **edge)
    assert asked(deployment(typed="none\n\n")) == told("")


def test_a_domain_that_is_deployed_stays(deployment):
    edge = {"DomainNames": "images.example.com", "CertificateArn": CERTIFICATE}
    assert asked(deployment(deployed={"edge": edge, "monitoring": {"AlarmEmail": ""}})) == told("", **edge)


@pytest.mark.parametrize("none", ["none", "None", "-", "no"])
def test_nobody_is_an_answer(deployment, monkeypatch, none):
    monkeypatch.setenv("ALARM_EMAIL", none)
    assert asked(deployment()) == told("")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, r"ALARM_EMAIL=ops@example\.com make deploy STAGE=production, or ALARM_EMAIL=none"),
        ({"ALARM_EMAIL": "ops"}, "ALARM_EMAIL: “ops” is none"),
        ({"ALARM_EMAIL": "none", "DOMAIN": "https://images.example.com/"}, r"write it like images\.example\.com"),
        ({"ALARM_EMAIL": "none", "DOMAIN": "images.example.com"}, "A domain needs a certificate"),
        (
            {"ALARM_EMAIL": "none", "DOMAIN": "a.example.com", "CERTIFICATE_ARN": CERTIFICATE.replace("us-", "eu-")},
            "CERTIFICATE_ARN: “arn:aws:acm:eu-east-1",
        ),
    ],
)
def test_what_is_wrong_or_missing_is_told(deployment, monkeypatch, variables, words):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=words):
        answers.ask(deployment())


def opened(deployment: Any, **more: Any) -> Callable[[str], Deployment]:
    return lambda name: deployment(**more)


def test_the_region_is_written_into_the_settings_and_nothing_else_in_them_changes(deployment, monkeypatch):
    before = stages.FILE.read_text()
    monkeypatch.setenv("REGION", "eu-central-1")
    assert answers.settle_region("production", opened(deployment)).images.region == "eu-central-1"
    after = stages.read(stages.FILE)
    regions = {name: stages.stage(name, after).region for name in stages.deployable(after)}
    assert regions == dict.fromkeys(("staging", "staging_admin"), "eu-west-1") | dict.fromkeys(
        ("production", "production_admin"), "eu-central-1"
    )
    gone = set(before.splitlines()) - set(stages.FILE.read_text().splitlines())
    assert gone == {'    "production": {"extends": "base"},', '    "production_admin": {"extends": "base_admin"}'}
    assert json.loads(before)["base"] == after["base"]


@pytest.mark.parametrize("typed", ["\n", "eu-west-1\n"])
def test_who_presses_enter_stays_in_the_region_of_the_settings(deployment, typed):
    before = stages.FILE.read_text()
    assert answers.settle_region("production", opened(deployment, typed=typed)).images.region == "eu-west-1"
    assert stages.FILE.read_text() == before


@pytest.mark.parametrize(
    ("region", "version", "dry", "words"),
    [
        ("Frankfurt", "", "", "write REGION=eu-central-1"),
        ("eu-central-1", "0a1b2c3d", "", "production is deployed in eu-west-1; another region is another stage"),
        ("eu-central-1", "", "1", "set its aws_region, then look again"),
    ],
)
def test_a_region_that_cannot_be_is_told(deployment, monkeypatch, region, version, dry, words):
    monkeypatch.setenv("REGION", region)
    monkeypatch.setenv("DRY", dry)
    before = stages.FILE.read_text()
    with pytest.raises(Refused, match=words):
        answers.settle_region("production", opened(deployment, version=version))
    assert stages.FILE.read_text() == before
