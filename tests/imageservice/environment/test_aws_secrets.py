"""Variables that AWS keeps, read from Secrets Manager and the Parameter Store over real HTTP."""

import contextlib
import json
import os
import subprocess
import sys

import boto3
import pytest

from imageservice.environment import aws_secrets
from imageservice.environment.aws_secrets import Environment, Unreadable
from imageservice.environment.variables import Variables
from tests.rendering.moto_server import MotoServer
from tests.running import ROOT, SAFE
from tests.values import TEXTS

AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-west-1"}
AWS["AWS_DEFAULT_REGION"] = AWS["AWS_REGION"]
KEPT = {"SECRET_KEY": "$" + "k" * 50, "DATABASE_URL": "postgres://u:p@db/x", "PORT": 5432, "NESTED": {"a": 1}}


@pytest.fixture(scope="module")
def server():
    server = MotoServer()
    yield server
    server.stop()


@pytest.fixture
def aws(server, monkeypatch):
    for name, value in {**AWS, "AWS_ENDPOINT_URL": server.url}.items():
        monkeypatch.setenv(name, value)
    boto3.setup_default_session()
    aws_secrets.fetch.cache_clear()
    manager = boto3.client("secretsmanager")
    for name, text in (
        ("pictures/production", json.dumps(KEPT)),
        ("plain", "whole"),
        ("list", "[1]"),
        ("blank", " \n"),
    ):
        with contextlib.suppress(manager.exceptions.ResourceExistsException):
            manager.create_secret(Name=name, SecretString=text)
    boto3.client("ssm").put_parameter(Name="/pictures/key", Value="parameter", Type="SecureString", Overwrite=True)
    server.clear()
    yield server
    boto3.DEFAULT_SESSION = None
    server.fault = lambda request: None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("as it stands", "as it stands"),
        ("secretsmanager:plain", "whole"),
        ("secretsmanager:pictures/production#DATABASE_URL", KEPT["DATABASE_URL"]),
        ("secretsmanager:pictures/production#PORT", "5432"),
        ("ssm:/pictures/key", "parameter"),
    ],
)
def test_a_value_is_what_stands_there_or_what_aws_keeps(aws, value, found):
    assert Environment({"NAME": value})["NAME"] == found


def test_fields_of_one_secret_are_fetched_once_and_what_is_not_asked_for_never(aws):
    environment = Environment(
        {
            "A": "secretsmanager:pictures/production#PORT",
            "B": "secretsmanager:pictures/production#DATABASE_URL",
            "C": "secretsmanager:nowhere",
        }
    )
    assert "C" in environment
    assert (environment["A"], environment["B"]) == ("5432", KEPT["DATABASE_URL"])
    assert len(aws.requests) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("secretsmanager:nowhere", "there is none of that name"),
        ("ssm:/nowhere", "there is none of that name"),
        ("secretsmanager:pictures/production#NOTHING", "not a JSON object with a field “NOTHING”"),
        ("secretsmanager:plain#X", "not a JSON object"),
        ("secretsmanager:list#X", "not a JSON object"),
        ("secretsmanager:pictures/production#NESTED", "the field “NESTED” of that secret is neither a string nor"),
        ("secretsmanager:", "no name follows the colon; write secretsmanager:name"),
        ("secretsmanager: #FIELD", "no name follows the colon"),
        ("ssm: ", "no name follows the colon; write ssm:name"),
    ],
)
def test_what_is_not_there_is_told_with_the_variables_name(aws, value, words):
    with pytest.raises(Unreadable, match=words) as caught:
        Environment({"SECRET_KEY": value})["SECRET_KEY"]
    assert "SECRET_KEY" in str(caught.value)


@pytest.mark.parametrize(("value", "action"), [("secretsmanager:plain", "GetSecretValue"), ("ssm:/x", "GetParameter")])
def test_a_missing_right_is_told_by_its_name(aws, value, action):
    denied = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    aws.fault = lambda request: ("400 Bad Request", denied)
    with pytest.raises(Unreadable, match=action):
        Environment({"SECRET_KEY": value})["SECRET_KEY"]


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **AWS, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_service_starts_with_what_aws_keeps_also_when_it_begins_with_a_dollar(aws):
    code = "import imageservice.wsgi; from django.conf import settings; print(settings.SECRET_KEY)"
    safe = {**SAFE, "SECRET_KEY": "secretsmanager:pictures/production#SECRET_KEY", "AWS_ENDPOINT_URL": aws.url}
    result = start(code, **safe, PLANE="admin", DATABASE_URL="secretsmanager:pictures/production#DATABASE_URL")
    assert result.stdout.strip() == KEPT["SECRET_KEY"], result.stderr


def test_what_boto3_cannot_ask_is_told_in_one_line():
    for wrong in ({"AWS_ENDPOINT_URL": "http://a b"}, {"AWS_DEFAULT_REGION": "e u"}, {"ORIGIN_SECRET": "ssm:"}):
        result = start("import imageservice.wsgi", **{"ORIGIN_SECRET": "ssm:/x", "PLANE": "images", **wrong})
        (line,) = result.stderr.splitlines()
        assert line.startswith("ORIGIN_SECRET is to come from ssm:")
        assert result.returncode == 1


def test_what_is_kept_and_blank_is_refused_for_a_secret_and_is_no_older_one_in_a_list(aws):
    names = {"ORIGIN_SECRET": "secretsmanager:blank", "SECURITY_KEY_FALLBACKS": "secretsmanager:blank"}
    variables = Variables({**names, "SECURITY_KEY": "secretsmanager:plain"})
    assert (variables.ORIGIN_SECRET, variables.SECURITY_KEY_FALLBACKS, variables.SECURITY_KEY) == ("", [], "whole")
    (line,) = variables.wrong()
    assert line == "ORIGIN_SECRET is to come from secretsmanager:blank, but what is kept there is blank."


@pytest.mark.parametrize("text", TEXTS)
def test_a_kept_secret_is_its_own_text_whatever_it_begins_with(aws, text):
    boto3.client("ssm").put_parameter(Name="/pictures/text", Value=text, Type="SecureString", Overwrite=True)
    aws_secrets.fetch.cache_clear()
    assert text == Variables({"SECURITY_KEY": "ssm:/pictures/text"}).SECURITY_KEY


def test_the_service_does_not_start_without_them_and_says_which(aws):
    safe = {**SAFE, "SECRET_KEY": "secretsmanager:elsewhere", "AWS_ENDPOINT_URL": aws.url}
    result = start("import imageservice.wsgi", **safe, PLANE="admin")
    assert result.returncode != 0
    assert "SECRET_KEY is to come from secretsmanager:elsewhere, but there is none of that name" in result.stderr
