"""The version of an object in S3: its ETag or, in stores that send none, its modification time and size."""

import contextlib
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import botocore.utils

from ..errors import Nonsense

#: The prefix of a version made from the modification time and the size.
MODIFIED = "modified:"


def version_of(key: str, answer: Any, size: str = "") -> str:
    """The version in a response. If there is none: empty without a `key`; with one, raises Nonsense."""
    if etag := answer.get("ETag"):
        return str(etag)
    if written := answer.get("LastModified"):
        return f"{MODIFIED}{written.timestamp():.0f}-{size or answer.get('ContentLength', '')}"
    if key:
        raise Nonsense(f"{key} has neither an ETag nor a Last-Modified, so changes cannot be detected")
    return ""


def differs(version: str, answer: Any, *, unknown: bool = False) -> bool:
    """Whether a response has another version; `unknown` if the response does not say."""
    if not version.startswith(MODIFIED):
        return opaque_tag(answer["ETag"]) != opaque_tag(version) if answer.get("ETag") else unknown
    if not (written := answer.get("LastModified")):
        return unknown
    seconds, _, size = version.removeprefix(MODIFIED).partition("-")
    length = str(answer.get("ContentLength", ""))
    return seconds != f"{written.timestamp():.0f}" or bool(size and length and size != length)


def is_unversioned(answer: Any) -> bool:
    """Whether a response has no version. S3's always have one; proxies' pages and half-broken stores' have none."""
    return not (answer.get("ETag") or answer.get("LastModified"))


def is_conditional(version: str, *, strong: bool = False) -> bool:
    """Whether a version can be sent in If-None-Match, or with `strong` in If-Match, which takes no weak ETags (RFC
    9110, 13.1)."""
    return bool(version) and not version.startswith(MODIFIED) and not (strong and version.startswith("W/"))


def opaque_tag(etag: str) -> str:
    """An ETag without its quotes and W/, which proxies change."""
    return etag.removeprefix("W/").strip('"')


def parse_timestamp(text: Any) -> datetime | None:
    """A time in a response; None if it cannot be read. botocore's own parser tries every notation, which makes calls a
    tenth slower, and fails the whole response for one that it does not know."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, AttributeError):  # ISO 8601, in the body of a listing and from STS
        with contextlib.suppress(ValueError):
            return botocore.utils.parse_timestamp(text)
    return None
