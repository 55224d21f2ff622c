"""What the service refuses to start with, by whichever way it is started, and what it starts with all the same."""

import json
import os
import subprocess
import sys

import pytest

from imageservice.environment.variables import Variables
from tests.imageservice.starting import WAYS_IN, start, start_code
from tests.running import ROOT, SAFE
from tests.values import TEXTS


@pytest.mark.parametrize("plane", ["images", "admin", "all"])
def test_a_safe_production_starts(plane):
    result = start(**SAFE, PLANE=plane)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECURITY_KEY": "short"}, "E006: SECURITY_KEY is shorter than"),
        (
            {"SECURITY_KEY": "k" * 30, "SECURITY_KEY_FALLBACKS": "MY_SECURE_KEY"},
            "E006: a part of SECURITY_KEY_FALLBACKS is shorter than",
        ),
        ({"ORIGIN_SECRET": "short"}, "E007: ORIGIN_SECRET is shorter than"),
        ({"ORIGIN_SECRET_FALLBACKS": f"{'k' * 16}, short"}, "E007: a part of ORIGIN_SECRET_FALLBACKS is shorter than"),
        (
            {"ORIGIN_SECRET": "short", "ORIGIN_SECRET_FALLBACKS": "short"},
            "E007: ORIGIN_SECRET and a part of ORIGIN_SECRET_FALLBACKS are shorter than",
        ),
        ({"PLANE": "paper"}, "PLANE is 'paper'"),
        ({"DERIVATIVES_URL": "http://example.com"}, "DERIVATIVES_URL is 'http://example.com'"),
        (
            {"CATALOGUE_URL": "s3://d/-/d/catalogue", "DERIVATIVES_URL": "s3://d/-/d"},
            "CATALOGUE_URL equals DERIVATIVES_URL",
        ),
        ({"SECRET_KEY": " \t "}, "SECRET_KEY"),
    ],
)
def test_an_unsafe_production_refuses_and_says_why(wrong, words):
    result = start(**{**SAFE, **wrong})
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("way", WAYS_IN)
def test_what_is_wrong_is_told_in_a_line_for_each_variable_by_every_way_in(way):
    wrong = {"MAX_WIDTH": "big", "DEBUG": "yes please", "DATABASE_URL": "mysql://u:hunter2@db/x", "QUALITY": ""}
    result = subprocess.run(
        [sys.executable, *WAYS_IN[way]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **wrong},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == ["DEBUG", "MAX_WIDTH", "DATABASE_URL"]
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize("plane", ["images", "admin", "all"])
def test_what_is_wrong_is_told_in_every_plane_whether_the_plane_needs_it_or_not(plane):
    names = [variable.name for variable in Variables.variables() if variable.name != "PLANE"]
    result = start(PLANE=plane, **dict.fromkeys(names, "in two\nlines"))
    assert result.returncode == 1
    assert sorted(line.split()[0] for line in result.stderr.splitlines()) == sorted(names)


def test_what_another_plane_needs_is_not_fetched_from_aws():
    result = start(**SAFE, PLANE="images", DATABASE_URL="ssm:/not/asked/for", ADMIN_PASSWORD="secretsmanager:nor-this")
    assert result.returncode == 0, result.stderr


def test_gunicorn_ends_at_once_when_settings_are_not_safe_instead_of_starting_workers_again_and_again():
    result = subprocess.run(
        [sys.executable, *WAYS_IN["gunicorn"]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SAFE, "PLANE": "images", "SECURITY_KEY": "short"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    assert "imageservice.E006: SECURITY_KEY" in result.stderr
    assert "Worker" not in result.stderr


def test_what_is_not_safe_is_told_in_one_line_also_where_nothing_was_set_up_yet(checkout):
    result = start_code("import imageservice.wsgi", folder=checkout, **{**SAFE, "SECRET_KEY": "short"})
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("imageservice.E004: SECRET_KEY is missing or short")


def test_a_database_that_does_not_answer_is_told_by_commands_in_a_line_without_its_password():
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://u:hunter2@127.0.0.1:1/name"},
        capture_output=True,
        text=True,
        check=False,
    )
    (line,) = result.stderr.splitlines()
    assert result.returncode == 1
    assert line.startswith("The database that DATABASE_URL names")
    assert "Connection refused" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("environment", "begin"),
    [
        ({"PLANE": "images"}, "PLANE is images, which has no database"),
        ({"DATABASE_URL": "sqlite:///README.md"}, "The database that DATABASE_URL names, or SQLite's in var/"),
    ],
)
def test_commands_tell_in_a_line_that_there_is_no_database(environment, begin):
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    (line,) = result.stderr.splitlines()
    assert result.returncode == 1
    assert line.startswith(begin)


def test_commands_tell_what_is_not_safe_without_a_traceback_and_print_rights_without_any_secret():
    def ran(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "ENVIRONMENT": "production", "DERIVATIVES_URL": "s3://acme/-/d"},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = ran("migrate", "--check")
    assert refused.returncode == 1
    assert "SECRET_KEY is missing or short" in refused.stderr
    assert "Traceback" not in refused.stderr
    printed = ran("iam_policy", "--stage", "production", "--account", "123456789012")
    assert "KeepDerivatives" in printed.stdout, printed.stderr


def test_secrets_are_their_own_text_in_the_running_service():
    code = (
        "import json, imageservice.wsgi; from django.conf import settings as s;"
        "print(json.dumps([s.SECRET_KEY, s.ORIGIN_SECRET, s.SECURITY_KEY, s.SECURITY_KEY_FALLBACKS,"
        " s.DATABASES['default']['PASSWORD'], s.ALLOWED_HOSTS]))"
    )
    key, dollar = "$" + "k" * 50, TEXTS[0]
    result = start_code(
        code,
        ENVIRONMENT="production",
        SECRET_KEY=key,
        ALLOWED_HOSTS="a.example, b.example",
        ORIGIN_SECRET=dollar,
        SECURITY_KEY=dollar,
        SECURITY_KEY_FALLBACKS="${FIRST}-of-sixteen, 'second'-of-sixteen",
        DATABASE_URL="postgres://u:$ecret#1@db/x",
    )
    assert json.loads(result.stdout) == [
        key,
        dollar,
        dollar,
        ["${FIRST}-of-sixteen", "'second'-of-sixteen"],
        "$ecret#1",
        ["a.example", "b.example"],
    ], result.stderr


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"ORIGIN_SECRET": "  "}, "ORIGIN_SECRET is set, but blank"),
        ({"ENVIRONMENT": " "}, "ENVIRONMENT is set, but blank"),
        ({"IMAGE_HANDLER_BUCKETS": "photos"}, "ALLOW_UNSAFE_URL is off"),
        ({"DATABASE_URL": ""}, "The admin keeps its data in SQLite"),
        ({"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS names only this machine"),
    ],
)
def test_what_is_odd_starts_and_is_told_with_what_would_be_right(odd, words):
    result = start(**{**SAFE, **odd})
    assert result.returncode == 0
    assert words in result.stderr


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": " "}, "eu-west-1"),
        ({"AWS_REGION": " "}, "None"),
    ],
)
def test_boto3_has_the_region_that_aws_region_names(given, region):
    result = start_code("import imageservice.settings, boto3; print(boto3.Session().region_name)", **given)
    assert result.stdout.strip() == region


@pytest.mark.parametrize("debug", ["on", "off"])
def test_where_the_admin_is_alone_any_other_path_is_answered_in_json(debug):
    code = (
        "from imageservice import api_gateway; from imageservice.wsgi import application; import base64;"
        "event = {'httpMethod': 'GET', 'path': '/hero/x.jpg', 'headers': {'Host': 'elsewhere.example'}};"
        "said = api_gateway.answer(application, event);"
        "print(said['statusCode'], base64.b64decode(said['body']).decode())"
    )
    result = start_code(code, PLANE="admin", DEBUG=debug)
    assert result.stdout.startswith('404 {"error": "unknown_alias", "message": "Pictures are not answered here'), (
        result.stderr
    )


def test_an_unknown_detector_is_refused():
    result = start(**SAFE, DETECTOR="psychic")
    assert result.returncode != 0
    assert "DETECTOR is 'psychic'" in result.stderr
