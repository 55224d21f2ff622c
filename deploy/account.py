"""What is known of the AWS account that a stage is deployed to."""

from typing import Any

from . import stacks
from .refusals import told
from .stages import Stage

#: Where no account is asked: packaging needs none, and no package holds any of this.
UNKNOWN = {"account": "", "distribution": "", "host": ""}


def known(session: Any, stage: Stage) -> dict[str, str]:
    """The account's number, and the distribution and host names of the stage's edge, empty before there is one."""
    with told():
        account = session.client("sts", region_name=stage.region).get_caller_identity()["Account"]
        edge = stacks.outputs(session.client("cloudformation", region_name=stage.region), edge_stack(stage))
    names = [stage.stack("edge").get("DomainNames", ""), edge.get("DomainName", "")] if edge else []
    return {
        "account": account,
        "distribution": edge.get("DistributionId", ""),
        "host": ",".join(filter(None, names)),
    }


def edge_stack(stage: Stage) -> str:
    return f"{stage.project}-{stage.environment}-edge"
