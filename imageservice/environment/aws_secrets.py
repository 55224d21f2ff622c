"""References to secrets in AWS, so that no package and no function's configuration holds a secret.

    SECRET_KEY=secretsmanager:imageservice/production#SECRET_KEY      a field of a secret that is JSON
    SECURITY_KEY=secretsmanager:arn:aws:secretsmanager:eu-west-1:…    a secret that is the value itself
    DATABASE_URL=ssm:/imageservice/production/database-url            a parameter, decrypted

They are read once, when the process starts; processes that start later see a changed secret.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

SECRETS_MANAGER = "secretsmanager:"
PARAMETER_STORE = "ssm:"


class Unreadable(Exception):
    """A secret cannot be read. The message names the variable and says what to do; the service does not start."""


class Environment(Mapping[str, str]):
    """The environment, with references replaced by the secrets that they name. Fetches a secret on access."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value = self.written(name)
        if not is_reference(value):
            return value
        try:
            return read(value)
        except Unreadable as error:
            raise Unreadable(f"{name} is to come from {value}, but {error}") from error.__cause__

    def written(self, name: str) -> str:
        """The variable as it is written: a value or a reference."""
        return self._environ[name].strip()

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)

    def __contains__(self, name: object) -> bool:
        return name in self._environ  # without fetching it


def is_reference(value: str) -> bool:
    """Whether a value is a reference to a secret."""
    return value.startswith((SECRETS_MANAGER, PARAMETER_STORE))


def read(reference: str) -> str:
    """The secret that a reference names. Raises Unreadable."""
    kind, _, place = reference.partition(":")
    place, _, field = place.partition("#")
    if not place.strip():
        raise Unreadable(f"no name follows the colon; write {kind}:name")
    found: Any = fetch(kind, place)
    if field:
        try:
            found = json.loads(found)[field]
        except (ValueError, KeyError, TypeError):
            raise Unreadable(f"that secret is not a JSON object with a field “{field}”") from None
        if isinstance(found, dict | list):
            raise Unreadable(f"the field “{field}” of that secret is neither a string nor a number")
    return "" if found is None else str(found)


@lru_cache
def fetch(kind: str, place: str) -> str:
    """The text of a secret or parameter. Cached: several variables are often fields of one secret."""
    # Imported on demand: botocore takes 0.17 s, which laptops are spared, and boto3 still more.
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from rendering.storage.s3.descriptions import new_session

    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})
    # Any, because there are no stubs for these two services.
    try:
        if kind == "ssm":
            ssm: Any = new_session().create_client("ssm", config=config)
            return str(ssm.get_parameter(Name=place, WithDecryption=True)["Parameter"]["Value"])
        manager: Any = new_session().create_client("secretsmanager", config=config)
        return str(manager.get_secret_value(SecretId=place)["SecretString"])
    except ClientError as error:
        raise Unreadable(meaning(error.response.get("Error", {}).get("Code", ""), kind, place)) from error
    except (BotoCoreError, KeyError, ValueError) as error:
        raise Unreadable(f"it cannot be read: {error}") from error


def meaning(code: str, kind: str, place: str) -> str:
    """What an error code of AWS means here, and what to do."""
    if code in ("ResourceNotFoundException", "ParameterNotFound"):
        return "there is none of that name in this account and region; make deploy creates it, or name another"
    if code in ("AccessDeniedException", "AccessDenied"):
        action = "ssm:GetParameter" if kind == "ssm" else "secretsmanager:GetSecretValue"
        return f"the function's role may not read it; allow {action} on {place}, and kms:Decrypt on a key of your own"
    return f"AWS answered {code}"
