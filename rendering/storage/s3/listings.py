"""Reads responses of ListObjectsV2."""

from collections.abc import Mapping
from typing import Any

from rendering.names import wrong_with_key

from ..errors import Nonsense
from ..interface import Listing
from ..place import Place


def require_listing(page: Mapping[str, Any]) -> None:
    """Raise Nonsense for a response that is no listing, such as an empty one or a web page."""
    if not page.keys() & {"Name", "IsTruncated", "KeyCount", "MaxKeys", "Contents"}:
        raise Nonsense("the response to ListObjectsV2 is no listing")


def usable_keys(place: Place, page: Mapping[str, Any]) -> list[str]:
    """The keys in a page, without the place's prefix. Leaves out objects whose name cannot be a key. Raises
    Nonsense."""
    require_listing(page)
    keys = (item["Key"].removeprefix(place.prefix) for item in page.get("Contents", ()))
    # A "folder" created in the console is an empty object whose key ends in /.
    return [key for key in keys if not key.endswith("/") and not wrong_with_key(key)]


def moments(place: Place, page: Mapping[str, Any]) -> dict[str, float]:
    """When the objects in a page were written, in seconds since 1970, by key; 0 where the store does not say. Raises
    Nonsense."""
    said = {item["Key"].removeprefix(place.prefix): item.get("LastModified") for item in page.get("Contents", ())}
    return {key: said[key].timestamp() if said[key] else 0.0 for key in usable_keys(place, page)}


def listing(place: Place, page: Mapping[str, Any]) -> Listing:
    """A page as a Listing. Raises Nonsense."""
    require_listing(page)
    folders = (one["Prefix"].removeprefix(place.prefix) for one in page.get("CommonPrefixes", ()))
    return Listing(
        tuple(usable_keys(place, page)),
        tuple(folder for folder in folders if not wrong_with_key(folder)),
        page.get("NextContinuationToken", ""),
    )
