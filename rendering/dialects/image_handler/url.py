"""The URLs of AWS's Serverless Image Handler (now Dynamic Image Transformation), for those who move from it.

    /eyJidWNrZXQiOiJhY21lLXBob3RvcyIsImtleSI6Im9uZS5qcGcifQ==    base64 of {"bucket": …, "key": …, "edits": {…}}
    /fit-in/300x200/filters:grayscale()/one.jpg                  its own kind of Thumbor URL, of the first bucket

Both say what they want as edits (`edits.py`), which become a recipe. They name S3's buckets and whole keys: `place`
finds the bucket of ours that lies there, among those that are meant for these URLs.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote

from rendering.catalogue.catalogue import Bucket, UnknownBucket
from rendering.imaging.errors import BadRecipe
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

from . import edits, thumbor_style
from .query import over

#: Characters of a URL beyond which nothing is read: a key of 1,024 bytes, escaped, and its edits have room.
LONGEST = 8192
#: Both alphabets of base64. Its padding may be missing, or too much, as with AWS.
BASE64 = re.compile(r"[A-Za-z0-9+/_-]+=*")


@dataclass(frozen=True, slots=True)
class HandlerUrl:
    bucket: Bucket
    #: Of the original, in our bucket.
    key: str
    recipe: Recipe
    #: Edits that this service does not have.
    skipped: tuple[str, ...]


def read(
    raw: str, query: str, buckets: Sequence[Bucket], limits: Limits, base: Recipe, *, base64_only: bool = False
) -> HandlerUrl | None:
    """Read a raw path and its query, of buckets that may be named, the first of them where none is. None: it is no such
    URL.

    Raises BadRecipe for what cannot be read, or left undone; UnknownBucket for a place where none of the buckets lies.
    """
    if len(raw) > LONGEST:
        return None
    request = document(raw)
    if request is None and not base64_only:
        request = thumbor_style.read(raw, names(buckets))
    if request is None or not request["key"]:
        return None
    bucket, key = place(buckets, request.get("bucket"), request["key"])
    request = over(request, query)

    def overlay(name: str | None, key: str) -> str:
        found, rest = place(buckets, name, key)
        return f"{found.name}/{rest}"

    recipe, skipped = edits.recipe(request, limits, base, overlay)
    return HandlerUrl(bucket, key, recipe, skipped)


def document(raw: str) -> Mapping[str, Any] | None:
    """The JSON object that a whole path is the base64 of, as a request with a key. None: the path is no base64 of what
    begins as one. AWS's own base64 may hold a /."""
    text = unquote(raw)
    if not BASE64.fullmatch(text):
        return None
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        content = b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return None
    if not content.startswith(b"{"):
        return None
    try:
        request = json.loads(content, parse_constant=refused)
    except (ValueError, RecursionError):
        raise BadRecipe("This URL is the base64 of something that begins like JSON and is none") from None
    if not isinstance(request.get("key"), str) or not isinstance(request.get("bucket") or "", str):
        raise BadRecipe('The JSON of this URL needs the original\'s key, as text: {"bucket": "…", "key": "one.jpg"}')
    return dict(request)


def refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def names(buckets: Sequence[Bucket]) -> frozenset[str]:
    """What these URLs may call the buckets: S3's names, and ours."""
    located = {bucket.place.location for bucket in buckets if bucket.place and bucket.place.kind == "s3"}
    return frozenset(located | {bucket.name for bucket in buckets})


def place(buckets: Sequence[Bucket], name: str | None, key: str) -> tuple[Bucket, str]:
    """The bucket of ours that lies where a URL says, and the key in it: of several in one of S3's buckets, the one with
    the longest prefix. Without a name, it lies where the first of them does.

    Raises UnknownBucket, which names nothing physical: whether S3 has a bucket is not ours to tell.
    """
    first = buckets[0].place
    if not name:
        there = [one for one in buckets if one is buckets[0] or (first and one.place and same(one, first.location))]
    else:
        there = [one for one in buckets if same(one, name)] or [one for one in buckets if one.name == name]
    fitting = [one for one in there if key.startswith(prefix(one))]
    if not fitting:
        raise UnknownBucket("None of the buckets that these URLs may name lies there; see IMAGE_HANDLER_BUCKETS")
    bucket = max(fitting, key=lambda one: len(prefix(one)))
    return bucket, key.removeprefix(prefix(bucket))


def same(bucket: Bucket, location: str) -> bool:
    return bool(bucket.place and bucket.place.kind == "s3" and bucket.place.location == location)


def prefix(bucket: Bucket) -> str:
    return bucket.place.prefix if bucket.place else ""
