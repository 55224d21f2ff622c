"""Signatures of Thumbor URLs: the HMAC-SHA1 of everything after them, in URL-safe base64, as Thumbor makes them.

Clients differ in what they percent-encode before they sign. So a signature may be of the path as sent, of the path
decoded (all of it, or only characters outside ASCII), or of the path decoded and encoded again, as long as that text is
itself a path of the same picture; and where an address in it has one slash after its scheme, since some proxies merge
the two that were signed, of the path with both. So a signature never verifies the paths of two pictures.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha1
from urllib.parse import quote, unquote

from .raw_path import SAFE
from .thumbor import is_same_url


class WrongSignature(Exception):
    """The message is public."""

    code = "wrong_signature"


class UnsafeNotAllowed(Exception):
    """The message is public."""

    code = "unsafe_not_allowed"


class Expired(Exception):
    """The message is public."""

    code = "expired"


#: Characters outside ASCII, escaped: gateways and browsers escape them in URLs that were signed unescaped.
OUTSIDE_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
#: The scheme of an address within a path whose slashes a proxy has merged.
MERGED = re.compile(r"(https?:)/(?!/)", re.IGNORECASE)


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
    texts = [text.encode(errors="surrogateescape") for text in spellings(path)]
    # All are computed, so that timing does not reveal which one matched.
    digests = [digest(key, text, encoding) for key in keys for encoding in key_encodings(key) for text in texts]
    return sum(hmac.compare_digest(one, sent) for one in digests) > 0


def spellings(path: str) -> set[str]:
    """The texts of which a signature of this path may be."""
    decoded = unquote(path, errors="surrogateescape")
    ascii_escaped = OUTSIDE_ASCII.sub(lambda escapes: unquote(escapes[0], errors="surrogateescape"), path)
    texts = {decoded, ascii_escaped, quote(decoded, safe=SAFE, errors="surrogateescape")}
    texts |= {MERGED.sub(r"\1//", text) for text in (path, *texts)}
    # `a%2520b.jpg` decoded is `a%20b.jpg`, which is the path of another original: only that one's signature is of it.
    return {path, *(text for text in texts - {path} if is_same_url(text, path))}
