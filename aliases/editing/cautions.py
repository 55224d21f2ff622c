"""What is allowed but seldom meant: warnings about a draft when it is saved, previewed, imported or published."""

import re

from ..models import Alias
from ..pictures import preview
from .shadows import shadow_warnings


def cautions(alias: Alias) -> list[str]:
    """What may be a slip in an alias, as sentences. Looks for the fallback in the bucket."""
    return [sentence for sentence in (*shadow_warnings(alias.name), *of_keys(alias)) if sentence]


def of_keys(alias: Alias) -> list[str]:
    """What may be a slip in its prefix or its fallback."""
    return [sentence for sentence in (of_prefix(alias.prefix, "prefix"), of_fallback(alias)) if sentence]


def of_prefix(prefix: str, what: str) -> str:
    if prefix.startswith("/") or "//" in prefix:
        meant = re.sub("/+", "/", prefix).removeprefix("/")
        return (
            f"The {what} “{prefix}” begins with / or holds //, which S3 takes as it is and few keys do. If that is a "
            f"slip, write “{meant}”."
        )
    if not prefix or prefix.endswith("/"):
        return ""
    return (
        f"The {what} “{prefix}” does not end with /, so the key “1.jpg” reads “{prefix}1.jpg”, beside the folder of "
        f"that name and not in it, and viewers reach other folders that begin so, such as “{prefix}-internal/”. If the "
        f"folder is meant, write “{prefix}/”."
    )


def of_fallback(alias: Alias) -> str:
    if not alias.fallback:
        return ""
    try:
        preview.original_facts(alias.bucket, "", alias.fallback)
    except preview.NoPicture as error:
        return (
            f"The fallback “{alias.fallback}” cannot be shown, so a missing original is answered without a picture: "
            f"{error}"
        )
    return ""
