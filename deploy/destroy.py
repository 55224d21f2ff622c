"""`make destroy STAGE=production`: removes what `make deploy` created, except what holds data."""

import os
import re
import sys

from botocore.exceptions import ClientError

from .account import database, functions, secrets_manager, stacks
from .account.aws_errors import explain_aws_errors
from .account.stacks import say
from .deployment import GLOBAL_REGION, Deployment, dry, open_deployment
from .stages import Refused


def destroy(name: str) -> None:
    deployment = open_deployment(name)
    images = deployment.images
    say(f"{images.project}, {images.environment}: account {deployment.known['account']}, region {images.region}.")
    say(
        "This takes away the CDN, the alarms, both functions, their APIs, roles and logs. Viewers get nothing any more."
    )
    say(f"It leaves: {'; '.join(left(deployment))}.")
    if images.stack("edge").get("Profile", "PayAsYouGo") != "PayAsYouGo":
        say("If CloudFront is paid by a plan, cancel that in its console first: until then AWS keeps the distribution.")
    if dry():
        say("Nothing was taken away (DRY).")
        return
    # Read from the terminal, or from a pipe: `echo production | make destroy STAGE=production`.
    if (
        os.environ.get("CONFIRM") != images.environment
        and input("Write the stage's name to go on: ") != images.environment
    ):
        raise Refused("Nothing was taken away")
    with explain_aws_errors():
        session = deployment.session
        for stack, region in (("monitoring", images.region), ("edge", images.region), ("global", GLOBAL_REGION)):
            say(f"Removing {deployment.stack_name(stack)}...")
            stacks.remove(session.client("cloudformation", region_name=region), deployment.stack_name(stack))
        for stage in (deployment.images, deployment.admin):
            for what in functions.remove(session, stage, deployment.known):
                say(f"Removed {what}.")
        for what in remove_packages(deployment):
            say(f"Removed {what}.")
    say(f"\nLeft, since it holds data: {'; '.join(left(deployment))}.")
    say("make deploy brings the service back with all of it. docs/deploying.md says how to remove these as well.")


def left(deployment: Deployment) -> list[str]:
    """What holds data and stays, in words."""
    images, number = deployment.images, deployment.known["account"]
    return [
        (
            f"the buckets {deployment.stack_name(number)}-{images.region} and {deployment.stack_name('logs')}-{number}-"
            f"{images.region}, in the stack {deployment.stack_name('storage')}"
        ),
        f"the secrets {' and '.join(secrets_manager.name_of(images, plane) for plane in secrets_manager.FIELDS)}",
        *data_of(deployment),
        "your buckets of originals",
    ]


def data_of(deployment: Deployment) -> list[str]:
    """The database, in words; with its stacks where it was made here."""
    if not deployment.known["subnets"]:
        return ["the database"]
    made = " and ".join(deployment.stack_name(name) for name in ("database", "network"))
    return [f"the database, the secret {database.secret_of(deployment.images)} and the stacks {made}"]


def remove_packages(deployment: Deployment) -> list[str]:
    """Remove packages that an interrupted upload left, and their bucket, unless it holds anything else, such as another
    stage's package. Returns what was removed, in words."""
    bucket = deployment.images.fill(deployment.images.settings["s3_bucket"], deployment.known)
    s3 = deployment.session.client("s3")
    names = "|".join(re.escape(stage.function) for stage in (deployment.images, deployment.admin))
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for one in page.get("Contents", ()):
                if re.fullmatch(rf"(?:{names})-(?:template-)?[0-9]+\.(?:zip|json)", one["Key"]):
                    s3.delete_object(Bucket=bucket, Key=one["Key"])
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchBucket", "BucketNotEmpty"):
            return []
        raise
    return [f"the bucket {bucket}"]


if __name__ == "__main__":
    try:
        destroy(sys.argv[1])
    except Refused as refused:
        sys.exit(f"\n{refused}")
    except (KeyboardInterrupt, EOFError):
        sys.exit("\nStopped. Run it again to go on from here.")
