"""The environment's secret in AWS Secrets Manager: one JSON object, which each function's role may read."""

import json
import os
import secrets
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused, Stage
from .aws_errors import explain_aws_errors

#: Fields that are generated here, with their bytes of randomness. People only ever need the password, once.
GENERATED = {"ORIGIN_SECRET": 32, "SECURITY_KEY": 32, "SECRET_KEY": 48, "ADMIN_PASSWORD": 18}


def name_of(stage: Stage) -> str:
    return f"{stage.project}/{stage.environment}"


def ensure(manager: Any, stage: Stage) -> dict[str, str]:
    """The secret's fields. Missing ones are generated and stored. DATABASE_URL comes from the environment, once.

    Raises Refused without a DATABASE_URL, before anything else is created.
    """
    name = name_of(stage)
    with explain_aws_errors():
        held = read(manager, name)
        wanted = {**(held or {})}
        if given := os.environ.get("DATABASE_URL", "").strip():
            wanted["DATABASE_URL"] = given
        for field, size in GENERATED.items():
            wanted.setdefault(field, secrets.token_urlsafe(size))
        if not wanted.get("DATABASE_URL", "").strip():
            raise Refused(
                f"The admin needs a PostgreSQL database, and the secret {name} names none. Give its address once: "
                f"DATABASE_URL=postgres://user:password@host:5432/name make deploy STAGE={stage.environment} "
                "(docs/deploying.md tells how to make one)"
            )
        text = json.dumps(wanted)
        if held is None:
            manager.create_secret(Name=name, SecretString=text, Description=f"Of {stage.project}, {stage.environment}")
        elif wanted != held:
            manager.put_secret_value(SecretId=name, SecretString=text)
        return wanted


def read(manager: Any, name: str) -> dict[str, str] | None:
    try:
        text = manager.get_secret_value(SecretId=name)["SecretString"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        if "marked for deletion" in str(error) or "marked deleted" in str(error):
            raise Refused(
                f"The secret {name} is scheduled for deletion; restore it first: "
                f"aws secretsmanager restore-secret --secret-id {name}"
            ) from None
        raise
    try:
        held = json.loads(text)
        return {field: str(value) for field, value in held.items()}
    except (ValueError, AttributeError):
        raise Refused(f"The secret {name} is not a JSON object; make it one with a field DATABASE_URL") from None
