"""The environment's secrets: what is made, what is kept, who may read what, and what the command's environment adds."""

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from deploy import stages
from deploy.account import secrets_manager
from deploy.stages import Refused

STAGE = stages.stage("production", stages.read())
ADDRESS = "postgres://u:$1@db/x"


@pytest.fixture
def manager(monkeypatch) -> Any:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with mock_aws():
        yield boto3.client("secretsmanager", "eu-west-1", aws_access_key_id="own", aws_secret_access_key="secret")


def held(manager: Any, plane: str) -> dict[str, str]:
    return dict(json.loads(manager.get_secret_value(SecretId=f"imageservice/production/{plane}")["SecretString"]))


@pytest.fixture
def made(manager, monkeypatch) -> dict[str, str]:
    with monkeypatch.context() as first:
        first.setenv("DATABASE_URL", ADDRESS)
        return secrets_manager.ensure(manager, STAGE)


def test_each_plane_has_a_secret_and_what_only_the_admin_may_know_is_not_in_that_of_pictures(manager, made):
    images, admin = held(manager, "images"), held(manager, "admin")
    assert set(images) == {"ORIGIN_SECRET", "ORIGIN_SECRET_FALLBACKS", "SECURITY_KEY", "SECURITY_KEY_FALLBACKS"}
    assert set(admin) == {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "ADMIN_PASSWORD", "DATABASE_URL"}
    assert {**images, **admin} == made
    assert admin["DATABASE_URL"] == ADDRESS


@pytest.mark.parametrize("plane", ["images", "admin"])
def test_a_functions_variables_refer_to_fields_of_secrets_that_its_role_may_read(manager, made, plane):
    stage = stages.stage("production" if plane == "images" else "production_admin", stages.read())
    variables = stage.fill(stage.settings["aws_environment_variables"], {**dict.fromkeys(UNKNOWN, "")})
    policy = json.loads((stages.ROOT / f"deploy/policies/{plane}.json").read_text())
    readable = [one["Resource"] for one in policy["Statement"] if "secretsmanager:GetSecretValue" in one["Action"]]
    names = {
        resource.partition(":secret:${project}/${environment}/")[2].removesuffix("-??????") for resource in readable[0]
    }
    assert names == ({"images"} if plane == "images" else {"images", "admin"})
    references = {name: value for name, value in variables.items() if value.startswith("secretsmanager:")}
    for name, value in references.items():
        of, _, field = value.removeprefix("secretsmanager:imageservice/production/").partition("#")
        assert (of in names, field, field in held(manager, of)) == (True, name, True)
    assert len(references) == (4 if plane == "images" else 8)


UNKNOWN = ("account", "distribution", "host", "images_secret_version", "admin_secret_version")


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_an_address_that_is_not_given_or_blank_leaves_the_one_that_is_held(manager, made, monkeypatch, blank):
    if blank is not None:
        monkeypatch.setenv("DATABASE_URL", blank)
    before = secrets_manager.versions(manager, STAGE)
    assert secrets_manager.ensure(manager, STAGE) == made
    assert secrets_manager.versions(manager, STAGE) == before


@pytest.mark.parametrize("blank", ["", "  "])
def test_without_any_it_is_asked_for_and_nothing_is_made(manager, monkeypatch, blank):
    monkeypatch.setenv("DATABASE_URL", blank)
    with pytest.raises(Refused, match="DATABASE_URL=postgres://user:password@host:5432/name make deploy"):
        secrets_manager.ensure(manager, STAGE)
    assert manager.list_secrets()["SecretList"] == []


def test_a_new_address_is_written_as_it_is_given_and_marks_the_admins_secret_alone_as_new(manager, made, monkeypatch):
    before = secrets_manager.versions(manager, STAGE)
    monkeypatch.setenv("DATABASE_URL", "postgres://u:$2#@db/x\n")
    assert secrets_manager.ensure(manager, STAGE) == {**made, "DATABASE_URL": "postgres://u:$2#@db/x"}
    after = secrets_manager.versions(manager, STAGE)
    assert (after["images"] == before["images"], after["admin"] == before["admin"]) == (True, False)
    assert all(len(version) == 8 for version in after.values())


def test_there_is_no_version_of_what_is_not_there(manager):
    assert secrets_manager.versions(manager, STAGE) == {"images": "", "admin": ""}


def test_what_the_one_secret_of_earlier_versions_holds_goes_where_it_belongs(manager):
    former = {"DATABASE_URL": ADDRESS, **{name: f"$#%{name}" for name in secrets_manager.GENERATED}}
    others = {"SECURITY_KEY_FALLBACKS": "older", "OIDC_CLIENT_SECRET": "theirs"}
    manager.create_secret(Name="imageservice/production", SecretString=json.dumps(former | others))
    secrets_manager.ensure(manager, STAGE)
    assert held(manager, "images") == {
        "ORIGIN_SECRET": "$#%ORIGIN_SECRET",
        "ORIGIN_SECRET_FALLBACKS": "",
        "SECURITY_KEY": "$#%SECURITY_KEY",
        "SECURITY_KEY_FALLBACKS": "older",
    }
    assert held(manager, "admin")["OIDC_CLIENT_SECRET"] == "theirs"
    assert held(manager, "admin")["DATABASE_URL"] == ADDRESS


@pytest.mark.parametrize("text", ["a password", "[1]"])
def test_a_secret_that_is_no_object_is_told(manager, text):
    manager.create_secret(Name="imageservice/production/admin", SecretString=text)
    with pytest.raises(Refused, match="imageservice/production/admin is not a JSON object"):
        secrets_manager.ensure(manager, STAGE)
