"""What `make deploy` and Zappa say where AWS refuses, or they do not know what to do: a sentence, and exit code 1."""

import json
import subprocess

import pytest

from tests.aws.account import BUCKET, make, secret_of
from tests.aws.sandbox import ROOT, TOOLS
from tests.aws.stage import CREDENTIALS, OFFLINE, client, zappa

# moto's CloudFormation passes over what it does not know, such as bucket policies.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")


def test_whoever_is_to_hear_of_alarms_is_asked_for_and_nothing_is_made(cloud):
    done = make("live", cloud, ALARM_EMAIL="", DATABASE_URL="postgres://u:p@h/d")
    assert done.returncode == 1
    assert "ALARM_EMAIL=ops@example.com make deploy STAGE=production, or ALARM_EMAIL=none" in done.stderr
    assert not [one for one in cloud.calls if one.body and "Create" in one.body + one.target]


def test_an_empty_account_is_told_what_would_be_made_and_stays_empty(cloud):
    done = make("live", cloud, DRY="1", DATABASE_URL="postgres://u:p@h/d")
    assert done.returncode == 0, done.stderr
    for line in (
        "+ the secret imageservice/production/admin: DATABASE_URL, SECRET_KEY, ADMIN_PASSWORD, SECRET_KEY_FALLBACKS",
        "+ the stack imageservice-production-storage: Bucket, LogBucket, LogBucketPolicy",
        "+ the function imageservice-production, its API and its role",
        "+ the alias hero, of space/hubble.jpg in the service's bucket",
    ):
        assert f"  {line}\n" in done.stdout
    assert not client("secretsmanager", cloud.url).list_secrets()["SecretList"]
    assert not client("s3", cloud.url).list_buckets()["Buckets"]


def test_where_no_database_is_given_one_is_made_and_a_run_that_was_stopped_goes_on(cloud):
    manager = client("secretsmanager", cloud.url)
    cloud.stacks.failing["imageservice-production-database"] = "You have requested more than the quota of DB instances"
    done = make("live", cloud)
    assert done.returncode == 1
    assert "You have requested more than the quota of DB instances" in done.stderr
    assert [one["Name"] for one in manager.list_secrets()["SecretList"]] == ["imageservice/production/database"]
    assert not client("s3", cloud.url).list_buckets()["Buckets"]
    word = json.loads(manager.get_secret_value(SecretId="imageservice/production/database")["SecretString"])["PASSWORD"]

    cloud.refuses = ("s3", "AccessDenied", "Access Denied")  # which stops it later
    done = make("live", cloud)
    cloud.refuses = None
    assert done.returncode == 1
    assert "imageservice-production-database was left half-made (ROLLBACK_COMPLETE)" in done.stdout
    assert cloud.stacks.stacks["imageservice-production-database"].parameters == {
        "Project": "imageservice",
        "Environment": "production",
        "SubnetIds": "subnet-1,subnet-2",
        "GroupId": "sg-2",
        "Secret": "imageservice/production/database",
    }
    assert secret_of(cloud)["DATABASE_URL"] == (
        f"postgres://imageservice:{word}@imageservice-production.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432/imageservice"
        "?sslmode=verify-full&sslrootcert=/var/task/certificates/rds.crt"
    )
    assert "Traceback" not in done.stdout + done.stderr


def test_a_stage_that_is_not_configured_is_told(cloud):
    done = make("live", cloud, "prodcution")
    assert done.returncode == 1
    assert "There is no stage “prodcution”" in done.stderr
    assert "staging, staging_admin, production, production_admin" in done.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "There are no AWS credentials"),
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE names one of"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS cannot be reached"),
    ],
)
def test_credentials_that_do_not_work_are_told(cloud, environment, words, tmp_path):
    done = make("live", cloud, HOME=str(tmp_path), AWS_EC2_METADATA_DISABLED="true", **environment)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_expired_session_is_told(cloud):
    cloud.refuses = ("sts", "ExpiredToken", "The security token included in the request is expired")
    done = make("live", cloud)
    cloud.refuses = None
    assert done.returncode == 1
    assert "The session with AWS has expired; sign in again" in done.stderr


def test_missing_credentials_are_told(cloud, tmp_path):
    away = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": cloud.url}
    result = zappa("deploy", "staging", **away, **OFFLINE)
    assert result.returncode == 1
    assert "There are no AWS credentials" in result.stderr


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("The certificate is not in us-east-1", "The certificate is not in us-east-1"),
        (f"{BUCKET} already exists", "choose another project_name"),
        ("TooManyCachePolicies: You have reached the limit", "ask AWS for more (Service Quotas)"),
    ],
)
def test_a_stack_that_fails_is_told_with_aws_reason(cloud, reason, words):
    name = "imageservice-staging-global"
    cloud.stacks.failing[name] = reason
    script = (
        "from deploy.account import stacks; import boto3;"
        f"stacks.put(boto3.client('cloudformation', region_name='us-east-1'), '{name}', '{{}}', {{}})"
    )
    done = subprocess.run(
        [TOOLS / "bin/python", "-c", script],
        cwd=ROOT,
        env={"AWS_ENDPOINT_URL": cloud.url} | CREDENTIALS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"The stack {name} is ROLLBACK_COMPLETE: Distribution: " in done.stderr
    assert words in done.stderr
