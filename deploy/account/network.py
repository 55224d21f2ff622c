"""The private network of the admin's function and its database: the stack `edge/network.yaml`."""

from collections.abc import Callable, Mapping
from typing import Any

from ..stages import ADMIN, Stage

#: How a function in the network reaches AWS: by IPv6, which all of AWS's endpoints have that are called for.
DUALSTACK = {"AWS_USE_DUALSTACK_ENDPOINT": "true"}

#: What a function in a VPC (vpc_config) needs besides. These actions take no resource.
ENTER: dict[str, Any] = {
    "Sid": "BeInTheNetwork",
    "Effect": "Allow",
    "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
    "Resource": "*",
}

#: `Deployment.stack`: creates or updates a stack of `edge/` by its name, and returns its outputs.
Put = Callable[..., dict[str, str]]


def ensured(put: Put) -> dict[str, str]:
    """Create the network, or bring it up to date. Returns the stack's outputs. Raises Refused."""
    return put("network")


def vpc_config(stage: Stage, known: Mapping[str, str]) -> dict[str, Any]:
    """Where the stage's function is, as Zappa's `vpc_config` has it: where the settings say; else the admin's in the
    network that is made here, if it is; else nowhere."""
    own = stage.settings.get("vpc_config")
    if own or not stage.name.endswith(ADMIN) or not known.get("subnets"):
        return dict(own or {})
    return {
        "SubnetIds": known["subnets"].split(","),
        "SecurityGroupIds": [known["group"]],
        # Without it a function gets no IPv6 address, and so has no way out.
        "Ipv6AllowedForDualStack": True,
    }


def variables(stage: Stage, known: Mapping[str, str]) -> dict[str, str]:
    """The variables that the function needs in the network that is made here."""
    return dict(DUALSTACK) if vpc_config(stage, known) and "vpc_config" not in stage.settings else {}


def statements(stage: Stage, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rights that the function needs in any network."""
    return [ENTER] if vpc_config(stage, known) else []
