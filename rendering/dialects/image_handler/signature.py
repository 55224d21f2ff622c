"""Signatures of AWS's image handler: `?signature=`, the HMAC-SHA256 of the path with its leading /, in hexadecimal.

Its version 7 signs the other parameters as well: after a ?, sorted by their names and joined by &. Earlier ones, which
read no edits there, sign the path alone; such a signature says nothing of edits in a query, so it is right only where
there are none.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import unquote

from django.utils.crypto import constant_time_compare

from .query import EDITS, EXPIRES, SIGNATURE, parameters


def sign(key: str, text: str) -> str:
    """The signature of a path with its leading / and, after a ?, of its sorted query."""
    return hmac.new(key.encode(), text.encode(errors="surrogateescape"), sha256).hexdigest()


def signature_of(query: str) -> str:
    """The signature in a query; empty if there is none."""
    return dict(parameters(query)).get(SIGNATURE, "")


def verifies(raw: str, query: str, keys: Sequence[str]) -> bool:
    """Whether the query's signature is of this raw path and of its other parameters, with any of the keys."""
    sent = signature_of(query).lower()
    # All are compared, so that timing does not reveal which one matched.
    return True in [constant_time_compare(sign(key, text), sent) for key in keys for text in texts(raw, query)]


def texts(raw: str, query: str) -> set[str]:
    """What may have been signed: the path as it is sent or decoded, as AWS's function gets it, and likewise the query.
    Decoded ones that would read as another path or query are no text of this one."""
    decoded = unquote(raw, errors="surrogateescape")
    paths = {f"/{raw}", *([f"/{decoded}"] if set("%?").isdisjoint(decoded) else [])}
    pairs = sorted(pair for pair in parameters(query) if pair[0] != SIGNATURE)
    said = "&".join(f"{name}={text}" for name, text in pairs)
    queries = {"&".join(sorted(one for one in query.split("&") if one and not one.startswith(f"{SIGNATURE}=")))}
    if parameters(said) == pairs:
        queries.add(said)
    if not any(name in EDITS or name == EXPIRES for name, _ in pairs):
        queries.add("")
    return {f"{path}?{one}" if one else path for path in paths for one in queries}
