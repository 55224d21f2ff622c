"""The environment's secret in AWS Secrets Manager: one JSON object, of which each function's role may read all."""

import json
import os
import secrets
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused, Stage
from .aws_errors import told

#: What is made here, in bytes of randomness. Of all this people need to know the password, once.
MADE = {"ORIGIN_SECRET": 32, "SECURITY_KEY": 32, "SECRET_KEY": 48, "ADMIN_PASSWORD": 18}


def name_of(stage: Stage) -> str:
    return f"{stage.project}/{stage.environment}"


def ready(manager: Any, stage: Stage) -> dict[str, str]:
    """The secret's fields, after what was missing was put in. DATABASE_URL comes from this command's environment, once.

    Raises Refused when there is none: nothing else has been made by then.
    """
    name = name_of(stage)
    with told():
        held = read(manager, name)
        wanted = {**(held or {})}
        if given := os.environ.get("DATABASE_URL", "").strip():
            wanted["DATABASE_URL"] = given
        for field, size in MADE.items():
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
                f"The secret {name} is about to be deleted; bring it back first: "
                f"aws secretsmanager restore-secret --secret-id {name}"
            ) from None
        raise
    try:
        held = json.loads(text)
        return {field: str(value) for field, value in held.items()}
    except (ValueError, AttributeError):
        raise Refused(f"The secret {name} is no JSON object; make it one with a field DATABASE_URL") from None
