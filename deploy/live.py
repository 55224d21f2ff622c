"""`make deploy STAGE=production`: creates the service in an AWS account, or updates it.

Each step creates what is missing, so a run continues where an earlier one stopped.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from edge import templates

from . import smoke, stages
from .account import (
    account,
    database,
    functions,
    notifications,
    parameters,
    permissions,
    roles,
    secrets_manager,
    stacks,
)
from .account.aws_errors import explain_aws_errors
from .account.stacks import say
from .stages import ADMIN, Refused, Stage

#: The only region in which CloudFront can have a firewall.
GLOBAL_REGION = "us-east-1"
#: Stacks with names in them that are unique in the account.
SUFFIXED = ("global", "edge")


@dataclass
class Deployment:
    """One environment in one account. The steps fill it in."""

    images: Stage
    admin: Stage
    session: Any
    #: The account's number, and the distribution and its names once there are any.
    known: dict[str, str]
    secret: dict[str, str] = field(default_factory=dict)
    storage: dict[str, str] = field(default_factory=dict)
    edge: dict[str, str] = field(default_factory=dict)

    def stack_name(self, name: str) -> str:
        """The name of a stack. Those of all regions have their global one in the same region, so it names its own."""
        suffix = self.known["suffix"] if name == "global" else ""
        return f"{self.images.project}-{self.images.environment}{suffix}-{name}"

    def stack(self, name: str, region: str = "", **parameters: str) -> dict[str, str]:
        """Create or update one of the stacks of `edge/`. Returns its outputs."""
        asked = {"Project": self.images.project, "Environment": self.images.environment}
        if name in SUFFIXED:
            asked["Suffix"] = self.known["suffix"]
        return stacks.put(
            self.session.client("cloudformation", region_name=region or self.images.region),
            self.stack_name(name),
            templates.template(name),
            {**asked, **parameters, **self.images.stack(name)},
        )


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


def place_of_data(deployment: Deployment) -> None:
    manager = deployment.session.client("secretsmanager")
    # As if it had been given: what keeps it reads it from there.
    os.environ["DATABASE_URL"] = database.ensured(manager, deployment.images, deployment.stack)
    deployment.known = account.known(deployment.session, deployment.images)


def secret(deployment: Deployment) -> None:
    deployment.secret = secrets_manager.ensure(deployment.session.client("secretsmanager"), deployment.images)


def storage(deployment: Deployment) -> None:
    deployment.storage = deployment.stack("storage")


def admin_function(deployment: Deployment) -> None:
    functions.put(deployment.session, deployment.admin)


def images_function(deployment: Deployment) -> None:
    functions.put(deployment.session, deployment.images)


def tables(deployment: Deployment) -> None:
    functions.zappa("manage", deployment.admin.name, "migrate --noinput")
    functions.zappa("manage", deployment.admin.name, "collectstatic --noinput")
    functions.zappa("manage", deployment.admin.name, "first_user")
    functions.zappa("manage", deployment.admin.name, "write_catalogue")


def edge(deployment: Deployment) -> None:
    firewall = firewall_and_logs(deployment)
    deployment.edge = deployment.stack(
        "edge",
        ImagesApiId=functions.api_of(deployment.session, deployment.images),
        AdminApiId=functions.api_of(deployment.session, deployment.admin),
        OriginSecret=deployment.secret["ORIGIN_SECRET"],
        BucketName=deployment.storage["BucketName"],
        OriginShieldRegion=parameters.shield(deployment.images),
        WebAclArn=firewall["WebAclArn"],
    )


def firewall_and_logs(deployment: Deployment) -> dict[str, str]:
    return deployment.stack(
        "global",
        GLOBAL_REGION,
        DistributionId=deployment.known["distribution"],
        LogBucketName=deployment.storage["LogBucketName"],
        **parameters.networks(deployment.admin),
    )


def introductions(deployment: Deployment) -> None:
    """Tell the admin's function and the firewall about the distribution, which did not exist when they were created."""
    before, deployment.known = deployment.known, account.known(deployment.session, deployment.images)
    if before != deployment.known:
        functions.zappa("update", deployment.admin.name, "--no-upload", "yes")
        # The catalogue tells the function that serves pictures whether the CDN is purged.
        functions.zappa("manage", deployment.admin.name, "write_catalogue")
        firewall_and_logs(deployment)


def bucket_rights(deployment: Deployment) -> None:
    iam = deployment.session.client("iam")
    for stage in (deployment.images, deployment.admin):
        variables = stage.fill(stage.settings["aws_environment_variables"], deployment.known)
        if roles.managed_here(stage):
            permissions.put(iam, stage, deployment.known, variables)
        else:
            say(f"  {roles.name(stage, deployment.known)} is managed elsewhere: manage.py iam_policy prints its rights")


#: In this order: the functions name the bucket, the edge names their APIs, the rights follow from the catalogue.
STEPS: list[tuple[str, Callable[[Deployment], None]]] = [
    ("a database in a network of its own, unless DATABASE_URL names one", place_of_data),
    ("the secret: what the CDN and the service share, signing keys, the database's address", secret),
    ("the bucket of derivatives, catalogue and static files, and one for logs", storage),
    ("the admin's function, its API and its role", admin_function),
    ("the function that serves pictures, its API and its role", images_function),
    ("the database's tables, the admin's static files and the catalogue", tables),
    ("the CDN with its firewall and alarms (the first time some five minutes)", edge),
    ("what the admin needs to know of the CDN", introductions),
    ("the right to read the catalogue's buckets", bucket_rights),
]


def deploy(name: str) -> None:
    deployment = open_deployment(name)
    images = deployment.images
    say(f"{images.project}, {images.environment}: account {deployment.known['account']}, region {images.region}.")
    say(
        "This creates what is missing of the following, or brings it up to date (docs/deploying.md says what it costs):"
    )
    for number, (what, _) in enumerate(STEPS, 1):
        say(f"  {number}. {what}")
    for number, (what, step) in enumerate(STEPS, 1):
        say(f"\n[{number}/{len(STEPS)}] {what[0].upper()}{what[1:]}")
        with explain_aws_errors():
            step(deployment)
    finish(deployment)


def finish(deployment: Deployment) -> None:
    """Print the addresses, and whether they work. Raises Refused if they do not."""
    url = os.environ.get("SERVICE_URL") or f"https://{deployment.known['host'].partition(',')[0]}"
    api = functions.api_of(deployment.session, deployment.images)
    direct = f"https://{api}.execute-api.{deployment.images.region}.amazonaws.com/{deployment.images.name}"
    catalogue = deployment.images.fill(
        deployment.images.settings["aws_environment_variables"]["CATALOGUE_URL"], deployment.known
    )
    say("\nTrying it:")
    found = [
        *smoke.tested(deployment.session, url, os.environ.get("DIRECT_URL") or direct, catalogue),
        *notifications.check(deployment.session, deployment.admin, deployment.known, catalogue),
    ]
    for well, sentence in found:
        say(f"  {'ok' if well else 'WRONG'}: {sentence}")
    say(f"\nPictures: {url}/<alias>/<key>\nAdmin:    {url}/admin/")
    say(
        f"The first user is admin; the password is in the secret {secrets_manager.name_of(deployment.images)}, as "
        "ADMIN_PASSWORD."
    )
    if faceless(deployment.images):
        say(
            "Smart crops keep the part with most detail in sight, not faces: “onnxruntime” is in leave_out of "
            "zappa_settings.json. Take it out and run this again to have faces found (docs/deploying.md, “Settings”)."
        )
    if not all(well for well, _ in found):
        raise Refused("It is deployed, but what is WRONG above is not as it should be; zappa tail shows the logs")


def faceless(stage: Stage) -> bool:
    """Whether smart crops find no faces, because the package leaves out what finds them."""
    detector = stage.settings["aws_environment_variables"].get("DETECTOR", "yunet")
    return detector == "yunet" and "onnxruntime" in stage.left_out


if __name__ == "__main__":
    try:
        deploy(sys.argv[1])
    except Refused as refused:
        sys.exit(f"\n{refused}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run it again to go on from here.")
