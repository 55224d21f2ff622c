"""What of an answer of ListObjectsV2 is of use."""

from collections.abc import Mapping
from typing import Any

from rendering.names import wrong_with_key

from ..interface import Listing
from ..place import Place


def askable(place: Place, page: Mapping[str, Any]) -> list[str]:
    """The keys of a page of a list, without the place's prefix, that can be asked for."""
    keys = (item["Key"].removeprefix(place.prefix) for item in page.get("Contents", ()))
    # A "folder" made in the console is an empty object whose key ends in /.
    return [key for key in keys if not key.endswith("/") and not wrong_with_key(key)]


def listing(place: Place, page: Mapping[str, Any]) -> Listing:
    """A page of a folder's list."""
    folders = (one["Prefix"].removeprefix(place.prefix) for one in page.get("CommonPrefixes", ()))
    return Listing(
        tuple(askable(place, page)),
        tuple(folder for folder in folders if not wrong_with_key(folder)),
        page.get("NextContinuationToken", ""),
    )
