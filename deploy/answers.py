"""What a deployment must know that only people can say: the region, who hears of alarms, and the domain.

Each is taken from the environment, else from zappa_settings.json, else from what is deployed already; else it is asked
for, on a terminal. The region is written into zappa_settings.json; AWS keeps the others, as parameters of stacks.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from . import stages
from .account import stacks
from .account.stacks import say
from .deployment import GLOBAL_REGION, Deployment, dry
from .stages import ADMIN, Refused

#: What says that there is none.
NONE = ("none", "no", "-")


@dataclass(frozen=True)
class Question:
    variable: str
    #: The stack, and its parameter.
    stack: str
    parameter: str
    #: As it is asked for.
    words: str
    pattern: str
    #: What would be right.
    example: str


EMAIL = Question(
    "ALARM_EMAIL",
    "monitoring",
    "AlarmEmail",
    "Which address hears of alarms? (“none” for nobody)",
    r"[^@\s,]+@[^@\s,]+\.[^@\s,]+",
    "ops@example.com",
)
DOMAIN = Question(
    "DOMAIN",
    "edge",
    "DomainNames",
    "Which domain is the service to have? (empty for CloudFront's own)",
    r"(?:[a-z0-9*](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?:,(?:[a-z0-9*](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63})*",
    "images.example.com",
)
CERTIFICATE = Question(
    "CERTIFICATE_ARN",
    "edge",
    "CertificateArn",
    "Which certificate of us-east-1 is for it?",
    rf"arn:aws[a-z-]*:acm:{GLOBAL_REGION}:[0-9]{{12}}:certificate/[0-9A-Za-z-]+",
    f"arn:aws:acm:{GLOBAL_REGION}:123456789012:certificate/…",
)


def settle_region(name: str, reopen: Callable[[str], Deployment]) -> Deployment:
    """The deployment, in the region that is wanted. On a terminal it is asked for where nothing is deployed yet."""
    deployment = reopen(name)
    now = deployment.images.region
    wanted = os.environ.get("REGION", "").strip()
    fresh = not (deployment.known["images_secret_version"] or deployment.known["distribution"])
    if not wanted and fresh and sys.stdin.isatty():
        wanted = input(f"In which region of AWS? [{now}] ").strip()
    if not wanted or wanted == now:
        return deployment
    if not re.fullmatch(r"[a-z]{2}(?:-[a-z]+)+-[0-9]", wanted):
        raise Refused(f"“{wanted}” is no region of AWS; write REGION=eu-central-1")
    if not fresh:
        raise Refused(
            f"{name} is deployed in {now}; another region is another stage: copy those of {name} in zappa_settings.json"
        )
    if dry():
        raise Refused(f"{name} would be deployed in {wanted}, and not in {now}: set its aws_region, then look again")
    for stage in (name, name + ADMIN):
        set_region(stage, wanted)
    say(f"zappa_settings.json now has the region {wanted} for {name}; commit that.")
    return reopen(name)


def set_region(stage: str, region: str) -> None:
    """Write a stage's region into zappa_settings.json, and leave everything else in it as it is written."""
    text = stages.FILE.read_text()
    found = re.search(rf'^( *)"{re.escape(stage)}": ', text, re.MULTILINE)
    assert found
    own, end = json.JSONDecoder().raw_decode(text, found.end())
    written = json.dumps({**own, "aws_region": region}, indent=4, ensure_ascii=False).replace("\n", f"\n{found[1]}")
    stages.FILE.write_text(text[: found.end()] + written + text[end:])


def ask(deployment: Deployment) -> None:
    """Fill in the deployment's answers. Raises Refused for what is wrong, or missing where nobody can be asked."""
    email = answered(deployment, EMAIL, needed=True)
    domain = answered(deployment, DOMAIN)
    certificate = answered(deployment, CERTIFICATE) if domain else ""
    if domain and not certificate:
        raise Refused(f"A domain needs a certificate: CERTIFICATE_ARN={CERTIFICATE.example}")
    deployment.answers = {
        "monitoring": {"AlarmEmail": email},
        "global": {"AlarmEmail": email},
        "edge": {"DomainNames": domain, "CertificateArn": certificate} if domain else {},
    }


def answered(deployment: Deployment, question: Question, *, needed: bool = False) -> str:
    """The answer, from the first that has one; empty for none."""
    configured = deployment.images.stack(question.stack)
    if (given := os.environ.get(question.variable, "").strip()) != "":
        return checked(question, given)
    if question.parameter in configured:
        return str(configured[question.parameter])
    if (deployed := parameter(deployment, question)) is not None:
        return deployed
    if sys.stdin.isatty():
        return checked(question, input(f"{question.words} ").strip())
    if needed:
        raise Refused(
            f"Nobody would hear of alarms. Say who: {question.variable}={question.example} make deploy "
            f"STAGE={deployment.images.environment}, or {question.variable}=none"
        )
    return ""


def parameter(deployment: Deployment, question: Question) -> str | None:
    """What the deployed stack was given; None where there is none."""
    cloudformation = deployment.session.client("cloudformation", region_name=deployment.images.region)
    stack = stacks.describe(cloudformation, deployment.stack_name(question.stack)) or {}
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    return given.get(question.parameter)


def checked(question: Question, text: str) -> str:
    if text.lower() in NONE or not text:
        return ""
    if not re.fullmatch(question.pattern, text):
        raise Refused(f"{question.variable}: “{text}” is none; write it like {question.example}")
    return text
