"""URLs of every kind, of the bucket and the alias that the control plane's tests share."""

from urllib.parse import quote

from rendering.dialects.raw_path import SAFE
from rendering.dialects.signing import sign

#: The key that the tests of the inspector sign with.
KEY = "a-key-of-sixteen-or-more"


def signed(rest: str) -> str:
    return f"/{sign(KEY, rest)}/{rest}"


def thumbor(slots: str, key: str) -> str:
    """What follows the signature or `unsafe`."""
    return f"{slots}photos/{quote(key, safe=SAFE)}"
