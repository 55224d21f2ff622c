"""Facts of the AWS account that a stage is deployed to."""

from typing import Any

from ..stages import Stage
from . import stacks
from .aws_errors import explain_aws_errors

#: Without credentials. Packaging needs none, and no package holds any of this.
UNKNOWN = {"account": "", "distribution": "", "host": "", "partition": "aws", "suffix": ""}


def known(session: Any, stage: Stage) -> dict[str, str]:
    """The account's number and partition; the distribution and host names of the stage's edge, empty before there is
    one; and the suffix of names that are unique in the account, empty where the edge was created without."""
    with explain_aws_errors():
        account = session.client("sts", region_name=stage.region).get_caller_identity()["Account"]
        edge = stacks.describe(session.client("cloudformation", region_name=stage.region), edge_stack(stage)) or {}
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
    }


def edge_stack(stage: Stage) -> str:
    return f"{stage.project}-{stage.environment}-edge"
