"""The URLs of pictures."""

import logging
from typing import Any
from urllib.parse import quote

from .conf import conf
from .listing import listing

logger = logging.getLogger(__name__)


def alias_url(alias: str, key: str, ratio: float = 1) -> str:
    """The URL of an original's picture by an alias. `key` is as it is in the bucket: nothing is to be quoted before.

    A `ratio` of 2 is for screens with twice the pixels. Where the list of aliases is known and does not allow it, the
    URL is that of ratio 1, and the log says so. An empty key gives an empty text.
    """
    if not key:
        return ""
    known = listing().get(alias)
    if known and ratio not in known.ratios:
        logger.warning("The alias %s has no ratio %g; it has %s.", alias, ratio, ", ".join(map(str, known.ratios)))
        ratio = 1
    at = "" if ratio == 1 else f"@{ratio:g}x"
    return f"{conf().url}/{alias}{at}/{quote(key, safe='/')}"


def srcset(alias: str, key: str) -> str:
    """The URLs for every ratio of an alias, as in an `srcset`; empty if there is only one, or none is known."""
    known = listing().get(alias)
    if not key or not known or len(known.ratios) < 2:
        return ""
    return ", ".join(f"{alias_url(alias, key, ratio)} {ratio:g}x" for ratio in known.ratios)


def signed_url(bucket: str, key: str, **options: Any) -> str:
    """A signed Thumbor URL. The options are those of `libthumbor.CryptoURL.generate`, such as `width`, `height`,
    `smart` and `filters`. It needs libthumbor, and IMAGE_SERVICE["SECURITY_KEY"]. Raises ValueError without a key."""
    from libthumbor import CryptoURL

    said = conf()
    if not said.security_key:
        raise ValueError("IMAGE_SERVICE['SECURITY_KEY'] is empty: set it to the service's SECURITY_KEY.")
    path = CryptoURL(key=said.security_key).generate(image_url=f"{bucket}/{quote(key, safe='/')}", **options)
    return f"{said.url}{path}"
