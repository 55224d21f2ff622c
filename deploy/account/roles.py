"""The roles of the two functions: their names, the boundary of their permissions, and their end."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Stage

#: botocore's event before the call by which Zappa creates a role.
EVENT = "before-parameter-build.iam.CreateRole"


def name(stage: Stage, known: Mapping[str, str]) -> str:
    """The name of the stage's role: the settings' own, or one with the region, since roles are unique in the account.
    A deployment from before that keeps the name that Zappa gave it."""
    if own := stage.settings.get("role_name"):
        return str(own)
    if arn := stage.settings.get("role_arn"):
        return str(arn).rpartition("/")[2]
    return f"{stage.function}{known['suffix']}" if known["suffix"] else f"{stage.function}-ZappaLambdaExecutionRole"


def managed_here(stage: Stage) -> bool:
    """Whether deploying creates the role and its policies; else somebody else does."""
    return bool(stage.settings.get("manage_roles", True))


def bound(iam: Any, stage: Stage, role: str) -> None:
    """Have the role created with `permissions_boundary`, for which Zappa has no setting, or give it to the one there
    is."""
    if not (boundary := stage.settings.get("permissions_boundary")) or not managed_here(stage):
        return

    def add(params: dict[str, Any], **kwargs: Any) -> None:
        params["PermissionsBoundary"] = boundary

    iam.meta.events.register(EVENT, add)
    try:
        there = iam.get_role(RoleName=role)["Role"].get("PermissionsBoundary", {})
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
    else:
        if there.get("PermissionsBoundaryArn") != boundary:
            iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)


def remove(iam: Any, role: str, own: str) -> bool:
    """Remove the role, and those of its managed policies whose names begin with `own`. False if there is none."""
    try:
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            iam.delete_role_policy(RoleName=role, PolicyName=policy)
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            if attached["PolicyName"].startswith(own):
                remove_policy(iam, attached["PolicyArn"])
        iam.delete_role(RoleName=role)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return False
        raise
    return True


def remove_policy(iam: Any, arn: str) -> None:
    """Remove a managed policy that no role has any more, with its former versions."""
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)
