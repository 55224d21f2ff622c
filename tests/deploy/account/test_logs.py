"""For how long the functions' logs are kept."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from deploy import stages
from deploy.account import functions
from deploy.stages import Stage

STAGE = stages.stage("production", stages.read())


@pytest.fixture
def cloudwatch() -> Any:
    with mock_aws():
        yield boto3.client("logs", "eu-west-1", aws_access_key_id="own", aws_secret_access_key="secret")


def kept(cloudwatch: Any) -> dict[str, int | None]:
    groups = cloudwatch.describe_log_groups()["logGroups"]
    return {one["logGroupName"]: one.get("retentionInDays") for one in groups}


def test_a_log_ends_after_thirty_days_whether_lambda_has_made_it_or_not(cloudwatch):
    other = "/aws/lambda/imageservice-production-admin"
    cloudwatch.create_log_group(logGroupName=other)
    functions.keep_log(cloudwatch, STAGE, change=True)
    functions.keep_log(cloudwatch, STAGE, change=True)
    assert kept(cloudwatch) == {"/aws/lambda/imageservice-production": 30, other: None}


def test_a_dry_run_says_so_and_changes_nothing(cloudwatch, capsys):
    functions.keep_log(cloudwatch, Stage(STAGE.name, {**STAGE.settings, "log_days": 90}), change=False)
    assert capsys.readouterr().out == "  ~ the log of imageservice-production is kept for 90 days\n"
    assert kept(cloudwatch) == {}
