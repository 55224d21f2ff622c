"""`make deploy STAGE=production`: creates the service in an AWS account, or updates it.

Each step creates what is missing, so a run continues where an earlier one stopped.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import answers, plan, smoke
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
from .deployment import GLOBAL_REGION, UNMADE, Deployment, dry, open_deployment
from .stages import ROOT, Refused, Stage

#: The regions whose prices `manage.py cost` knows; for others it takes those of US East.
PRICED = ("us-east-1", "eu-west-1")
#: The alias that shows a new deployment at work, of `manage.py demo`, and its original among `samples/`.
SAMPLE, SAMPLE_KEY = "hero", "space/hubble.jpg"


def place_of_data(deployment: Deployment) -> None:
    manager = deployment.session.client("secretsmanager")
    # As if it had been given: what keeps it reads it from there.
    os.environ["DATABASE_URL"] = database.ensured(manager, deployment.images, deployment.stack)
    deployment.known = account.known(deployment.session, deployment.images)


def secret(deployment: Deployment) -> None:
    deployment.secret = secrets_manager.ensure(deployment.session.client("secretsmanager"), deployment.images)


def storage(deployment: Deployment) -> None:
    deployment.storage = deployment.stack("storage", **parameters.following(deployment.images, CorsSite="CORS_SITE"))


def admin_function(deployment: Deployment) -> None:
    functions.put(deployment.session, deployment.admin)


def images_function(deployment: Deployment) -> None:
    functions.put(deployment.session, deployment.images)


def tables(deployment: Deployment) -> None:
    functions.zappa("manage", deployment.admin.name, "migrate --noinput")
    functions.zappa("manage", deployment.admin.name, "collectstatic --noinput")
    functions.zappa("manage", deployment.admin.name, "first_user")
    functions.zappa("manage", deployment.admin.name, "write_catalogue")


def api_of(deployment: Deployment, stage: Stage) -> str:
    """The id of the stage's API, which may not be there yet where nothing is changed."""
    if dry() and not stacks.status(deployment.session.client("cloudformation"), stage.function):
        return UNMADE
    return functions.api_of(deployment.session, stage)


def edge(deployment: Deployment) -> None:
    firewall = firewall_and_logs(deployment)
    deployment.edge = deployment.stack(
        "edge",
        ImagesApiId=api_of(deployment, deployment.images),
        AdminApiId=api_of(deployment, deployment.admin),
        OriginSecret=deployment.secret["ORIGIN_SECRET"],
        BucketName=deployment.storage["BucketName"],
        OriginShieldRegion=parameters.shield(deployment.images),
        **parameters.following(deployment.images, CorsSite="CORS_SITE", ResourcePolicy="RESOURCE_POLICY"),
        **parameters.queries(deployment.images),
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


def monitoring(deployment: Deployment) -> None:
    """Alarms, dashboard, queries, and for how long logs are kept."""
    deployment.stack(
        "monitoring",
        DistributionId=deployment.known["distribution"],
        LogBucketName=deployment.storage["LogBucketName"],
    )
    for stage in (deployment.images, deployment.admin):
        functions.keep_log(deployment.session.client("logs"), stage, change=not dry())


def sample(deployment: Deployment) -> None:
    """Publish an alias of a picture of our own, where nothing is published yet."""
    catalogue = deployment.images.fill(
        deployment.images.settings["aws_environment_variables"]["CATALOGUE_URL"], deployment.known
    )
    document = smoke.published(deployment.session, catalogue)
    if document and document["aliases"]:
        say("  an alias is published already")
        return
    if dry():
        say(f"  + the alias {SAMPLE}, of {SAMPLE_KEY} in the service's bucket")
        return
    bucket = deployment.storage["BucketName"]
    picture = (ROOT / "samples" / SAMPLE_KEY).read_bytes()
    deployment.session.client("s3").put_object(Bucket=bucket, Key=f"samples/{SAMPLE_KEY}", Body=picture)
    functions.zappa("manage", deployment.admin.name, f"demo {SAMPLE} --originals s3://{bucket}/samples")


def bucket_rights(deployment: Deployment) -> None:
    iam = deployment.session.client("iam")
    for stage in (deployment.images, deployment.admin):
        variables = stage.fill(stage.settings["aws_environment_variables"], deployment.known)
        if roles.managed_here(stage):
            permissions.put(iam, stage, deployment.known, variables)
        else:
            say(f"  {roles.name(stage, deployment.known)} is managed elsewhere: manage.py iam_policy prints its rights")


@dataclass(frozen=True)
class Step:
    what: str
    do: Callable[[Deployment], None]
    #: What it does where nothing is to be changed. Steps that make stacks look at that themselves.
    plan: Callable[[Deployment], None]


def later(sentence: str) -> Callable[[Deployment], None]:
    """The plan of a step of which nothing can be told before."""
    return lambda deployment: say(f"  {sentence}")


#: In this order: the functions name the bucket, the edge names their APIs, the rights follow from the catalogue.
STEPS = [
    Step("a database in a network of its own, unless DATABASE_URL names one", place_of_data, plan.place_of_data),
    Step("the secrets: what the CDN and the service share, signing keys, the database's address", secret, plan.secret),
    Step("the bucket of derivatives, catalogue and static files, and one for logs", storage, storage),
    Step(
        "the admin's function, its API and its role",
        admin_function,
        lambda deployment: plan.function(deployment, deployment.admin),
    ),
    Step(
        "the function that serves pictures, its API and its role",
        images_function,
        lambda deployment: plan.function(deployment, deployment.images),
    ),
    Step(
        "the database's tables, the admin's first user and static files, and the catalogue",
        tables,
        later("brought up to date: what is as it should be stays as it is"),
    ),
    Step("the CDN with its firewall (the first time some five minutes)", edge, edge),
    Step(
        "what the admin needs to know of the CDN", introductions, later("told again, if the CDN is another than before")
    ),
    Step("alarms, a dashboard, saved queries, and an end to old logs", monitoring, monitoring),
    Step("an alias to begin with, where there is none", sample, sample),
    Step("the right to read the catalogue's buckets", bucket_rights, plan.bucket_rights),
]


def deploy(name: str) -> None:
    deployment = answers.settle_region(name, open_deployment)
    images = deployment.images
    with explain_aws_errors():
        answers.ask(deployment)
    say(f"{images.project}, {images.environment}: account {deployment.known['account']}, region {images.region}.")
    say(
        "This would change (+ new, - gone, ~ other):"
        if dry()
        else "This creates what is missing of the following, or brings it up to date (docs/deploying.md has the cost):"
    )
    for number, step in enumerate(STEPS, 1):
        if not dry():
            say(f"  {number}. {step.what}")
    for number, step in enumerate(STEPS, 1):
        say(f"\n[{number}/{len(STEPS)}] {step.what[0].upper()}{step.what[1:]}")
        with explain_aws_errors():
            (step.plan if dry() else step.do)(deployment)
    if dry():
        say("\nNothing was changed (DRY).")
    else:
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
        "The first user is admin; the password is in the secret "
        f"{secrets_manager.name_of(deployment.images, 'admin')}, as ADMIN_PASSWORD."
    )
    say(
        "\nNext: log in, change the password, add a bucket of originals, and run this again, so that the functions may "
        "read it."
    )
    say(f"It costs about {estimate(deployment)} (manage.py cost).")
    for sentence in left_to_do(deployment):
        say(sentence)
    if faceless(deployment.images):
        say(
            "Smart crops keep the part with most detail in sight, not faces: “onnxruntime” is in leave_out of "
            "zappa_settings.json. Take it out and run this again to have faces found (docs/deploying.md, “Settings”)."
        )
    if not all(well for well, _ in found):
        raise Refused("It is deployed, but what is WRONG above is not as it should be; zappa tail shows the logs")


def estimate(deployment: Deployment) -> str:
    """What a month costs, in words."""
    images = deployment.images
    region = ("--region", images.region) if images.region in PRICED else ()
    plan = ("--plan", images.stack("edge").get("Profile", "PayAsYouGo"))
    dollars = []
    for requests in ("1M", "10M"):
        said = permissions.manage("cost", "--requests", requests, "--architecture", images.architecture, *region, *plan)
        dollars.append(next(line.split()[0] for line in said.splitlines() if "together" in line))
    return f"${dollars[0]} a month with 1 million requests, ${dollars[1]} with 10 million"


def left_to_do(deployment: Deployment) -> Iterator[str]:
    """What is for people to do, in sentences."""
    answers, images = deployment.answers, deployment.images
    if email := {**answers["monitoring"], **images.stack("monitoring")}.get("AlarmEmail"):
        yield f"AWS has written to {email}: alarms go there once the links in its mails were followed."
    if domain := {**answers["edge"], **images.stack("edge")}.get("DomainNames"):
        yield f"Point {domain} at {deployment.edge['DomainName']}, by a CNAME or an alias record."
    former = secrets_manager.former_name(images)
    manager = deployment.session.client("secretsmanager")
    if secrets_manager.read(manager, former) is not None:
        yield (
            f"Nothing reads the secret {former} of an earlier version any more: aws secretsmanager delete-secret "
            f"--secret-id {former}"
        )


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
