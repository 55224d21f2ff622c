"""A stage as it is packaged and configured here: Zappa, the variables of its functions, and who may ask what."""

import os
import subprocess
from pathlib import Path
from typing import Any

import boto3

from deploy import stages
from deploy.account import account
from tests.aws.sandbox import ROOT, TOOLS

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
#: Nothing outside of this machine can be asked: the AWS of these tests speaks http. Only installing needs more.
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9"}
SECRETS = {"ORIGIN_SECRET": "o" * 32, "SECURITY_KEY": "s" * 32, "SECRET_KEY": "k" * 50} | dict.fromkeys(
    ("ORIGIN_SECRET_FALLBACKS", "SECURITY_KEY_FALLBACKS", "SECRET_KEY_FALLBACKS"), ""
)


def zappa(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Zappa as `make package` and `make deploy` do."""
    return subprocess.run(
        [TOOLS / "bin/zappa", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "VIRTUAL_ENV": str(TOOLS),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def packaged(stage: str, path: Path, *more: str) -> Path:
    result = zappa("package", stage, "--output", str(path), *more)
    assert result.returncode == 0, result.stdout + result.stderr
    return path


def client(name: Any, url: str) -> Any:
    session = boto3.Session(region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    return session.client(name, endpoint_url=url)


def environment(stage: str, url: str, service: str = "service") -> dict[str, str]:
    """The stage's variables, with the service's bucket as it is called here."""
    settings = stages.stage(stage, stages.read())
    known = account.UNKNOWN | {
        "account": "123456789012",
        "distribution": "EDFDVBD632BHDS",
        "host": "images.example.com",
    }
    variables = settings.fill(settings.settings["aws_environment_variables"], known)
    bucket = f"imageservice-{settings.environment}-123456789012-eu-west-1"
    return {name: value.replace(bucket, service) for name, value in variables.items()} | {"AWS_ENDPOINT_URL": url}
