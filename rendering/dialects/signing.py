"""Signatures of Thumbor URLs: the HMAC-SHA1 of everything after them, in URL-safe base64, as Thumbor makes them.

Clients differ in what they percent-encode before they sign. So a signature may be of the path as sent, of the path
decoded (all of it, or only characters outside ASCII), or of the path decoded and encoded again. All of these name the
same picture.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha1
from urllib.parse import quote, unquote_to_bytes


class WrongSignature(Exception):
    """The message is public."""

    code = "wrong_signature"


class UnsafeNotAllowed(Exception):
    """The message is public."""

    code = "unsafe_not_allowed"


class Expired(Exception):
    """The message is public."""

    code = "expired"


#: 20 bytes in base64: 27 characters and a =, which no alias's name has. It may be escaped, as %3D.
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{27}(=|%3[Dd])")
#: Without the =, as some clients send it. It may be an alias's name too.
UNPADDED = re.compile(r"[A-Za-z0-9_-]{27}")
#: Characters outside ASCII, escaped: gateways and browsers escape them in URLs that were signed unescaped.
OUTSIDE_ASCII = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")
#: What clients leave unescaped.
SAFE = "/:@!$&'()*+,;=~-._"


def sign(key: str, path: str) -> str:
    """The signature of a path, which is taken literally and has no leading /."""
    return digest(key, path.encode()).decode()


def digest(key: str, path: bytes, encoding: str = "utf-8") -> bytes:
    return urlsafe_b64encode(hmac.new(key.encode(encoding), path, sha1).digest())


def key_encodings(key: str) -> tuple[str, ...]:
    """How clients encode a key: as UTF-8, like Thumbor, or as Latin-1, like its Python client, if the key allows it."""
    try:
        key.encode("latin-1")
    except UnicodeEncodeError:
        return ("utf-8",)
    return ("utf-8",) if key.isascii() else ("utf-8", "latin-1")


def verifies(signature: str, path: str, keys: Sequence[str]) -> bool:
    """Whether the signature is the path's, with any of the keys. Compares bytes in constant time; comparing text would
    fail outside ASCII."""
    sent = signature.replace("%3D", "=").replace("%3d", "=").encode()
    decoded = unquote_to_bytes(path)
    ascii_escaped = OUTSIDE_ASCII.sub(lambda escapes: unquote_to_bytes(escapes[0]), path.encode())
    spellings = {path.encode(), decoded, ascii_escaped, quote(decoded, safe=SAFE).encode()}
    # All are computed, so that timing does not reveal which one matched.
    digests = [
        digest(key, spelling, encoding) for key in keys for encoding in key_encodings(key) for spelling in spellings
    ]
    return sum(hmac.compare_digest(one, sent) for one in digests) > 0
