"""The database where none is given: what is made for it, in which order, and what is left alone."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from deploy import stages
from deploy.account import database, network, secrets_manager
from deploy.stages import Refused, Stage
from edge.limits import LIMITS
from imageservice.environment.database import DatabaseUrl
from tests.rendering.moto_server import MotoServer

STAGE = stages.stage("production", stages.read())
ADMIN = stages.stage("production_admin", stages.read())
ADDRESS = "imageservice-production.abcdefghijkl.eu-west-1.rds.amazonaws.com"
OUTPUTS = {
    "network": {"SubnetIds": "subnet-1,subnet-2", "FunctionGroupId": "sg-1", "DatabaseGroupId": "sg-2"},
    "database": {"Address": ADDRESS},
}
KNOWN = {"subnets": "subnet-1,subnet-2", "group": "sg-1"}


class Made:
    """CloudFormation: what was asked of it, and what fails."""

    def __init__(self, failing: str = "") -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.failing = failing

    def __call__(self, name: str, **parameters: str) -> dict[str, str]:
        self.asked.append((name, parameters))
        if name == self.failing:
            raise Refused(f"The stack {name} is ROLLBACK_COMPLETE: quota")
        return OUTPUTS[name]


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    server = MotoServer()
    yield server
    server.stop()


@pytest.fixture
def manager(server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    server.reset()
    session: Any = boto3.Session("AKIAROOTROOTROOTROOT", "secret", region_name="eu-west-1")
    return session.client("secretsmanager", endpoint_url=server.url)


def keep(manager: Any, address: str) -> None:
    text = json.dumps({"DATABASE_URL": address})
    manager.create_secret(Name=secrets_manager.name_of(STAGE, "admin"), SecretString=text)


def test_where_none_is_given_a_network_and_a_database_are_made(manager):
    made = Made()
    found = urlsplit(database.ensured(manager, STAGE, made))
    assert [name for name, _ in made.asked] == ["network", "database"]
    assert made.asked[1][1] == {
        "SubnetIds": "subnet-1,subnet-2",
        "GroupId": "sg-2",
        "Secret": "imageservice/production/database",
    }
    assert (found.hostname, found.port, found.path) == (ADDRESS, 5432, "/imageservice")
    assert parse_qs(found.query) == {"sslmode": ["verify-full"], "sslrootcert": ["/var/task/certificates/rds.crt"]}
    kept = json.loads(manager.get_secret_value(SecretId="imageservice/production/database")["SecretString"])
    assert found.password == kept["PASSWORD"]
    assert not set(kept["PASSWORD"]) & set(LIMITS["rds"]["never_in_passwords"])
    assert len(kept["PASSWORD"]) >= LIMITS["rds"]["shortest_password"]


def test_the_service_takes_the_address(manager):
    read = DatabaseUrl().read(database.ensured(manager, STAGE, Made()))
    assert (read["ENGINE"], read["HOST"]) == ("django.db.backends.postgresql", ADDRESS)
    assert read["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("failing", ["network", "database"])
def test_a_run_that_was_stopped_is_gone_on_from_with_the_same_password(manager, failing):
    with pytest.raises(Refused, match="quota"):
        database.ensured(manager, STAGE, Made(failing))
    first = database.ensured(manager, STAGE, Made())
    assert database.ensured(manager, STAGE, Made()) == first


@pytest.mark.parametrize(
    "address", ["postgres://u:p@db.example.com/x", "postgres://imageservice:p@h/x?sslmode=require"]
)
def test_one_that_is_given_or_held_is_used_and_nothing_is_made(manager, monkeypatch, address):
    made = Made()
    keep(manager, address)
    assert database.ensured(manager, STAGE, made) == address
    monkeypatch.setenv("DATABASE_URL", " postgres://other@h/y ")
    assert database.ensured(manager, STAGE, made) == "postgres://other@h/y"
    assert made.asked == []


def test_ours_is_brought_up_to_date_at_every_deployment(manager):
    keep(manager, database.ensured(manager, STAGE, Made()))
    made = Made()
    database.ensured(manager, STAGE, made)
    assert [name for name, _ in made.asked] == ["network", "database"]


# --- The function in the network


def test_the_admins_function_is_in_the_network_and_has_a_way_out_of_it():
    assert network.vpc_config(ADMIN, KNOWN) == {
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
        "Ipv6AllowedForDualStack": True,
    }
    assert network.vpc_config(STAGE, KNOWN) == {}  # pictures ask no database
    assert network.vpc_config(ADMIN, {"subnets": "", "group": ""}) == {}


def test_a_network_of_ones_own_stays():
    own = {"SubnetIds": ["subnet-9"], "SecurityGroupIds": ["sg-9"]}
    assert network.vpc_config(Stage(ADMIN.name, {**ADMIN.settings, "vpc_config": own}), KNOWN) == own
