"""Signatures of Thumbor URLs: HMAC-SHA1 of what stands behind them, base64 in URLs' alphabet, as Thumbor's are.

A URL may be signed over its path as it stands, over the same with its escapes decoded, all of them or those of letters
outside of ASCII, or over the same escaped anew: clients differ in what they quote before they sign, and all of these
name the same picture.
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


#: 20 bytes in base64: 27 characters and a =, which alone no alias's name holds. %3D is the same = escaped.
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{27}(=|%3[Dd])")
#: The same as some clients send it. It may be an alias's name too.
UNPADDED = re.compile(r"[A-Za-z0-9_-]{27}")
#: Letters outside of ASCII, escaped: gateways and browsers escape them in a URL that was signed without.
OUTSIDE_ASCII = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")
#: What clients leave unquoted.
SAFE = "/:@!$&'()*+,;=~-._"


def sign(key: str, path: str) -> str:
    """The signature of a path, as it stands, without its leading /."""
    return digest(key, path.encode()).decode()


def digest(key: str, path: bytes, encoding: str = "utf-8") -> bytes:
    return urlsafe_b64encode(hmac.new(key.encode(encoding), path, sha1).digest())


def encodings(key: str) -> tuple[str, ...]:
    """In which clients sign with a key: as Thumbor does and, where the letters are in it, as its client for Python."""
    try:
        key.encode("latin-1")
    except UnicodeEncodeError:
        return ("utf-8",)
    return ("utf-8",) if key.isascii() else ("utf-8", "latin-1")


def verifies(signature: str, path: str, keys: Sequence[str]) -> bool:
    """Whether a signature is one of the path's, with one of the keys. In constant time for each, on bytes: comparing
    texts fails on letters outside of ASCII."""
    given = signature.replace("%3D", "=").replace("%3d", "=").encode()
    decoded = unquote_to_bytes(path)
    letters = OUTSIDE_ASCII.sub(lambda escapes: unquote_to_bytes(escapes[0]), path.encode())
    spellings = {path.encode(), decoded, letters, quote(decoded, safe=SAFE).encode()}
    # All are computed, whichever fits: which one did is not to be told by the time it took.
    digests = [digest(key, spelling, one) for key in keys for one in encodings(key) for spelling in spellings]
    return sum(hmac.compare_digest(one, given) for one in digests) > 0
