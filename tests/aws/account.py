"""An account of the AWS on this machine, as those see it who deploy to it: by Zappa, by make, by AWS's API."""

import json
import os
import subprocess
from typing import Any

from deploy import stages
from tests.aws.cloud import Cloud
from tests.aws.sandbox import ROOT, TOOLS
from tests.aws.stage import CREDENTIALS, OFFLINE, client, zappa

ACCOUNT = "123456789012"
BUCKET = f"imageservice-production-{ACCOUNT}-eu-west-1"
FUNCTIONS = {"production": "imageservice-production", "production_admin": "imageservice-production-admin"}
HOST = "d111111abcdef8.cloudfront.net"
#: What one environment exports for another.
DRAFTS = {
    "document": "aliases",
    "version": 1,
    "aliases": {"portraits": {"bucket": "photos", "prefix": "", "width": 60, "height": 60, "format": "png"}},
}


def make(program: str, cloud: Cloud, stage: str = "production", **environment: str) -> subprocess.CompletedProcess[str]:
    """What `make deploy` and `make destroy` run."""
    return subprocess.run(
        [TOOLS / "bin/python", "-m", f"deploy.{program}", stage],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "AWS_ENDPOINT_URL": cloud.url,
            "SHIFT": "0",
            "ALARM_EMAIL": "none",
        }
        | CREDENTIALS
        | OFFLINE
        | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def secret_of(cloud: Cloud, *planes: str) -> dict[str, str]:
    """The fields of the secrets of these planes; of both, if none is named."""
    held: dict[str, str] = {}
    for plane in planes or ("images", "admin"):
        asked = client("secretsmanager", cloud.url).get_secret_value(SecretId=f"imageservice/production/{plane}")
        held |= json.loads(asked["SecretString"])
    return held


def run(cloud: Cloud, *arguments: str, expected: int = 0) -> str:
    result = zappa(*arguments, AWS_ENDPOINT_URL=cloud.url, SHIFT="0", **CREDENTIALS, **OFFLINE)
    assert result.returncode == expected, result.stdout + result.stderr
    return result.stdout + result.stderr


def invoke(cloud: Cloud, function: str, asked: dict[str, Any]) -> Any:
    """The function's answer, by way of Lambda's API, as API Gateway calls it."""
    asks = stages.stage(next(stage for stage, name in FUNCTIONS.items() if name == function), stages.read())
    qualifier = {"Qualifier": asks.alias} if asks.alias else {}
    answer = client("lambda", cloud.url).invoke(FunctionName=function, Payload=json.dumps(asked), **qualifier)
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def api_of(cloud: Cloud, function: str) -> str:
    found = client("cloudformation", cloud.url).describe_stack_resource(StackName=function, LogicalResourceId="Api")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def settings_of(cloud: Cloud, stage: str) -> Any:
    return client("lambda", cloud.url).get_function(FunctionName=FUNCTIONS[stage])["Configuration"]


def policy_of(cloud: Cloud, stage: str, name: str = "zappa-permissions") -> Any:
    role = f"{FUNCTIONS[stage]}-eu-west-1"
    return client("iam", cloud.url).get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def through(cloud: Cloud, **more: Any) -> dict[str, Any]:
    """The headers that CloudFront sends."""
    return {"X_Origin_Secret": secret_of(cloud)["ORIGIN_SECRET"], "X_Viewer_Host": HOST} | more


def manage(cloud: Cloud, database: str, *arguments: str) -> None:
    """Django's commands, as who publishes from a machine that reaches the database."""
    variables = settings_of(cloud, "production_admin")["Environment"]["Variables"]
    kept = {
        "DATABASE_URL": database,
        "SECRET_KEY": "k" * 50,
        "ORIGIN_SECRET": "",
        "SECURITY_KEY": "",
        "STATICFILES_URL": "",
    }
    done = subprocess.run(
        [ROOT / ".venv/bin/python", "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": cloud.url} | CREDENTIALS | variables | kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
