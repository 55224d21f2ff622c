"""`make deploy STAGE=production DRY=1`: what a deploy would change of secrets, functions and rights.

Stacks are compared in `account/stacks.py`. Everything here reads: no change set is made, since making one is a change,
and of a stack that is not there yet it leaves half a one.
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from .account import database, functions, network, permissions, roles, secrets_manager
from .account.stacks import say
from .deployment import UNMADE, Deployment
from .stages import ROOT, Stage

#: A setting of Zappa's, and what Lambda calls it.
SETTINGS = {
    "runtime": "Runtime",
    "memory_size": "MemorySize",
    "timeout_seconds": "Timeout",
    "lambda_handler": "Handler",
}


def place_of_data(deployment: Deployment) -> None:
    """What would change of the network and the database that are made here, if they are."""
    manager, stage = deployment.session.client("secretsmanager"), deployment.images
    given = os.environ.get("DATABASE_URL", "").strip() or database.held(manager, stage)
    if given and not database.ours(given):
        return
    made = deployment.stack("network")
    parameters = {"SubnetIds": made["SubnetIds"], "GroupId": made["DatabaseGroupId"]}
    deployment.stack("database", **parameters, Secret=database.secret_of(stage))
    os.environ["DATABASE_URL"] = given or UNMADE


def secret(deployment: Deployment) -> None:
    manager, stage = deployment.session.client("secretsmanager"), deployment.images
    held = {
        plane: secrets_manager.read(manager, secrets_manager.name_of(stage, plane)) for plane in secrets_manager.FIELDS
    }
    before = secrets_manager.former(manager, stage, held)
    fields = secrets_manager.wanted(stage, before)
    for plane in held:
        own = {field: value for field, value in fields.items() if secrets_manager.plane_of(field) == plane}
        name = secrets_manager.name_of(stage, plane)
        if held[plane] is None:
            say(f"  + the secret {name}: {', '.join(own)}")
        elif changed := [field for field, value in own.items() if (held[plane] or {}).get(field) != value]:
            say(f"  ~ the secret {name}: {', '.join(changed)}")
    deployment.secret = fields


def function(deployment: Deployment, stage: Stage) -> None:
    """What would change of a function, its variables and its role."""
    configured = functions.configuration(deployment.session, stage)
    if configured is None:
        say(f"  + the function {stage.function}, its API and its role")
        return
    say(f"  ~ the function {stage.function}: the code of this checkout is uploaded")
    for setting, name in SETTINGS.items():
        if configured.get(name) != stage.settings[setting]:
            say(f"  ~ {setting}: {configured.get(name)} becomes {stage.settings[setting]}")
    wanted = stage.fill(stage.settings["aws_environment_variables"], deployment.known)
    wanted = {**network.variables(stage, deployment.known), **wanted}
    show(changes(configured.get("Environment", {}).get("Variables", {}), wanted, "the variable"))
    written = json.loads((ROOT / stage.settings["attach_policy"]).read_text())
    policy = stage.fill(written, deployment.known)
    policy["Statement"] += network.statements(stage, deployment.known)
    rights(deployment, stage, permissions.ZAPPAS, policy)


def bucket_rights(deployment: Deployment) -> None:
    for stage in (deployment.images, deployment.admin):
        if functions.configuration(deployment.session, stage) is None:
            say(f"  + the right of {stage.function} to read the catalogue's buckets")
            continue
        variables = stage.fill(stage.settings["aws_environment_variables"], deployment.known)
        rights(deployment, stage, permissions.NAME, permissions.policy(stage, variables))


def rights(deployment: Deployment, stage: Stage, name: str, wanted: Mapping[str, Any]) -> None:
    """What would change of a policy of the function's role, statement by statement."""
    iam = deployment.session.client("iam")
    before = permissions.policy_in(iam, roles.name(stage, deployment.known), name) or {"Statement": []}
    show(changes(statements(before), statements(wanted), f"in the rights {name} of {stage.function}:"))


def statements(document: Mapping[str, Any]) -> dict[str, str]:
    return {one["Sid"]: f"{one['Action']} on {one['Resource']}" for one in document["Statement"]}


def changes(before: Mapping[str, str], after: Mapping[str, str], what: str) -> Iterator[str]:
    """A line for each that is new (+), gone (-) or other (~). Variables of functions are no secrets, but references."""
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"+ {what} {name}: {after[name]}"
        elif name not in after:
            yield f"- {what} {name}"
        elif before[name] != after[name]:
            yield f"~ {what} {name}: {before[name]} becomes {after[name]}"


def show(lines: Iterator[str]) -> None:
    for line in lines:
        say(f"  {line}")
