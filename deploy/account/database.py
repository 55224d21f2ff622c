"""The admin's database where none is given: the stack `edge/database.yaml`, in the network of `network.py`."""

import json
import os
import secrets
from typing import Any
from urllib.parse import urlencode

from ..stages import Stage
from . import network, secrets_manager
from .network import Put
from .stacks import say

#: Where the function has the certificates of RDS: deploy/package/certificates.py.
CERTIFICATES = "/var/task/certificates/rds.crt"
USER = NAME = "imageservice"
#: Bytes of randomness in the password.
PASSWORD = 30


def ensured(manager: Any, stage: Stage, put: Put) -> str:
    """The database's address: the one in DATABASE_URL or in the secret, if it is another's; else that of ours, which is
    created, or brought up to date. Safe to repeat from wherever it stopped. Raises Refused."""
    given = os.environ.get("DATABASE_URL", "").strip() or held(manager, stage)
    if given and not ours(given):
        return given
    say("  no database is given (DATABASE_URL): this makes one in a network of its own, which takes some ten minutes")
    made = network.ensured(put)
    name = secret_of(stage)
    word = password(manager, name)
    address = put("database", SubnetIds=made["SubnetIds"], GroupId=made["DatabaseGroupId"], Secret=name)["Address"]
    return url(word, address)


def url(word: str, address: str) -> str:
    """The address for DATABASE_URL. The server has to show a certificate of RDS for its own name."""
    return f"postgres://{USER}:{word}@{address}:5432/{NAME}?" + urlencode(
        {"sslmode": "verify-full", "sslrootcert": CERTIFICATES}, safe="/"
    )


def ours(address: str) -> bool:
    """Whether the address is of a database that was made here."""
    return address.startswith(f"postgres://{USER}:") and f"sslrootcert={CERTIFICATES}" in address


def held(manager: Any, stage: Stage) -> str:
    """The DATABASE_URL that the admin's secret has, or the one secret of earlier versions; empty if it has none."""
    names = (secrets_manager.name_of(stage, "admin"), secrets_manager.former_name(stage))
    found = [(secrets_manager.read(manager, name) or {}).get("DATABASE_URL", "").strip() for name in names]
    return next(filter(None, found), "")


def secret_of(stage: Stage) -> str:
    return f"{stage.project}/{stage.environment}/database"


def password(manager: Any, name: str) -> str:
    """The password in that secret. It is written there before there is a database, so that a later run finds it."""
    if kept := secrets_manager.read(manager, name):
        return kept["PASSWORD"]
    word = secrets.token_urlsafe(PASSWORD)
    manager.create_secret(Name=name, SecretString=json.dumps({"PASSWORD": word}), Description="Of the database's user")
    return word
