"""CloudFormation as far as `make deploy` talks to it, for stacks that moto cannot make: CloudFront and its firewall.

Whether AWS takes the templates themselves is proven elsewhere (tests/edge, test_edge.py); here, what they are given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

OUTPUTS = {
    "network": {"SubnetIds": "subnet-1,subnet-2", "FunctionGroupId": "sg-1", "DatabaseGroupId": "sg-2"},
    "database": {"Address": "imageservice-production.abcdefghijkl.eu-west-1.rds.amazonaws.com"},
    "edge": {"DistributionId": "EDFDVBD632BHDS", "DomainName": "d111111abcdef8.cloudfront.net"},
    "monitoring": {"Dashboard": "https://console"},
    "global": {"WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/imageservice/a1b2"},
}


@dataclass
class Stack:
    status: str
    #: Of the last creation or update.
    parameters: dict[str, str] = field(default_factory=dict)
    template: str = ""
    reason: str = ""


class Stacks:
    """Stacks by name. `history` has what was asked to be changed, in order."""

    def __init__(self) -> None:
        self.stacks: dict[str, Stack] = {}
        self.history: list[tuple[str, str]] = []
        #: Reason for which the next creation of a stack of that name fails.
        self.failing: dict[str, str] = {}
        #: What is waited for after an update. CloudFront takes minutes, in which what it sent before is answered.
        self.settle: Callable[[], None] = lambda: None

    def answer(self, body: str) -> tuple[int, str] | None:
        """Status and XML for a call about one of these stacks; None for calls about others."""
        asked = dict(parse_qsl(body, keep_blank_values=True))
        name, action = asked.get("StackName", ""), asked.get("Action", "")
        if name.rpartition("-")[2] not in OUTPUTS:
            return None
        if action in ("CreateStack", "UpdateStack", "DeleteStack"):
            self.history.append((action, name))
        if action == "DeleteStack":
            self.stacks.pop(name, None)
            return wrapped(action, "")
        if action == "CreateStack" and name in self.stacks:
            return refused("AlreadyExistsException", f"Stack [{name}] already exists")
        if action in ("CreateStack", "UpdateStack"):
            answer = self.put(name, action, asked)
            if action == "UpdateStack":
                self.settle()
            return answer
        if name not in self.stacks:
            return refused("ValidationError", f"Stack with id {name} does not exist")
        stack = self.stacks[name]
        if action == "DescribeStackEvents":
            return wrapped(action, f"<StackEvents><member>{event(name, stack)}</member></StackEvents>")
        if action == "GetTemplate":
            return wrapped(action, f"<TemplateBody>{escape(stack.template)}</TemplateBody>")
        return wrapped(action, f"<Stacks><member>{described(name, stack)}</member></Stacks>")

    def put(self, name: str, action: str, asked: dict[str, str]) -> tuple[int, str]:
        count = sum(key.endswith(".ParameterKey") for key in asked)
        number = range(1, count + 1)
        given = {
            asked[f"Parameters.member.{n}.ParameterKey"]: asked[f"Parameters.member.{n}.ParameterValue"] for n in number
        }
        new = Stack("CREATE_COMPLETE" if action == "CreateStack" else "UPDATE_COMPLETE", given, asked["TemplateBody"])
        held = self.stacks.get(name)
        if held and (held.parameters, held.template) == (new.parameters, new.template):
            return refused("ValidationError", "No updates are to be performed.")
        if name in self.failing:
            new.status, new.reason = "ROLLBACK_COMPLETE", self.failing.pop(name)
        self.stacks[name] = new
        return wrapped(action, f"<StackId>{name}</StackId>")


def described(name: str, stack: Stack) -> str:
    outputs = OUTPUTS[name.rpartition("-")[2]] if stack.status.endswith(("E_COMPLETE", "K_COMPLETE")) else {}
    members = "".join(
        f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
        for key, value in outputs.items()
    )
    given = "".join(
        f"<member><ParameterKey>{key}</ParameterKey><ParameterValue>{escape(value)}</ParameterValue></member>"
        for key, value in stack.parameters.items()
    )
    return (
        f"<StackName>{name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
        f"<StackStatus>{stack.status}</StackStatus><Outputs>{members}</Outputs><Parameters>{given}</Parameters>"
    )


def event(name: str, stack: Stack) -> str:
    return (
        f"<StackId>{name}</StackId><EventId>1</EventId><StackName>{name}</StackName>"
        f"<LogicalResourceId>Distribution</LogicalResourceId><Timestamp>2026-01-01T00:00:00Z</Timestamp>"
        f"<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>{escape(stack.reason)}</ResourceStatusReason>"
    )


def wrapped(action: str, content: str) -> tuple[int, str]:
    namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
    return 200, f'<{action}Response xmlns="{namespace}"><{action}Result>{content}</{action}Result></{action}Response>'


def refused(code: str, message: str) -> tuple[int, str]:
    return (
        400,
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error></ErrorResponse>",
    )
