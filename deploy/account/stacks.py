"""CloudFormation stacks, made or brought up to date, whatever state an earlier attempt left them in."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused
from .aws_errors import told

#: States in which a stack can neither be used nor updated, only deleted. Nothing was in it yet.
HOPELESS = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS")
#: Seconds between two looks at a stack at work, and in all: a distribution takes minutes to reach every edge.
PAUSE, PATIENCE = 3.0, 3600.0


def status(cloudformation: Any, name: str) -> str:
    """The stack's state in AWS's words; empty when there is none."""
    stack = described(cloudformation, name)
    return str(stack["StackStatus"]) if stack else ""


def outputs(cloudformation: Any, name: str) -> dict[str, str]:
    stack = described(cloudformation, name)
    return {one["OutputKey"]: one["OutputValue"] for one in (stack or {}).get("Outputs", ())}


def described(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return dict(found[0]) if found else None


def put(cloudformation: Any, name: str, template: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Make the stack, or bring it up to date, and return its outputs. Raises Refused with what went wrong in it."""
    with told():
        settled(cloudformation, name)
        state = status(cloudformation, name)
        if state in HOPELESS:
            say(f"  {name} was left half-made ({state}) by an earlier attempt: removing it first")
            remove(cloudformation, name)
            state = ""
        if state == "UPDATE_ROLLBACK_FAILED":
            raise Refused(
                f"The stack {name} could neither be updated nor put back; look at it in the console, then run "
                f"aws cloudformation continue-update-rollback --stack-name {name} and this again"
            )
        asked = {
            "StackName": name,
            "TemplateBody": template,
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        }
        if not state:
            cloudformation.create_stack(**asked)
        else:
            try:
                cloudformation.update_stack(**asked)
            except ClientError as error:
                if "No updates are to be performed" not in str(error):
                    raise
        final = settled(cloudformation, name)
        if final not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
            raise Refused(f"The stack {name} is {final}: {why(cloudformation, name)}")
        return outputs(cloudformation, name)


def remove(cloudformation: Any, name: str) -> None:
    """Delete the stack and wait until it is gone. Raises Refused."""
    with told():
        if not status(cloudformation, name):
            return
        settled(cloudformation, name)
        cloudformation.delete_stack(StackName=name)
        if final := settled(cloudformation, name).replace("DELETE_COMPLETE", ""):
            raise Refused(f"The stack {name} is {final}: {why(cloudformation, name)}")


def settled(cloudformation: Any, name: str) -> str:
    """The stack's state once nothing moves in it any more, telling each new one on the way."""
    since, last = time.monotonic(), ""
    while (state := status(cloudformation, name)).endswith("_IN_PROGRESS") and state != "REVIEW_IN_PROGRESS":
        if state != last:
            say(f"  {name}: {state.lower().replace('_', ' ')}...")
        if time.monotonic() - since > PATIENCE:
            raise Refused(f"The stack {name} is {state} since an hour; run this again when it has settled")
        last = state
        time.sleep(PAUSE)
    return state


def why(cloudformation: Any, name: str) -> str:
    """What AWS said of the first thing in it that failed."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED") and one.get("ResourceStatusReason")]
    # The newest comes first; what failed after the first was cancelled because of it.
    for one in reversed(failed):
        if "cancelled" not in one["ResourceStatusReason"]:
            return advised(f"{one['LogicalResourceId']}: {one['ResourceStatusReason']}")
    return "AWS does not say why; the stack's events are in the console"


def advised(reason: str) -> str:
    if "already exists" in reason:
        return (
            f"{reason}. It was made outside of this stack: by somebody else, if it is a bucket of another account, or "
            "left by a stack that was deleted. Remove it if it is yours and empty, or choose another project_name"
        )
    return reason


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
