"""Facts of the AWS account that a stage is deployed to."""

from typing import Any

from ..stages import Stage
from . import secrets_manager, stacks
from .aws_errors import explain_aws_errors

#: Without credentials. Packaging needs none, and no package holds any of this.
UNKNOWN = {
    "account": "",
    "distribution": "",
    "host": "",
    "partition": "aws",
    "suffix": "",
    "subnets": "",
    "group": "",
    "images_secret_version": "",
    "admin_secret_version": "",
}


def known(session: Any, stage: Stage) -> dict[str, str]:
    """The account's number and partition; the distribution and host names of the stage's edge, empty before there is
    one; the suffix of names that are unique in the account, empty where the edge was created without; the subnets and
    security group of the admin's function, empty where the network is not made here; and the versions of its
    secrets."""
    with explain_aws_errors():
        cloudformation = session.client("cloudformation", region_name=stage.region)
        account = session.client("sts", region_name=stage.region).get_caller_identity()["Account"]
        secrets = secrets_manager.versions(session.client("secretsmanager", region_name=stage.region), stage)
        edge = stacks.describe(cloudformation, stack_of(stage, "edge")) or {}
        network = stacks.outputs(cloudformation, stack_of(stage, "network"))
    outputs = {one["OutputKey"]: one["OutputValue"] for one in edge.get("Outputs", ())}
    given = {one["ParameterKey"]: one["ParameterValue"] for one in edge.get("Parameters", ())}
    # The stage's own domain names first, since people use those.
    names = [given.get("DomainNames", ""), outputs["DomainName"]] if outputs else []
    return {
        "account": account,
        "distribution": outputs.get("DistributionId", ""),
        "host": ",".join(filter(None, names)),
        "partition": session.get_partition_for_region(stage.region),
        "suffix": given.get("Suffix", "") if edge else f"-{stage.region}",
        "subnets": network.get("SubnetIds", ""),
        "group": network.get("FunctionGroupId", ""),
        **{f"{plane}_secret_version": version for plane, version in secrets.items()},
    }


def stack_of(stage: Stage, name: str) -> str:
    return f"{stage.project}-{stage.environment}-{name}"
