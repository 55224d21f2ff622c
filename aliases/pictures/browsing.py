"""Looking into a bucket: whether it can be read, and which originals it holds."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from rendering.names import wrong_with_key
from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import at, probe
from rendering.storage.interface import Listing, Probe

from ..models import Bucket
from . import preview

logger = logging.getLogger(__name__)

#: Keys and folders on a page.
PAGE = 50


def browse(bucket: Bucket, prefix: str, more: str = "") -> tuple[Listing, str]:
    """A page of the keys and folders that begin with a prefix; and, as a sentence, why it is missing where the bucket
    cannot be listed. `more` is what the page before returned."""
    if (prefix and wrong_with_key(prefix)) or "\0" in more:
        return Listing(), ""  # half of “../” is typed: no key begins with it
    place = bucket.place_here()
    if place is None:
        return Listing(), probe_bucket(bucket).sentence
    try:
        return at(place.frozen()).browse(prefix, PAGE, more), ""
    except Missing:
        return Listing(), "" if (found := probe_bucket(bucket)).ok else found.sentence
    except StorageError:
        return Listing(), probe_bucket(bucket).sentence


def names_picture(key: str) -> bool:
    """Whether a key ends like that of a picture: for suggesting keys, and for showing thumbnails of them."""
    return key.lower().endswith(preview.ENDINGS)


def describe_keys(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Keys for the template `originals.html`."""
    return [{"key": key, "pictured": names_picture(key)} for key in keys]


def probe_bucket(bucket: Bucket) -> Probe:
    """Test the bucket's place in this environment. Never raises: whatever is wrong is in the sentence."""
    place = bucket.place_here()
    if place is None:
        return Probe(
            False, f"The bucket has no place in the environment “{settings.ENVIRONMENT}”. Add one below and save"
        )
    try:
        return probe(place.frozen())
    except StorageError as error:
        return Probe(False, f"The bucket could not be read: {error}")
    except Exception:
        logger.exception("unexpected")
        return Probe(False, f"The bucket could not be read: {preview.describe_fault().removesuffix('.')}")
