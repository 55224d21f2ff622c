"""Reads responses of ListObjectsV2."""

from collections.abc import Mapping
from typing import Any

from rendering.names import wrong_with_key

from ..errors import Nonsense
from ..interface import Entry, Listing
from ..place import Place


def require_listing(page: Mapping[str, Any]) -> None:
    """Raise Nonsense for a response that is no listing, such as an empty one or a web page."""
    if not page.keys() & {"Name", "IsTruncated", "KeyCount", "MaxKeys", "Contents"}:
        raise Nonsense("the response to ListObjectsV2 is no listing")


def usable_entries(place: Place, page: Mapping[str, Any]) -> list[Entry]:
    """The objects in a page, their keys without the place's prefix. Leaves out those whose name cannot be a key. Raises
    Nonsense."""
    require_listing(page)
    found = (
        Entry(
            item["Key"].removeprefix(place.prefix),
            item.get("Size"),
            item["LastModified"].timestamp() if item.get("LastModified") else 0.0,
        )
        for item in page.get("Contents", ())
    )
    # A "folder" created in the console is an empty object whose key ends in /.
    return [entry for entry in found if not entry.key.endswith("/") and not wrong_with_key(entry.key)]


def listing(place: Place, page: Mapping[str, Any]) -> Listing:
    """A page as a Listing. Raises Nonsense."""
    entries = usable_entries(place, page)
    folders = (one["Prefix"].removeprefix(place.prefix) for one in page.get("CommonPrefixes", ()))
    return Listing(
        tuple(entries),
        tuple(folder for folder in folders if not wrong_with_key(folder)),
        page.get("NextContinuationToken", ""),
    )
