"""Where Zappa calls us: zappa_settings.json names these functions under `callbacks`.

So `zappa deploy`, `update` and `package` do the right thing also when they are not started by make.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

# Zappa loads this file by its path, as a module without a package, and does not look for others beside it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy import environment, stages
from deploy.account import account, notifications
from deploy.account.aws_errors import explain_aws_errors
from deploy.package import archive
from deploy.stages import Refused, Stage

#: Settings of the service that are read from AWS at start, and written down nowhere.
SECRETS = ("ADMIN_PASSWORD", "DATABASE_URL", "ORIGIN_SECRET", "SECRET_KEY", "SECURITY_KEY")
KEPT_BY = ("secretsmanager:", "ssm:")
#: Concurrent executions that AWS leaves to functions without a reservation.
UNRESERVED = 100
#: What a function in a network of its own (vpc_config) needs besides; these actions know no resource.
NETWORK = {
    "Sid": "BeInTheNetwork",
    "Effect": "Allow",
    "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
    "Resource": "*",
}


def prepare(cli: Any) -> None:
    """After Zappa has read its settings: refuse what cannot work, and fill in the placeholders."""
    try:
        stage = stages.stage(cli.api_stage, cli.zappa_settings)
        check(stage)
        # Without credentials (package, template) nothing that is written holds what only AWS knows.
        known = account.known(cli.zappa.boto_session, stage) if cli.load_credentials else account.UNKNOWN
        fill(cli, stage, known)
        if cli.command in ("update", "schedule", "unschedule"):
            with explain_aws_errors():
                asked = notifications.wanted(cli.stage_config.get("events", ()))
                notifications.tidied(cli.zappa.boto_session, stage.function, asked)
        if cli.command == "update":
            environment.exact(cli.zappa.lambda_client, cli.aws_environment_variables)
        if cli.command in ("deploy", "update"):
            uploadable(cli)
            if cli.lambda_concurrency:
                limit(cli)
    except Refused as refused:
        sys.exit(str(refused))


def pack(cli: Any) -> None:
    """After Zappa has made its zip, of which only the settings it generated are kept: put the package in its place."""
    path = Path(cli.zip_path)
    with zipfile.ZipFile(path) as made:
        settings = made.read("zappa_settings.py")
    try:
        stage = stages.stage(cli.api_stage, cli.zappa_settings)
        size = archive.write(path, stage, settings)
    except Refused as refused:
        path.unlink()
        sys.exit(str(refused))
    sys.stdout.write(f"{path.name}: {stage.settings['runtime']} on {stage.architecture}, {size}\n")


def check(stage: Stage) -> None:
    """Raise Refused for settings and tools with which the function could not start, or not be trusted."""
    if running() != stage.python:
        raise Refused(
            f"“{stage.name}” runs on Python {stage.python}, and this Zappa on {running()}; "
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


def running() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def uploadable(cli: Any) -> None:
    """Refuse a bucket for packages that is another account's: of it Zappa would print a traceback, after packaging."""
    try:
        cli.zappa.s3_client.head_bucket(Bucket=cli.s3_bucket_name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 403:  # one that is not there is made
            raise Refused(
                f"The bucket {cli.s3_bucket_name}, through which packages are uploaded, is another account's, or these "
                "credentials may not use it (s3:ListBucket); choose another s3_bucket in zappa_settings.json"
            ) from None


def limit(cli: Any) -> None:
    """Reserve no concurrency where the account has too little: AWS keeps 100 for all other functions, new accounts have
    10 in all, and Zappa would stop half-way."""
    with explain_aws_errors():
        whole = cli.zappa.lambda_client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if whole < cli.lambda_concurrency + UNRESERVED:
        sys.stdout.write(
            f"This account may run {whole} functions at once, too few to reserve {cli.lambda_concurrency} for this "
            "one. Ask AWS for more (Service Quotas, Lambda, “Concurrent executions”); until then nothing is reserved.\n"
        )
        cli.lambda_concurrency = None


def fill(cli: Any, stage: Stage, known: dict[str, str]) -> None:
    """Put the settings, filled in, where Zappa keeps what it read of them."""
    settings = stage.filled(stage.settings, known)
    notifications.wanted(settings.get("events", ()))
    cli.zappa_settings[stage.name] = {name: value for name, value in settings.items() if name != "extends"}
    cli.s3_bucket_name = settings["s3_bucket"]
    cli.aws_environment_variables = settings.get("aws_environment_variables", {})
    cli.lambda_description = settings.get("lambda_description", "")
    cli.apigateway_description = settings.get("apigateway_description", "")
    cli.tags = cli.zappa.tags = settings.get("tags", {})
    policy = stage.filled(json.loads(cli.zappa.attach_policy), known)
    if settings.get("vpc_config"):
        policy["Statement"].append(NETWORK)
    cli.zappa.attach_policy = json.dumps(policy)
