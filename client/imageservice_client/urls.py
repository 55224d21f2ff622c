"""The URLs of pictures."""

import logging
from typing import Any
from urllib.parse import quote

from .conf import conf
from .listing import listing

logger = logging.getLogger(__name__)


def alias_url(alias: str, key: str, ratio: float = 1, *, width: int | None = None) -> str:
    """The URL of an original's picture by an alias. `key` is as it is in the bucket: nothing is to be quoted before.

    A `ratio` of 2 is for screens with twice the pixels; a `width` of 640 is for a picture so many pixels wide. Where
    the list of aliases is known and does not allow it, the URL is that of the alias's own size, and the log says so.
    An empty key gives an empty text. Raises ValueError for a ratio and a width, which no URL has.
    """
    if width is not None and ratio != 1:
        raise ValueError(f"A URL has a ratio or a width, not both: leave ratio={ratio:g} or width={width} out.")
    if not key:
        return ""
    at = at_ratio(alias, ratio) if width is None else at_width(alias, width)
    return f"{conf().url}/{alias}{at}/{quote(key, safe='/')}"


def at_ratio(alias: str, ratio: float) -> str:
    """What stands in the URL for a ratio: `@2x`, or nothing."""
    known = listing().get(alias)
    if known and ratio not in known.ratios:
        logger.warning("The alias %s has no ratio %g; it has %s.", alias, ratio, ", ".join(map(str, known.ratios)))
        return ""
    return "" if ratio == 1 else f"@{ratio:g}x"


def at_width(alias: str, width: int) -> str:
    """What stands in the URL for a width: `@640w`, or nothing for the alias's own."""
    known = listing().get(alias)
    if known and width not in (known.width, *known.widths):
        has = ", ".join(map(str, known.widths)) or "none but its own"
        logger.warning("The alias %s has no width %s; it has %s.", alias, width, has)
        return ""
    return "" if known and width == known.width else f"@{width}w"


def srcset(alias: str, key: str) -> str:
    """The URLs for every ratio of an alias, as in an `srcset`; empty if there is only one, or none is known."""
    known = listing().get(alias)
    if not key or not known or len(known.ratios) < 2:
        return ""
    return ", ".join(f"{alias_url(alias, key, ratio)} {ratio:g}x" for ratio in known.ratios)


def srcset_by_width(alias: str, key: str) -> str:
    """The URLs for every width of an alias, as in an `srcset` beside `sizes`; empty if there is none, or none is
    known."""
    known = listing().get(alias)
    if not key or not known:
        return ""
    return ", ".join(f"{alias_url(alias, key, width=width)} {width}w" for width in known.widths)


def signed_url(bucket: str, key: str, **options: Any) -> str:
    """A signed Thumbor URL. The options are those of `libthumbor.CryptoURL.generate`, such as `width`, `height`,
    `smart` and `filters`. It needs libthumbor, and IMAGE_SERVICE["SECURITY_KEY"]. Raises ValueError without a key."""
    from libthumbor import CryptoURL

    said = conf()
    if not said.security_key:
        raise ValueError("IMAGE_SERVICE['SECURITY_KEY'] is empty: set it to the service's SECURITY_KEY.")
    path = CryptoURL(key=said.security_key).generate(image_url=f"{bucket}/{quote(key, safe='/')}", **options)
    return f"{said.url}{path}"
