"""`make rotate STAGE=production SECRET=ORIGIN_SECRET`: replaces a secret without a moment in which it is refused.

First the functions accept the new value and the former one; then whoever sends it sends the new one; then the former is
accepted no more. CloudFront is told by this command. Those who sign URLs are people's to tell: for `SECURITY_KEY` and
`SECRET_KEY`, the first run makes the new value and the second drops the former.
"""

import os
import sys
from dataclasses import dataclass
from typing import Any

from .account import functions, secrets_manager, stacks
from .account.aws_errors import explain_aws_errors
from .account.secrets_manager import FALLBACKS, ROTATED
from .account.stacks import say
from .deployment import Deployment, dry, open_deployment
from .live import edge
from .stages import Refused, Stage

#: What cannot be replaced here, and how it is.
ELSEWHERE = {
    "ADMIN_PASSWORD": "it only made the first user; change that user's password in the admin",
    "DATABASE_URL": (
        "the database decides what it accepts; set the new password there, then run "
        "DATABASE_URL=postgres://… make deploy STAGE="
    ),
}


def rotate(name: str, field: str) -> None:
    check(name, field)
    deployment = open_deployment(name)
    with explain_aws_errors():
        run = Rotation.opened(deployment, field)
        say(f"{field} of {deployment.images.project}, {deployment.images.environment}: {run.state()}")
        if dry():
            say(f"Would {run.intention()}. Nothing was changed (DRY).")
        else:
            go_on(run)


def go_on(run: "Rotation") -> None:
    """Do what is left until people have to do something, or to the end."""
    if run.stopped:
        run.tell()
        say(f"\nThe rotation that was stopped is complete. Run this again to replace {run.field} once more.")
        return
    first = not run.former or bool(run.pending)
    if not run.former:
        run.begin()
    if first:
        run.tell()
    if run.field == "ORIGIN_SECRET":
        run.send()
        run.finish()
    elif first and run.keeps:
        say(f"\n{NEXT[run.field]}\nThen run this again, which makes an end of the former one.")
        return
    elif not first:
        run.finish()
    say(f"\n{run.field} is replaced.")


#: What to do between the two runs.
NEXT = {
    "SECURITY_KEY": "Have those who sign URLs sign with the new one: it is SECURITY_KEY in the secret …/images.",
    "SECRET_KEY": "Former sessions and second factors are renewed as people use them; give them two weeks.",
}


def check(name: str, field: str) -> None:
    """Raise Refused for what is no secret, or is not replaced here."""
    if field in ELSEWHERE:
        end = name if ELSEWHERE[field].endswith("=") else ""
        raise Refused(f"{field} cannot be replaced here: {ELSEWHERE[field]}{end}")
    if field not in ROTATED:
        raise Refused(f"There is no secret “{field}” to replace; SECRET is one of {', '.join(ROTATED)}")


@dataclass
class Rotation:
    """How far the replacement of one secret has got."""

    deployment: Deployment
    field: str
    plane: str
    held: dict[str, str]
    #: The functions that have not read the present values yet.
    pending: list[Stage]
    #: Whether the former value is in the wrong hands, and must not be accepted while people change over.
    leaked: bool

    @classmethod
    def opened(cls, deployment: Deployment, field: str) -> "Rotation":
        """Raises Refused if there is nothing to replace."""
        plane = secrets_manager.plane_of(field)
        held = secrets_manager.read(manager_of(deployment), secrets_manager.name_of(deployment.images, plane))
        if held is None or field not in held:
            raise Refused(f"There is no {field} of {deployment.images.environment} yet; make deploy makes it")
        leaked = bool(os.environ.get("LEAKED", "").strip())
        run = cls(deployment, field, plane, held, [], leaked)
        run.pending = [stage for stage in run.readers() if not told(deployment, stage)]
        return run

    @property
    def former(self) -> str:
        return self.held.get(self.field + FALLBACKS, "")

    @property
    def stopped(self) -> bool:
        """Whether only the last step of a rotation is left."""
        return bool(self.pending) and not self.former

    @property
    def keeps(self) -> bool:
        """Whether the former value stays accepted for a while. CloudFront goes on sending an ORIGIN_SECRET for minutes,
        whoever else knows it."""
        return bool(self.former) or self.field == "ORIGIN_SECRET" or not self.leaked

    def readers(self) -> list[Stage]:
        """The functions that read the secret."""
        both = [self.deployment.admin, self.deployment.images]
        return both if self.plane == "images" else [self.deployment.admin]

    def state(self) -> str:
        if self.former:
            return "a former value is still accepted, from a rotation that has begun."
        return "a rotation was stopped before its end." if self.stopped else "one value is accepted."

    def intention(self) -> str:
        if self.stopped:
            return f"have {' and '.join(stage.function for stage in self.pending)} read the present values"
        begin = "go on from there" if self.former else "make a new value"
        if self.field == "ORIGIN_SECRET":
            return f"{begin}, have both functions accept both, have CloudFront send the new one, then drop the former"
        if self.former and not self.pending:
            return "end that the former value is accepted"
        return f"{begin}, and {'accept the former as well' if self.keeps else 'drop the former at once'}"

    def begin(self) -> None:
        former = self.held[self.field] if self.keeps else ""
        say(f"There is a new {self.field}; the former one is {'still accepted' if former else 'accepted no more'}.")
        self.put({self.field: secrets_manager.generated(self.field), self.field + FALLBACKS: former})

    def tell(self) -> None:
        """Give the functions new processes, which read the secret anew: all requests at once, without a shift."""
        os.environ["SHIFT"] = "0"
        for stage in self.readers():
            functions.zappa("update", stage.name, "--no-upload", "yes")

    def send(self) -> None:
        """Have CloudFront send the new ORIGIN_SECRET, and wait until all of its locations do."""
        deployment, images = self.deployment, self.deployment.images
        deployment.secret = self.held
        cloudformation = deployment.session.client("cloudformation", region_name=images.region)
        deployment.storage = stacks.outputs(cloudformation, deployment.stack_name("storage"))
        say("CloudFront is told (some five minutes)...")
        edge(deployment)

    def finish(self) -> None:
        self.put({self.field + FALLBACKS: ""})
        say(f"The former {self.field} is accepted no more.")
        self.tell()

    def put(self, fields: dict[str, str]) -> None:
        manager, images = manager_of(self.deployment), self.deployment.images
        self.held = secrets_manager.write(manager, images, self.plane, self.held, {**self.held, **fields})


def manager_of(deployment: Deployment) -> Any:
    return deployment.session.client("secretsmanager", region_name=deployment.images.region)


def told(deployment: Deployment, stage: Stage) -> bool:
    """Whether the function that answers has the present versions of the secrets in its configuration."""
    wanted = stage.fill(stage.settings["aws_environment_variables"]["SECRETS_VERSION"], deployment.known)
    configured = functions.configuration(deployment.session, stage) or {}
    return bool(configured.get("Environment", {}).get("Variables", {}).get("SECRETS_VERSION") == wanted)


if __name__ == "__main__":
    try:
        rotate(sys.argv[1], os.environ.get("SECRET", "").strip())
    except Refused as refused:
        sys.exit(f"\n{refused}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run it again to go on from here.")
