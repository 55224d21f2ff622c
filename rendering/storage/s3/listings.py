"""Reads responses of ListObjectsV2."""

from collections.abc import Mapping
from typing import Any

from rendering.names import wrong_with_key

from ..interface import Listing
from ..place import Place


def usable_keys(place: Place, page: Mapping[str, Any]) -> list[str]:
    """The keys in a page, without the place's prefix. Leaves out objects whose name cannot be a key."""
    keys = (item["Key"].removeprefix(place.prefix) for item in page.get("Contents", ()))
    # A "folder" created in the console is an empty object whose key ends in /.
    return [key for key in keys if not key.endswith("/") and not wrong_with_key(key)]


def listing(place: Place, page: Mapping[str, Any]) -> Listing:
    """A page as a Listing."""
    folders = (one["Prefix"].removeprefix(place.prefix) for one in page.get("CommonPrefixes", ()))
    return Listing(
        tuple(usable_keys(place, page)),
        tuple(folder for folder in folders if not wrong_with_key(folder)),
        page.get("NextContinuationToken", ""),
    )
