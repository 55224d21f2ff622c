"""One environment in one AWS account, which the steps of the commands fill in."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import boto3

from edge import templates

from . import stages
from .account import account, parameters, stacks
from .account.aws_errors import explain_aws_errors
from .account.stacks import say
from .stages import ADMIN, Refused, Stage

#: The only region in which CloudFront can have a firewall.
GLOBAL_REGION = "us-east-1"
#: Stacks with names in them that are unique in the account.
SUFFIXED = ("global", "edge")
#: What stands for the outputs of a stack that is not there yet, where nothing is changed (DRY).
UNMADE = "(not made yet)"


@dataclass
class Deployment:
    """One environment in one account. The steps fill it in."""

    images: Stage
    admin: Stage
    session: Any
    #: The account's number, and the distribution and its names once there are any.
    known: dict[str, str]
    #: Parameters of stacks that were asked for, by the stack's name; those in zappa_settings.json take precedence.
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    secret: dict[str, str] = field(default_factory=dict)
    storage: dict[str, str] = field(default_factory=dict)
    edge: dict[str, str] = field(default_factory=dict)

    def stack_name(self, name: str) -> str:
        """The name of a stack. Those of all regions have their global one in the same region, so it names its own."""
        suffix = self.known["suffix"] if name == "global" else ""
        return f"{self.images.project}-{self.images.environment}{suffix}-{name}"

    def stack(self, name: str, region: str = "", **given: str) -> dict[str, str]:
        """Create or update one of the stacks of `edge/`; where nothing is to be changed, print what would be. Returns
        its outputs."""
        cloudformation = self.session.client("cloudformation", region_name=region or self.images.region)
        asked = {
            "Project": self.images.project,
            "Environment": self.images.environment,
            **({"Suffix": self.known["suffix"]} if name in SUFFIXED else {}),
            **given,
            **self.answers.get(name, {}),
            **self.images.stack(name),
        }
        if not dry():
            return stacks.put(cloudformation, self.stack_name(name), templates.template(name), asked)
        for line in stacks.differences(cloudformation, self.stack_name(name), templates.template(name), asked):
            say(f"  {line}")
        return defaultdict(lambda: UNMADE, stacks.outputs(cloudformation, self.stack_name(name)))


def dry() -> bool:
    """Whether the command is only to say what it would do."""
    return os.environ.get("DRY", "").strip() not in ("", "0")


def open_deployment(name: str) -> Deployment:
    """The deployment of an environment. Raises Refused if it is not configured, or AWS denies access."""
    settings = stages.read()
    name = name.removesuffix(ADMIN)
    images, admin = stages.stage(name, settings), stages.stage(name + ADMIN, settings)
    parameters.check(images, admin)
    try:
        with explain_aws_errors():
            session = boto3.Session(region_name=images.region)
            return Deployment(images, admin, session, account.known(session, images))
    except Refused as refused:
        raise Refused(f"{refused}{parameters.not_opted_in(images)}") from None
