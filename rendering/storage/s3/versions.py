"""What tells the version of an object in S3: its ETag, or what stands for it where the store tells none.

Some stores give weak ETags, or none; for these, when an object was written, and its size.
"""

import contextlib
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import botocore.utils

from ..errors import Nonsense

#: How a version begins that stands for an ETag.
MODIFIED = "modified:"


def version_of(key: str, answer: Any, size: str = "") -> str:
    """The version that an answer tells. Raises Nonsense where it tells none; without a key, that is the empty one."""
    if etag := answer.get("ETag"):
        return str(etag)
    if written := answer.get("LastModified"):
        return f"{MODIFIED}{written.timestamp():.0f}-{size or answer.get('ContentLength', '')}"
    if key:
        raise Nonsense(f"{key} has neither an ETag nor a Last-Modified, so nothing tells when it changes")
    return ""


def differs(version: str, answer: Any, *, unknown: bool = False) -> bool:
    """Whether an answer is of another version. `unknown` is what is said where it does not tell."""
    if not version.startswith(MODIFIED):
        return alike(answer["ETag"]) != alike(version) if answer.get("ETag") else unknown
    if not (written := answer.get("LastModified")):
        return unknown
    moment, _, size = version.removeprefix(MODIFIED).partition("-")
    length = str(answer.get("ContentLength", ""))
    return moment != f"{written.timestamp():.0f}" or bool(size and length and size != length)


def conditional(version: str, *, strong: bool = False) -> bool:
    """Whether a version may be sent as a condition: If-None-Match takes any ETag, If-Match only `strong` ones (RFC
    9110, 13.1)."""
    return bool(version) and not version.startswith(MODIFIED) and not (strong and version.startswith("W/"))


def alike(etag: str) -> str:
    """An ETag without what proxies change in it."""
    return etag.removeprefix("W/").strip('"')


def moment(text: Any) -> datetime | None:
    """A time as S3's headers tell it; None for what is none. botocore tries every notation there is, which costs a
    tenth of the call, and gives the whole answer up for one that it does not know."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, AttributeError):  # as in the body of a list, and as STS tells it
        with contextlib.suppress(ValueError):
            return botocore.utils.parse_timestamp(text)
    return None
