"""Secrets of second factors, encrypted in the database, so that a stolen backup makes no codes.

The key is derived from SECRET_KEY. Values that a former key encrypted are read with SECRET_KEY_FALLBACKS. `migrate`
encrypts them again with the current key, and encrypts what was stored in plain text before.
"""

import base64
import logging
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections, transaction

logger = logging.getLogger(__name__)

#: The prefix of encrypted values; no secret of allauth's begins with it.
MARK = "fernet:"
#: Where authenticators have secrets. Passkeys have none: only public keys are stored.
FIELDS = ("secret", "seed", "migrated_codes")
UNREADABLE = (
    "This second factor cannot be checked any more: this service's SECRET_KEY was replaced. It is not your fault. Ask "
    "its operator to put the former one into SECRET_KEY_FALLBACKS, or to remove your second factor"
)


class Unreadable(ValidationError):
    """A ValidationError, so that a form shows it. Templates show nothing in its place."""

    silent_variable_failure = True


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    def encrypt(self, text: str) -> str:
        return MARK + keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(MARK):
            return encrypted_text  # the next `migrate` encrypts it
        try:
            return keys().decrypt(encrypted_text.removeprefix(MARK)).decode()
        except InvalidToken:
            hint = "Put the former SECRET_KEY into SECRET_KEY_FALLBACKS, or remove the factors: docs/access.md"
            logger.error("second factor unreadable", extra={"facts": {"hint": hint}})
            raise Unreadable(UNREADABLE) from None


def keys() -> MultiFernet:
    """The first key encrypts; all of them decrypt."""
    return MultiFernet([Fernet(key_of(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def key_of(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factors").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)


def keep_encrypted(using: str = "default", **kwargs: Any) -> None:
    """Encrypt every secret with the current key. Django calls this after each `migrate`."""
    authenticators: Any = apps.get_model("mfa.Authenticator")  # type: ignore[misc]  # where it is on
    if authenticators._meta.db_table not in connections[using].introspection.table_names():
        return
    with transaction.atomic(using=using):
        for row in authenticators.objects.using(using).select_for_update():
            data = {name: reencrypt(value) if name in FIELDS else value for name, value in row.data.items()}
            if data != row.data:
                authenticators.objects.using(using).filter(pk=row.pk).update(data=data)


def reencrypt(value: Any) -> Any:
    """A value encrypted with the current key. Unchanged if it is already, or if no configured key decrypts it."""
    if isinstance(value, list):
        return [reencrypt(one) for one in value]
    try:
        Fernet(key_of(settings.SECRET_KEY)).decrypt(value.removeprefix(MARK))
    except InvalidToken:
        try:
            return Adapter().encrypt(Adapter().decrypt(value))
        except Unreadable:
            return value
    return value
