"""Variables whose value says where AWS keeps it, so that no secret stands in a package or a function's configuration.

    SECRET_KEY=secretsmanager:imageservice/production#SECRET_KEY      a field of a secret that is JSON
    SECURITY_KEY=secretsmanager:arn:aws:secretsmanager:eu-west-1:…    a secret that is the value itself
    DATABASE_URL=ssm:/imageservice/production/database-url            a parameter, decrypted

They are read when the process starts and not again: a changed secret is taken up by processes that start later.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

SECRETS_MANAGER = "secretsmanager:"
PARAMETER_STORE = "ssm:"


class Unreadable(Exception):
    """A secret cannot be had. The message names the variable and says what to do; the service does not start."""


class Environment(Mapping[str, str]):
    """The environment, with what AWS keeps in place of where it keeps it. Fetches only what is asked for."""

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
        """What the environment itself holds: the value, or where it is kept."""
        return self._environ[name].strip()

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)

    def __contains__(self, name: object) -> bool:
        return name in self._environ  # without fetching it


def is_reference(value: str) -> bool:
    """Whether a value says where it is kept, instead of being it."""
    return value.startswith((SECRETS_MANAGER, PARAMETER_STORE))


def read(reference: str) -> str:
    """What AWS keeps there. Raises Unreadable."""
    kind, _, place = reference.partition(":")
    place, _, field = place.partition("#")
    if not place.strip():
        raise Unreadable(f"no name follows the colon; write {kind}:name")
    kept: Any = fetched(kind, place)
    if field:
        try:
            kept = json.loads(kept)[field]
        except (ValueError, KeyError, TypeError):
            raise Unreadable(f"that secret is no JSON object with a field “{field}”") from None
        if isinstance(kept, dict | list):
            raise Unreadable(f"the field “{field}” of that secret is neither a text nor a number")
    return "" if kept is None else str(kept)


@lru_cache
def fetched(kind: str, place: str) -> str:
    """The whole text of a secret or parameter: several variables are often fields of one."""
    # botocore takes a sixth of a second to import, which a laptop need not pay, and boto3 still more.
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})
    # Any: the stubs of these two services are installed nowhere.
    try:
        if kind == "ssm":
            ssm: Any = Session().create_client("ssm", config=config)
            return str(ssm.get_parameter(Name=place, WithDecryption=True)["Parameter"]["Value"])
        manager: Any = Session().create_client("secretsmanager", config=config)
        return str(manager.get_secret_value(SecretId=place)["SecretString"])
    except ClientError as error:
        raise Unreadable(meaning(error.response.get("Error", {}).get("Code", ""), kind, place)) from error
    except (BotoCoreError, KeyError, ValueError) as error:
        raise Unreadable(f"it cannot be read: {error}") from error


def meaning(code: str, kind: str, place: str) -> str:
    if code in ("ResourceNotFoundException", "ParameterNotFound"):
        return "there is none of that name in this account and region; make deploy creates it, or name another"
    if code in ("AccessDeniedException", "AccessDenied"):
        action = "ssm:GetParameter" if kind == "ssm" else "secretsmanager:GetSecretValue"
        return f"the function's role may not read it; allow {action} on {place}, and kms:Decrypt on a key of your own"
    return f"AWS answered {code}"
