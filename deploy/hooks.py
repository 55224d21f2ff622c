"""Zappa's callbacks, which zappa_settings.json names under `callbacks`.

With them, `zappa deploy`, `update` and `package` do the right thing even without make.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

# Zappa loads this file by its path, so the project's folder is not on the import path.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy import environment, stages
from deploy.account import account, functions, network, notifications, releases, roles
from deploy.account.aws_errors import explain_aws_errors
from deploy.package import archive, bill, certificates
from deploy.stages import Refused, Stage

#: Settings that must be references to secrets in AWS.
SECRETS = ("ADMIN_PASSWORD", "DATABASE_URL", "ORIGIN_SECRET", "SECRET_KEY", "SECURITY_KEY")
KEPT_BY = ("secretsmanager:", "ssm:")
#: Concurrent executions that AWS leaves to functions without a reservation.
UNRESERVED = 100


def prepare(cli: Any) -> None:
    """Called when Zappa has read its settings. Refuses what cannot work, and fills in the placeholders."""
    try:
        stage = stages.stage(cli.api_stage, cli.zappa_settings)
        check(stage)
        # Without credentials (package, template) nothing that is written holds what only AWS knows.
        known = account.known(cli.zappa.boto_session, stage) if cli.load_credentials else account.UNKNOWN
        fill(cli, stage, known)
        if stage.name.endswith(stages.ADMIN) and known["subnets"]:
            certificates.ensure(stage.region)
        if cli.command in ("deploy", "update"):
            with explain_aws_errors():
                roles.bound(cli.zappa.iam.meta.client, stage, cli.zappa.role_name)
        if cli.command in ("update", "schedule", "unschedule"):
            with explain_aws_errors():
                asked = notifications.wanted(cli.stage_config.get("events", ()))
                notifications.tidy(cli.zappa.boto_session, stage.function, asked)
        if cli.command == "update":
            environment.replace_variables(cli.zappa.lambda_client, cli.aws_environment_variables)
            with explain_aws_errors():
                releases.ensure(cli.zappa.lambda_client, stage)
        if cli.command in ("deploy", "update"):
            check_upload_bucket(cli)
            if cli.lambda_concurrency:
                limit_concurrency(cli)
    except Refused as refused:
        sys.exit(str(refused))


def pack(cli: Any) -> None:
    """Called when Zappa has made its zip. Replaces it with the package, which only keeps the settings that Zappa
    generated."""
    path = Path(cli.zip_path)
    with zipfile.ZipFile(path) as made:
        settings = made.read("zappa_settings.py")
    try:
        stage = stages.stage(cli.api_stage, cli.zappa_settings)
        size = archive.write(path, stage, settings)
        # The zip of a deployment is removed when it is uploaded; what was in it is asked for later.
        kept = path if cli.command == "package" else stages.ROOT / "build" / stage.name
        listed = kept.with_suffix(".cdx.json")
        bill.write(listed, stage, path)
    except Refused as refused:
        path.unlink()
        sys.exit(str(refused))
    sys.stdout.write(f"{path.name}: {stage.settings['runtime']} on {stage.architecture}, {size}\n")
    sys.stdout.write(f"{listed.name}: what is in it\n")


def finish(cli: Any) -> None:
    """Called when Zappa has deployed or updated. Sets what it has no setting for, and releases what it has made."""
    try:
        stage = stages.stage(cli.api_stage, cli.zappa_settings)
        with explain_aws_errors():
            functions.throttle(cli.zappa.boto_session, stage)
            releases.release(cli.zappa.boto_session, stage)
    except Refused as refused:
        sys.exit(str(refused))


def check(stage: Stage) -> None:
    """Raise Refused for settings and tools with which the function would not start, or not be secure."""
    if python_version() != stage.python:
        raise Refused(
            f"“{stage.name}” runs on Python {stage.python}, and this Zappa on {python_version()}; "
            "remove .tools, run make tools, and use .tools/bin/zappa"
        )
    if stage.settings.get("environment_variables"):
        raise Refused(
            "environment_variables would be written into the package, and are set when Django has already started; "
            "use aws_environment_variables"
        )
    for name, value in stage.settings.get("aws_environment_variables", {}).items():
        if name.removesuffix("_FALLBACKS") in SECRETS and value and not value.startswith(KEPT_BY):
            raise Refused(
                f"{name} stands in zappa_settings.json for all to read; keep it in AWS Secrets Manager "
                f"and write secretsmanager:name#{name}, or in the Parameter Store and write ssm:/name"
            )


def python_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def check_upload_bucket(cli: Any) -> None:
    """Raise Refused if the bucket for packages is another account's, which Zappa would notice late, with a
    traceback."""
    try:
        cli.zappa.s3_client.head_bucket(Bucket=cli.s3_bucket_name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 403:  # Zappa creates a missing one
            raise Refused(
                f"The bucket {cli.s3_bucket_name}, through which packages are uploaded, is another account's, or these "
                "credentials may not use it (s3:ListBucket); choose another s3_bucket in zappa_settings.json"
            ) from None


def limit_concurrency(cli: Any) -> None:
    """Reserve no concurrency if the account has too little. AWS keeps 100 for all other functions, new accounts have 10
    in all, and Zappa would stop halfway."""
    with explain_aws_errors():
        quota = cli.zappa.lambda_client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if quota < cli.lambda_concurrency + UNRESERVED:
        sys.stdout.write(
            f"This account may run {quota} functions at once, too few to reserve {cli.lambda_concurrency} for this "
            "one. Ask AWS for more (Service Quotas, Lambda, “Concurrent executions”); until then nothing is reserved.\n"
        )
        cli.lambda_concurrency = None


def fill(cli: Any, stage: Stage, known: dict[str, str]) -> None:
    """Fill in the placeholders of the settings, where Zappa has stored them."""
    settings = stage.fill(stage.settings, known)
    notifications.wanted(settings.get("events", ()))
    cli.zappa_settings[stage.name] = {name: value for name, value in settings.items() if name != "extends"}
    cli.s3_bucket_name = settings["s3_bucket"]
    cli.aws_environment_variables = settings.get("aws_environment_variables", {})
    cli.lambda_description = settings.get("lambda_description", "")
    cli.apigateway_description = settings.get("apigateway_description", "")
    cli.tags = cli.zappa.tags = settings.get("tags", {})
    cli.zappa.role_name = roles.name(stage, known)
    policy = stage.fill(json.loads(cli.zappa.attach_policy), known)
    if place := network.vpc_config(stage, known):
        cli.vpc_config = place
    cli.aws_environment_variables = {**network.variables(stage, known), **cli.aws_environment_variables}
    policy["Statement"] += network.statements(stage, known)
    cli.zappa.attach_policy = json.dumps(policy)
