"""Signatures of Thumbor URLs: the HMAC of everything after them, in URL-safe base64, as Thumbor and imagor make them.

Clients differ in what they percent-encode before they sign. So a signature may be of the path as sent, of the path
decoded (all of it, or only characters outside ASCII), or of the path decoded and encoded again, as long as that text is
itself a path of the same picture; and where an address in it has one slash after its scheme, since some proxies merge
the two that were signed, of the path with both. So a signature never verifies the paths of two pictures.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote

from msgspec import Struct

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


#: Bytes of each algorithm's HMAC.
BYTES = {"sha1": 20, "sha256": 32, "sha512": 64}


class Signer(Struct, frozen=True):
    """How URLs are signed: by SHA-1 as Thumbor does, or by another algorithm and cut to a length as imagor can."""

    algorithm: str = "sha1"
    #: Characters that are kept of a signature, from its beginning; 0 for all.
    length: int = 0
    #: Whether only the path as it is sent may be what was signed, as imagor has it.
    exact: bool = False

    def digest(self, key: bytes, text: bytes) -> bytes:
        """The signature of a text, as bytes of ASCII."""
        return urlsafe_b64encode(hmac.digest(key, text, self.algorithm))[: self.length or None]

    def certain(self, first: str) -> bool:
        """Whether a first segment can be nothing but a signature: it ends with a =, which no alias's name has."""
        return bool(self.padding and forms(self)[0].fullmatch(first))

    def possible(self, first: str) -> bool:
        """Whether a first segment has the form of a signature without its =, and may be an alias's name as well."""
        return bool(forms(self)[1].fullmatch(first))

    @property
    def padding(self) -> str:
        """The = at the end of a signature, as many as are kept."""
        whole = urlsafe_b64encode(bytes(BYTES[self.algorithm])).decode()
        return "=" * whole[: self.length or None].count("=")


@lru_cache(maxsize=8)
def forms(signer: Signer) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The forms of a signature: with its =, which may be escaped as %3D, and without."""
    bare = rf"[A-Za-z0-9_-]{{{len(signer.digest(b'', b'').rstrip(b'='))}}}"
    return re.compile(rf"{bare}(?:=|%3[Dd]){{{len(signer.padding)}}}"), re.compile(bare)


THUMBORS = Signer()


def sign(key: str, path: str, signer: Signer = THUMBORS) -> str:
    """The signature of a path, which is taken literally and has no leading /."""
    return signer.digest(key.encode(), path.encode()).decode()


def key_encodings(key: str) -> tuple[str, ...]:
    """How clients encode a key: as UTF-8, like Thumbor, or as Latin-1, like its Python client, if the key allows it."""
    try:
        key.encode("latin-1")
    except UnicodeEncodeError:
        return ("utf-8",)
    return ("utf-8",) if key.isascii() else ("utf-8", "latin-1")


def verifies(signature: str, path: str, keys: Sequence[str], signer: Signer = THUMBORS) -> bool:
    """Whether the signature is the path's, with any of the keys. Compares bytes in constant time; comparing text would
    fail outside ASCII."""
    sent = signature.replace("%3D", "=").replace("%3d", "=").encode()
    texts = [text.encode(errors="surrogateescape") for text in ({path} if signer.exact else spellings(path))]
    # All are computed, so that timing does not reveal which one matched.
    digests = [
        signer.digest(key.encode(encoding), text) for key in keys for encoding in key_encodings(key) for text in texts
    ]
    return sum(hmac.compare_digest(one, sent) for one in digests) > 0


def spellings(path: str) -> set[str]:
    """The texts of which a signature of this path may be."""
    decoded = unquote(path, errors="surrogateescape")
    ascii_escaped = OUTSIDE_ASCII.sub(lambda escapes: unquote(escapes[0], errors="surrogateescape"), path)
    texts = {decoded, ascii_escaped, quote(decoded, safe=SAFE, errors="surrogateescape")}
    texts |= {MERGED.sub(r"\1//", text) for text in (path, *texts)}
    # `a%2520b.jpg` decoded is `a%20b.jpg`, which is the path of another original: only that one's signature is of it.
    return {path, *(text for text in texts - {path} if is_same_url(text, path))}
