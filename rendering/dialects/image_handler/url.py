"""Reads URLs of AWS's Serverless Image Handler (now Dynamic Image Transformation), for those who move from it.

    /eyJidWNrZXQiOiJhY21lLXBob3RvcyIsImtleSI6Im9uZS5qcGcifQ==    base64 of {"bucket": …, "key": …, "edits": {…}}
    /fit-in/300x200/filters:grayscale()/one.jpg                  its own kind of Thumbor URL, in the first bucket

Both ask for edits (`edits.py`), which become a recipe. They name buckets of S3 and full keys in them: `locate` finds
the bucket of this service that lies there, among those that IMAGE_HANDLER_BUCKETS lists.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket, UnknownBucket
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

from . import edits, thumbor_style
from .query import expiry, merge_query

#: Longer URLs are not read, in characters. A key of 1,024 bytes, escaped, and its edits fit.
LONGEST = 8192
#: Later than any moment at which a URL expires, in seconds since the epoch.
FOREVER = 99_999_999_999
#: Both alphabets of base64. Like AWS, allow too little or too much padding.
BASE64 = re.compile(r"[A-Za-z0-9+/_-]+=*")


class HandlerUrl(Struct, frozen=True):
    bucket: Bucket
    #: The original's key in that bucket.
    key: str
    recipe: Recipe
    #: Names of the edits that are ignored.
    skipped: tuple[str, ...]


def read(
    raw: str, query: str, buckets: Sequence[Bucket], limits: Limits, base: Recipe, *, base64_only: bool = False
) -> HandlerUrl | None:
    """Read a raw path and its query. None if it is not a URL of the image handler.

    `buckets` are those that URLs may name; a URL that names none means the first. What the URL leaves open is taken
    from `base`. Raises BadRecipe for edits that cannot be read or must not be ignored, and UnknownBucket for a place in
    which none of the buckets lies.
    """
    if len(raw) > LONGEST:
        return None
    request = read_base64(raw)
    if request is None and not base64_only:
        request = thumbor_style.read(raw, names(buckets))
    if request is None or not request["key"]:
        return None
    bucket, key = locate(buckets, request.get("bucket"), request["key"])
    request = merge_query(request, query)

    def overlay(name: str | None, key: str) -> str:
        found, rest = locate(buckets, name, key)
        return f"{found.name}/{rest}"

    recipe, skipped = edits.recipe(request, limits, base, overlay)
    if (moment := expiry(query)) is not None:
        recipe = replace(recipe, filters=(*recipe.filters, FILTERS["expire"].call([str(min(max(0, moment), FOREVER))])))
    return HandlerUrl(bucket, key, recipe, skipped)


def read_base64(raw: str) -> Mapping[str, Any] | None:
    """The request in a path that is base64 of a JSON object. None if it is not. The path may hold a /: AWS's base64
    may.

    Raises BadRecipe for broken JSON, and for a request without a key.
    """
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
        request = json.loads(content, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise BadRecipe("This URL is base64 of something that begins like JSON but is not valid JSON") from None
    if not isinstance(request.get("key"), str) or not isinstance(request.get("bucket") or "", str):
        raise BadRecipe(
            'The JSON of this URL needs the original\'s key, as a string: {"bucket": "…", "key": "one.jpg"}'
        )
    return dict(request)


def parts(raw: str, buckets: Sequence[Bucket]) -> list[tuple[str, str]]:
    """The parts of a raw path that `read` reads, each with its name: one “request” in base64, or those of
    `thumbor_style`. Together they are the path."""
    if read_base64(raw) is not None:
        return [("request", raw)]
    begin = len(raw) - len(raw.lstrip("/"))
    found = thumbor_style.parts(raw[begin:], thumbor_style.read(raw, names(buckets))["bucket"])
    return [(name, raw[:begin] * (place == 0) + text) for place, (name, text) in enumerate(found)]


def refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def names(buckets: Sequence[Bucket]) -> frozenset[str]:
    """The names by which URLs may mean these buckets: those in S3, and those here."""
    located = {bucket.place.location for bucket in buckets if bucket.place and bucket.place.kind == "s3"}
    return frozenset(located | {bucket.name for bucket in buckets})


def locate(buckets: Sequence[Bucket], name: str | None, key: str) -> tuple[Bucket, str]:
    """The bucket that lies where a URL says, and the key in it. Of several in one S3 bucket, the one with the longest
    prefix. Without a name, a bucket in the same S3 bucket as the first.

    Raises UnknownBucket. Its message names nothing physical, so as not to reveal which S3 buckets exist.
    """
    first = buckets[0].place
    if not name:
        candidates = [
            one for one in buckets if one is buckets[0] or (first and one.place and lies_in(one, first.location))
        ]
    else:
        candidates = [one for one in buckets if lies_in(one, name)] or [one for one in buckets if one.name == name]
    fitting = [one for one in candidates if key.startswith(prefix(one))]
    if not fitting:
        raise UnknownBucket("IMAGE_HANDLER_BUCKETS lists no bucket that holds this key")
    bucket = max(fitting, key=lambda one: len(prefix(one)))
    return bucket, key.removeprefix(prefix(bucket))


def lies_in(bucket: Bucket, location: str) -> bool:
    """Whether a bucket lies in the S3 bucket of that name."""
    return bool(bucket.place and bucket.place.kind == "s3" and bucket.place.location == location)


def prefix(bucket: Bucket) -> str:
    return bucket.place.prefix if bucket.place else ""
