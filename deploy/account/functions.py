"""The two Lambda functions of an environment and their APIs, by Zappa."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from ..stages import ROOT, Refused, Stage
from . import roles, stacks
from .aws_errors import explain_aws_errors

#: API Gateway takes one deployment in five seconds from an account, and refuses the next one if it comes sooner.
PATIENT = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "10"}
#: Days. One of those that CloudWatch knows.
LOG_DAYS = 30


def zappa(*arguments: str) -> None:
    """Run Zappa, which prints what it does. Raises Refused if it fails."""
    tools = Path(sys.prefix)
    # Through the interpreter, because the script's first line breaks if the checkout's path has a $.
    command = [sys.executable, str(tools / "bin/zappa"), *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **PATIENT, "VIRTUAL_ENV": str(tools)}, check=False)  # noqa: S603
    if done.returncode:
        # If the session has expired, Zappa prints a traceback. STS, in any region, says so.
        with explain_aws_errors():
            boto3.client("sts", region_name="us-east-1").get_caller_identity()
        raise Refused(f"“zappa {' '.join(arguments)}” failed, and said why above. Put that right and run this again")


def put(session: Any, stage: Stage) -> None:
    """Deploy the stage's function, or update it if it exists."""
    cloudformation = session.client("cloudformation")
    exists = there(session.client("lambda"), stage)
    state = stacks.status(cloudformation, stage.function)
    if exists and state in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
        zappa("update", stage.name)
        return
    if state:
        stacks.say(f"  {stage.function} has half an API ({state}): removing that first")
        stacks.remove(cloudformation, stage.function)
    if exists:  # Zappa can neither deploy nor update a function without an API; nothing is lost with it
        session.client("lambda").delete_function(FunctionName=stage.function)
    zappa("deploy", stage.name)


def throttle(session: Any, stage: Stage) -> None:
    """Have the gateway refuse more requests than `throttle` says, for which Zappa has no setting. Otherwise whoever
    knows its address can have any number of functions run that only say 403."""
    if not (asked := stage.settings.get("throttle")):
        return
    patches = [
        {"op": "replace", "path": f"/*/*/throttling/{ours}", "value": str(asked[name])}
        for name, ours in (("requests_a_second", "rateLimit"), ("burst", "burstLimit"))
    ]
    api = api_of(session, stage)
    session.client("apigateway").update_stage(restApiId=api, stageName=stage.name, patchOperations=patches)


def there(functions: Any, stage: Stage) -> bool:
    try:
        functions.get_function(FunctionName=stage.function)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True


def configuration(session: Any, stage: Stage) -> dict[str, Any] | None:
    """The configuration of the function as it answers. None where nothing answers yet."""
    asked = {"Qualifier": stage.alias} if stage.alias else {}
    try:
        return dict(session.client("lambda").get_function_configuration(FunctionName=stage.function, **asked))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise


def api_of(session: Any, stage: Stage) -> str:
    """The id of the stage's REST API."""
    resource = session.client("cloudformation").describe_stack_resource(
        StackName=stage.function, LogicalResourceId="Api"
    )
    return str(resource["StackResourceDetail"]["PhysicalResourceId"])


def remove(session: Any, stage: Stage, known: Mapping[str, str]) -> list[str]:
    """Remove the function, its API, its role and its log. Returns what was removed, in words."""
    gone = []
    if there(session.client("lambda"), stage):
        zappa("undeploy", stage.name, "--yes")
        gone.append(f"the function {stage.function} with its API")
    elif stacks.status(session.client("cloudformation"), stage.function):
        stacks.remove(session.client("cloudformation"), stage.function)
        gone.append(f"the API of {stage.function}")
    # Not by Zappa's --remove-logs: it prints a traceback for each log that was never written.
    if remove_log(session.client("logs"), log_of(stage)):
        gone.append(f"the log of {stage.function}")
    role = roles.name(stage, known)
    if roles.managed_here(stage) and roles.remove(session.client("iam"), role, stage.function):
        gone.append(f"the role {role}")
    return gone


def log_of(stage: Stage) -> str:
    return f"/aws/lambda/{stage.function}"


def keep_log(logs: Any, stage: Stage, *, change: bool) -> None:
    """Have the log of a function end after `log_days` of its settings, 30 if it has none: Lambda makes the log, and
    keeps it for ever. Without `change`, print what would be done."""
    days = int(stage.settings.get("log_days", LOG_DAYS))
    groups = logs.describe_log_groups(logGroupNamePrefix=log_of(stage))["logGroups"]
    held = next((one for one in groups if one["logGroupName"] == log_of(stage)), None)
    if held and held.get("retentionInDays") == days:
        return
    if not change:
        stacks.say(f"  ~ the log of {stage.function} is kept for {days} days")
        return
    if held is None:
        logs.create_log_group(logGroupName=log_of(stage))
    logs.put_retention_policy(logGroupName=log_of(stage), retentionInDays=days)


def remove_log(logs: Any, group: str) -> bool:
    try:
        logs.delete_log_group(logGroupName=group)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True
