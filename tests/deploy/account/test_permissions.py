"""The functions' rights and roles in IAM: one policy in the role while that fits, then managed ones."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from deploy import stages
from deploy.account import permissions, roles
from deploy.stages import Refused, Stage
from tests.aws.stage import CREDENTIALS, client
from tests.rendering.moto_server import MotoServer

ADMIN = stages.stage("production_admin", stages.read())
KNOWN = {"account": "123456789012", "partition": "aws", "suffix": "-eu-west-1"}
ROLE = "imageservice-production-admin-eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def policy(buckets: int) -> dict[str, Any]:
    """What `manage.py iam_policy` prints for that many buckets, of odd names as well."""
    names = [f"acme-originals-of-the-house-number-{number:03}" for number in range(buckets)]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadOriginals",
                "Effect": "Allow",
                "Action": ["s3:GetObject"],
                "Resource": [f"arn:aws:s3:::{name}/a folder/é ${{*}}/*" for name in names],
            },
            {
                "Sid": "FindNoOriginal",
                "Effect": "Allow",
                "Action": ["s3:ListBucket"],
                "Resource": [f"arn:aws:s3:::{name}" for name in names],
            },
        ],
    }


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    server = MotoServer()
    yield server
    server.stop()


@pytest.fixture
def iam(server: MotoServer) -> Any:
    server.reset()
    session: Any = boto3.Session("AKIAROOTROOTROOTROOT", "secret", region_name="eu-west-1")
    client = session.client("iam", endpoint_url=server.url)
    client.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    zappas = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Log", "Effect": "Allow", "Action": "a:b", "Resource": "*"}],
    }
    client.put_role_policy(RoleName=ROLE, PolicyName=permissions.ZAPPAS, PolicyDocument=json.dumps(zappas))
    return client


def put(iam: Any, monkeypatch: pytest.MonkeyPatch, buckets: int) -> None:
    monkeypatch.setattr(permissions, "policy", lambda stage, variables: policy(buckets))
    permissions.put(iam, ADMIN, KNOWN, {})


def attached(iam: Any) -> dict[str, Any]:
    """The role's managed policies by name."""
    found = {}
    for one in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]:
        held = iam.get_policy(PolicyArn=one["PolicyArn"])["Policy"]
        version = iam.get_policy_version(PolicyArn=one["PolicyArn"], VersionId=held["DefaultVersionId"])
        found[one["PolicyName"]] = version["PolicyVersion"]["Document"]
    return found


def allowed(documents: Any) -> set[tuple[str, str]]:
    return {(one["Sid"], resource) for each in documents for one in each["Statement"] for resource in one["Resource"]}


def test_few_buckets_are_a_policy_in_the_role(iam, monkeypatch):
    put(iam, monkeypatch, 3)
    assert permissions.policy_in(iam, ROLE, "catalogue") == policy(3)
    assert attached(iam) == {}


def test_many_buckets_are_managed_policies_and_few_again_are_one_in_the_role(iam, monkeypatch):
    put(iam, monkeypatch, 3)
    put(iam, monkeypatch, 150)
    assert permissions.policy_in(iam, ROLE, "catalogue") is None
    found = attached(iam)
    assert sorted(found) == [f"{ROLE}-catalogue-{number}" for number in range(1, len(found) + 1)]
    assert len(found) >= 3
    assert allowed(found.values()) == allowed([policy(150)])
    assert max(map(permissions.size, found.values())) <= permissions.MANAGED
    put(iam, monkeypatch, 3)
    assert attached(iam) == {}
    assert permissions.policy_in(iam, ROLE, "catalogue") == policy(3)
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_managed_policy_is_changed_as_often_as_one_likes(iam, monkeypatch):
    """IAM keeps five versions of one, and refuses the sixth."""
    for buckets in range(150, 157):
        put(iam, monkeypatch, buckets)
    assert allowed(attached(iam).values()) == allowed([policy(156)])
    first = attached(iam)
    put(iam, monkeypatch, 156)  # no version more where nothing changes
    assert attached(iam) == first


def test_more_than_a_role_can_have_is_refused_with_what_to_do(iam, monkeypatch):
    with pytest.raises(Refused, match=r"fill \d+ policies, and a role may have 20; have buckets be read by a role"):
        put(iam, monkeypatch, 1500)


def test_no_part_of_a_policy_is_longer_than_asked_and_none_is_empty():
    for most in (400, 700, permissions.MANAGED):
        parts = list(permissions.split(policy(20), most))
        assert all(permissions.size(part) <= most for part in parts)
        assert all(statement["Resource"] for part in parts for statement in part["Statement"])
        assert allowed(parts) == allowed([policy(20)])


# --- The role itself


def test_a_role_is_named_with_its_region_but_for_deployments_from_before_that():
    assert roles.name(ADMIN, KNOWN) == ROLE
    assert roles.name(ADMIN, {**KNOWN, "suffix": ""}) == "imageservice-production-admin-ZappaLambdaExecutionRole"
    own = Stage(ADMIN.name, {**ADMIN.settings, "role_arn": "arn:aws:iam::123456789012:role/teams/pictures"})
    assert roles.name(own, KNOWN) == "pictures"
    assert roles.name(Stage(ADMIN.name, {**ADMIN.settings, "role_name": "mine"}), KNOWN) == "mine"


def test_a_role_is_created_within_its_boundary_and_an_existing_one_gets_it(iam):
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(policy(1)))
    stage = Stage(ADMIN.name, {**ADMIN.settings, "permissions_boundary": boundary})
    for role in ("of-a-new-function", ROLE):
        roles.bound(iam, stage, role)
    iam.create_role(RoleName="of-a-new-function", AssumeRolePolicyDocument=json.dumps(TRUST))  # as Zappa does
    for role in ("of-a-new-function", ROLE):
        assert iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary


def test_without_the_setting_a_role_has_no_boundary(iam):
    roles.bound(iam, ADMIN, ROLE)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=ROLE)["Role"]


def test_a_removed_role_takes_its_own_policies_along_and_leaves_others(iam, monkeypatch):
    put(iam, monkeypatch, 150)
    made = iam.create_policy(PolicyName="of-the-house", PolicyDocument=json.dumps(policy(1)))
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=made["Policy"]["Arn"])
    assert roles.remove(iam, ROLE, ADMIN.function)
    assert [one["PolicyName"] for one in iam.list_policies(Scope="Local")["Policies"]] == ["of-the-house"]
    assert not roles.remove(iam, ROLE, ADMIN.function)


@pytest.mark.parametrize(("detector", "asked"), [({}, False), ({"DETECTOR": "rekognition"}, True)])
def test_rekognition_may_be_asked_where_the_settings_say_that_it_is(server, monkeypatch, detector, asked):
    for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}.items():
        monkeypatch.setenv(name, value)
    s3 = client("s3", server.url)
    if "rights" not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="rights", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    places = {"CATALOGUE_URL": "s3://rights/catalogue", "DERIVATIVES_URL": "s3://rights/-/d"}
    variables = {"ENVIRONMENT": "production", **places, **detector}
    printed = permissions.policy(stages.stage("production", stages.read()), variables)
    actions = [action for one in printed["Statement"] for action in one["Action"]]
    assert ("rekognition:DetectFaces" in actions) is asked
