"""The functions' permissions in the buckets of the published catalogue, as `manage.py iam_policy` prints them.

They are a policy in the role, beside Zappa's, or managed policies of their own once that would be too long.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from edge.limits import LIMITS

from ..stages import ROOT, Refused, Stage
from . import roles

#: The policy's name in the function's role, beside the one that Zappa writes.
NAME, ZAPPAS = "catalogue", "zappa-permissions"
#: Characters that all policies in a role may have together, and a managed one; white space is not counted.
IN_ROLE, MANAGED = LIMITS["iam"]["role_inline_characters"], LIMITS["iam"]["managed_policy_characters"]
#: The interpreter of `make run`, which has Django. The command runs in a process of its own.
PYTHON = ROOT / ".venv/bin/python"


def put(iam: Any, stage: Stage, known: Mapping[str, str], variables: dict[str, str]) -> None:
    """Let the stage's function read the buckets of its catalogue. `variables` are the function's, with placeholders
    filled in. Raises Refused."""
    role, wanted = roles.name(stage, known), policy(stage, variables)
    names = [f"{stage.function}{known['suffix']}-{NAME}-{n}" for n, _ in enumerate(split(wanted), 1)]
    if size(wanted) + size(policy_in(iam, role, ZAPPAS)) <= IN_ROLE:
        iam.put_role_policy(RoleName=role, PolicyName=NAME, PolicyDocument=json.dumps(wanted))
        names = []
    most = LIMITS["iam"]["managed_policies_of_a_role"]
    if len(names) > most:
        raise Refused(
            f"The rights of {stage.function} fill {len(names)} policies, and a role may have {most}; have buckets be "
            "read by a role that they share (docs/deploying.md, “A bucket in another account”), or remove some"
        )
    for name, document in zip(names, split(wanted), strict=False):
        iam.attach_role_policy(RoleName=role, PolicyArn=put_managed(iam, name, document, known))
    if names and policy_in(iam, role, NAME):
        iam.delete_role_policy(RoleName=role, PolicyName=NAME)
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        if (
            attached["PolicyName"].startswith(f"{stage.function}{known['suffix']}-{NAME}-")
            and attached["PolicyName"] not in names
        ):
            iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            roles.remove_policy(iam, attached["PolicyArn"])


def size(document: Any) -> int:
    """The characters that IAM counts; none of no policy."""
    return len(json.dumps(document, separators=(",", ":"))) if document else 0


def split(document: Any, most: int = MANAGED) -> Iterator[Any]:
    """The policy, in as many as it takes for none to be longer than `most`. Statements are divided by resources."""
    whole = {"Version": document["Version"], "Statement": []}
    for statement in document["Statement"]:
        for resource in statement["Resource"]:
            mine = [one for one in whole["Statement"] if one["Sid"] == statement["Sid"]]
            longer = size(resource) + 1 + (0 if mine else size({**statement, "Resource": []}))
            if whole["Statement"] and size(whole) + longer > most:
                yield whole
                whole, mine = {"Version": document["Version"], "Statement": []}, []
            if mine:
                mine[0]["Resource"].append(resource)
            else:
                whole["Statement"].append({**statement, "Resource": [resource]})
    yield whole


def policy_in(iam: Any, role: str, name: str) -> Any:
    """The policy of that name in the role; None if there is none."""
    try:
        return iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return None
        raise


def put_managed(iam: Any, name: str, document: Any, known: Mapping[str, str]) -> str:
    """Create the managed policy, or give it a new version if it differs. Returns its ARN."""
    arn, text = f"arn:{known['partition']}:iam::{known['account']}:policy/{name}", json.dumps(document)
    try:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        iam.create_policy(PolicyName=name, PolicyDocument=text)
        return arn
    (current,) = (one for one in versions if one["IsDefaultVersion"])
    held = iam.get_policy_version(PolicyArn=arn, VersionId=current["VersionId"])["PolicyVersion"]["Document"]
    if held != document:
        if len(versions) == LIMITS["iam"]["versions_of_a_policy"]:
            oldest = min((one for one in versions if one is not current), key=lambda one: one["CreateDate"])
            iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return arn


def policy(stage: Stage, variables: dict[str, str]) -> Any:
    known = ("ENVIRONMENT", "CATALOGUE_URL", "DERIVATIVES_URL", "CLOUDFRONT_DISTRIBUTION_ID", "DETECTOR")
    given = {name: variables[name] for name in known if name in variables}
    return json.loads(
        manage(
            *("iam_policy", "--stage", stage.name, "--project", stage.project), AWS_DEFAULT_REGION=stage.region, **given
        )
    )


def manage(*arguments: str, **variables: str) -> str:
    """What a command of manage.py prints, with these variables of the environment. Raises Refused if it fails."""
    environment = {
        **os.environ,
        **variables,
        # Not used by these commands, but required by the checks.
        "SECRET_KEY": "unused by this command, and long enough for the checks",
        "DATABASE_URL": "sqlite:///:memory:",
    }
    done = subprocess.run(  # noqa: S603 - our own command
        [PYTHON, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"“manage.py {' '.join(arguments)}” failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout
