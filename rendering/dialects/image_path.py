"""The image path of a Thumbor URL: the bucket that it is in, and how it says so.

photos/people/one.jpg                           the bucket's name
https://cdn.acme.com/media/people/one.jpg       an address that stands for a bucket, with or without its scheme
people/one.jpg                                  none: the bucket that THUMBOR_BUCKET names
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from urllib.parse import unquote

from msgspec import Struct

#: How an address begins. Proxies merge slashes, so one counts as two.
SCHEME = re.compile(r"(https?:)/+", re.IGNORECASE)
#: Characters of a raw path within which a scheme ends, however it is escaped.
LONGEST_SCHEME = 100
#: An address as the argument of a filter.
SCHEME_WITHIN = re.compile(rf"(?<=\(){SCHEME.pattern}", re.IGNORECASE)
#: What a path begins with that is meant neither as a bucket nor as a key: an address, or filters with a mistake.
NEITHER = re.compile(r"(?:https?|filters):", re.IGNORECASE)


class By(StrEnum):
    """What says which bucket a URL is of."""

    NAME = "name"
    ADDRESS = "address"
    SETTING = "setting"


class Buckets(Struct, frozen=True):
    """What image paths may name."""

    #: The names of all buckets.
    names: Collection[str] = ()
    #: The name of the bucket by each address that stands for one: without a scheme, with a / at the end.
    addresses: Mapping[str, str] = {}
    #: The bucket of paths that name none. If it is empty, a path's first folder is a bucket's name, known or not.
    otherwise: str = ""


class Named(Struct, frozen=True):
    """A bucket's name, a key in that bucket, and what says so."""

    bucket: str
    key: str
    by: By = By.NAME


def decode(raw: str) -> str:
    """The text of a raw image path, percent-decoded once; twice for an address whose beginning is escaped, since who
    escapes that has escaped the whole address, which has escapes of its own."""
    text = unquote(raw, errors="surrogateescape")
    return unquote(text, errors="surrogateescape") if is_escaped(raw) else text


def is_escaped(raw: str) -> bool:
    """Whether a raw image path is an address whose beginning is escaped."""
    text = unquote(raw[:LONGEST_SCHEME], errors="surrogateescape")
    return bool(SCHEME.match(text.lstrip("/")) and not SCHEME.match(raw.lstrip("/")))


def locate(path: str, buckets: Buckets) -> Named:
    """The bucket and the key of an image path, decoded. An address counts first, the longest of several; then a first
    folder that has the name of a bucket; then the setting."""
    path = path.lstrip("/")
    if buckets.addresses and (found := by_address(path, buckets.addresses)):
        return found
    name, slash, key = path.partition("/")
    if buckets.otherwise and not (slash and name in buckets.names) and not NEITHER.match(name):
        return Named(buckets.otherwise, path, By.SETTING)
    return Named(name, key)


def by_address(path: str, addresses: Mapping[str, str]) -> Named | None:
    scheme = SCHEME.match(path)
    host, slash, rest = path[scheme.end() if scheme else 0 :].partition("/")
    address = f"{host.lower() if host.isascii() else host}{slash}{rest}"
    end = address.rfind("/")
    while end >= 0:
        if name := addresses.get(address[: end + 1]):
            return Named(name, address[end + 1 :], By.ADDRESS)
        end = address.rfind("/", 0, end)
    return None
