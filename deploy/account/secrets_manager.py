"""An environment's two secrets in AWS Secrets Manager, each one JSON object: what both functions read, and what only
the admin may read."""

import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused, Stage
from .aws_errors import explain_aws_errors

#: The two secrets, and their fields. `images` is read by both functions, `admin` by the admin alone.
FIELDS = {
    "images": ("ORIGIN_SECRET", "SECURITY_KEY"),
    "admin": ("SECRET_KEY", "ADMIN_PASSWORD", "DATABASE_URL"),
}
#: Fields that are generated here, with their bytes of randomness. People only ever need the password, once.
GENERATED = {"ORIGIN_SECRET": 32, "SECURITY_KEY": 32, "SECRET_KEY": 48, "ADMIN_PASSWORD": 18}
#: Fields that are replaced in two steps: the former value stays in `…_FALLBACKS` until nobody uses it any more.
ROTATED = ("ORIGIN_SECRET", "SECURITY_KEY", "SECRET_KEY")
FALLBACKS = "_FALLBACKS"


def name_of(stage: Stage, plane: str) -> str:
    return f"{former_name(stage)}/{plane}"


def former_name(stage: Stage) -> str:
    """The name of the one secret that versions up to 0.2 had for both planes."""
    return f"{stage.project}/{stage.environment}"


def plane_of(field: str) -> str:
    """The secret that a field stands in. What is unknown is the admin's, which has the more rights already."""
    return "images" if field.removesuffix(FALLBACKS) in FIELDS["images"] else "admin"


def generated(field: str) -> str:
    return secrets.token_urlsafe(GENERATED[field])


def ensure(manager: Any, stage: Stage) -> dict[str, str]:
    """All fields of both secrets. Missing ones are generated and stored. DATABASE_URL comes from the environment, once.

    Raises Refused without a DATABASE_URL, before anything else is created.
    """
    with explain_aws_errors():
        held = {plane: read(manager, name_of(stage, plane)) for plane in FIELDS}
        fields = wanted(stage, former(manager, stage, held))
        for plane in FIELDS:
            write(manager, stage, plane, held[plane], fields)
        return fields


def former(manager: Any, stage: Stage, held: Mapping[str, dict[str, str] | None]) -> dict[str, str]:
    """What the secrets hold; where one of them is missing, also what the one secret of earlier versions holds."""
    before = (read(manager, former_name(stage)) or {}) if None in held.values() else {}
    return {**before, **(held["admin"] or {}), **(held["images"] or {})}


def wanted(stage: Stage, held: Mapping[str, str]) -> dict[str, str]:
    fields = {**held}
    if given := os.environ.get("DATABASE_URL", "").strip():
        fields["DATABASE_URL"] = given
    for field in GENERATED:
        fields.setdefault(field, generated(field))
    for field in ROTATED:
        fields.setdefault(field + FALLBACKS, "")
    if not fields.get("DATABASE_URL", "").strip():
        raise Refused(
            f"The admin needs a PostgreSQL database, and the secret {name_of(stage, 'admin')} names none. Give its "
            f"address once: DATABASE_URL=postgres://user:password@host:5432/name make deploy STAGE={stage.environment} "
            "(docs/deploying.md tells how to make one)"
        )
    return fields


def write(
    manager: Any, stage: Stage, plane: str, held: Mapping[str, str] | None, fields: Mapping[str, str]
) -> dict[str, str]:
    """Store those of the fields that are the plane's, if they differ from what is held. Returns them."""
    own = {field: value for field, value in fields.items() if plane_of(field) == plane}
    name, text = name_of(stage, plane), json.dumps(own)
    if held is None:
        what = f"Of {stage.project}, {stage.environment}: {plane}"
        manager.create_secret(Name=name, SecretString=text, Description=what)
    elif own != held:
        manager.put_secret_value(SecretId=name, SecretString=text)
    return own


def versions(manager: Any, stage: Stage) -> dict[str, str]:
    """A short mark of the present version of each secret, empty where there is none. As a variable of a function it
    makes each rotation a new configuration, and so new processes, which read the new values."""
    found = {}
    for plane in FIELDS:
        try:
            stages = manager.describe_secret(SecretId=name_of(stage, plane)).get("VersionIdsToStages", {})
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            stages = {}
        found[plane] = next((version[:8] for version, marks in stages.items() if "AWSCURRENT" in marks), "")
    return found


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
