"""CloudFormation stacks: created or updated, whatever state an earlier attempt left them in."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused
from .aws_errors import explain_aws_errors

#: States in which a stack can only be deleted. It has no resources yet.
HOPELESS = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS")
#: Seconds between polls, and in all. A distribution takes minutes to reach all edge locations.
POLL_INTERVAL, TIMEOUT = 3.0, 3600.0


def status(cloudformation: Any, name: str) -> str:
    """The stack's status, as AWS names it; empty if there is no stack."""
    stack = describe(cloudformation, name)
    return str(stack["StackStatus"]) if stack else ""


def outputs(cloudformation: Any, name: str) -> dict[str, str]:
    stack = describe(cloudformation, name)
    return {one["OutputKey"]: one["OutputValue"] for one in (stack or {}).get("Outputs", ())}


def describe(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return dict(found[0]) if found else None


def put(cloudformation: Any, name: str, template: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create the stack, or update it. Returns its outputs. Raises Refused with the reason if it fails."""
    with explain_aws_errors():
        wait_until_settled(cloudformation, name)
        state = status(cloudformation, name)
        if state in HOPELESS:
            say(f"  {name} was left half-made ({state}) by an earlier attempt: removing it first")
            remove(cloudformation, name)
            state = ""
        if state == "UPDATE_ROLLBACK_FAILED":
            raise Refused(
                f"The stack {name} could neither be updated nor rolled back; look at it in the console, then run "
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
        final = wait_until_settled(cloudformation, name)
        if final not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
            raise Refused(f"The stack {name} is {final}: {failure_reason(cloudformation, name)}")
        return outputs(cloudformation, name)


def differences(cloudformation: Any, name: str, template: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """What `put` would change, a line for each resource and parameter. CloudFormation alone knows which resources it
    would replace; templates are compared as they are written."""
    stack = describe(cloudformation, name)
    if stack is None or stack["StackStatus"] in HOPELESS:
        yield f"+ the stack {name}: {', '.join(resources(template))}"
        return
    before, after = resources(str(cloudformation.get_template(StackName=name)["TemplateBody"])), resources(template)
    for one in sorted({*before, *after}):
        if before.get(one) != after.get(one):
            yield f"{'+' if one not in before else '-' if one not in after else '~'} {one} in the stack {name}"
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    for key, value in parameters.items():
        # A secret parameter is told as asterisks.
        if given.get(key, "") != value and set(given.get(key, "")) != {"*"}:
            yield f"~ {key} of the stack {name}: “{given.get(key, '')}” becomes “{value}”"


def resources(template: str) -> dict[str, str]:
    """A template's resources as they are written, by their names."""
    part = re.split(r"^(?=\S)", template.partition("\nResources:\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.split(r"^  (\w+):\n", part, flags=re.MULTILINE)[1:]
    return dict(
        zip(blocks[::2], (re.sub(r"\s*(#.*)?$", "", one, flags=re.MULTILINE) for one in blocks[1::2]), strict=True)
    )


def remove(cloudformation: Any, name: str) -> None:
    """Delete the stack and wait until it is gone. Raises Refused."""
    with explain_aws_errors():
        if not status(cloudformation, name):
            return
        wait_until_settled(cloudformation, name)
        cloudformation.delete_stack(StackName=name)
        if final := wait_until_settled(cloudformation, name).replace("DELETE_COMPLETE", ""):
            raise Refused(f"The stack {name} is {final}: {failure_reason(cloudformation, name)}")


def wait_until_settled(cloudformation: Any, name: str) -> str:
    """Wait until the stack is not in progress any more, printing each new status. Returns the last. Raises Refused
    after an hour."""
    since, last = time.monotonic(), ""
    while (state := status(cloudformation, name)).endswith("_IN_PROGRESS") and state != "REVIEW_IN_PROGRESS":
        if state != last:
            say(f"  {name}: {state.lower().replace('_', ' ')}...")
        if time.monotonic() - since > TIMEOUT:
            raise Refused(f"The stack {name} has been {state} for an hour; run this again when it has settled")
        last = state
        time.sleep(POLL_INTERVAL)
    return state


def failure_reason(cloudformation: Any, name: str) -> str:
    """AWS's reason for the first resource that failed."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED") and one.get("ResourceStatusReason")]
    # The newest come first. Resources after the first failure were cancelled because of it.
    for one in reversed(failed):
        if "cancelled" not in one["ResourceStatusReason"]:
            return with_advice(f"{one['LogicalResourceId']}: {one['ResourceStatusReason']}")
    return "AWS does not say why; the stack's events are in the console"


def with_advice(reason: str) -> str:
    if re.search(r"limit ?exceeded|quota|toomany|too many|maximum number", reason, re.IGNORECASE):
        return f"{reason}. Remove what is not needed, or ask AWS for more (Service Quotas), and run this again"
    if "already exists" in reason:
        return (
            f"{reason}. It was made outside of this stack: by somebody else, if it is a bucket of another account, or "
            "left by a stack that was deleted. Remove it if it is yours and empty, or choose another project_name"
        )
    return reason


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
