"""`make rollback STAGE=production`: viewers get the version of the function that they had before the last release."""

import sys

from .account import releases
from .account.aws_errors import explain_aws_errors
from .account.stacks import say
from .deployment import dry, open_deployment
from .stages import ADMIN, Refused


def rollback(name: str) -> None:
    deployment = open_deployment(name)
    images = deployment.images
    if name.endswith(ADMIN):
        raise Refused(
            "The admin has no version to go back to at once, since its database has one state alone; “Upgrading and "
            f"rolling back” in docs/deploying.md says how. STAGE={images.environment} rolls back what viewers get"
        )
    with explain_aws_errors():
        now = releases.live(deployment.session.client("lambda"), images)
        if dry():
            say(f"{images.function}: {wording(now)} Nothing was changed (DRY).")
            return
        after = releases.back(deployment.session, images)
    say(f"{images.function}: version {after.version} is live again{f', after {now.version}' if now else ''}.")
    say("The admin is as it was, and publishes on. make deploy releases what is in this checkout.")


def wording(now: releases.Live | None) -> str:
    if now is None:
        return "no version is live yet."
    if not now.before:
        return f"version {now.version} is live, and there is none before it."
    return f"version {now.version} is live; {now.before[0]} would be live again."


if __name__ == "__main__":
    try:
        rollback(sys.argv[1])
    except Refused as refused:
        sys.exit(f"\n{refused}")
