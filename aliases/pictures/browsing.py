"""Looking into a bucket: whether it can be read, which originals it holds, and small copies of them."""

import logging
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from django.conf import settings

from rendering import conf
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from rendering.names import wrong_with_key
from rendering.pictures import derivatives
from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import at, probe
from rendering.storage.interface import Listing, Probe

from ..models import Bucket
from . import preview

logger = logging.getLogger(__name__)

#: Keys and folders on a first page, and the most on any.
PAGE, MOST = 24, 48
#: How many folders above a key that nothing begins with are asked for one that is there.
MOST_ABOVE = 3
#: How originals are shown in lists of them: uncropped, and of animations the first frame. Such a derivative is stored
#: as those of viewers are, so that it is made once. A change of this recipe makes all of them anew.
THUMBNAIL = Recipe(
    Geometry(width=320, height=240, fit=Fit.CONTAIN), Encoding(format="webp", webp_quality=72, still=True)
)


def browse(bucket: Bucket, prefix: str, more: str = "", most: int = PAGE) -> tuple[Listing, str]:
    """A page of the keys and folders that begin with a prefix; and, as a sentence, why it is missing where the bucket
    cannot be listed. `more` is what the page before returned."""
    if (prefix and wrong_with_key(prefix)) or "\0" in more:
        return Listing(), ""  # half of “../” is typed: no key begins with it
    place = bucket.place_here()
    if place is None:
        return Listing(), probe_bucket(bucket).sentence
    try:
        return at(place.frozen()).browse(prefix, min(most, MOST), more), ""
    except Missing:
        return Listing(), "" if (found := probe_bucket(bucket)).ok else found.sentence
    except StorageError:
        return Listing(), probe_bucket(bucket).sentence


def nearest(bucket: Bucket, prefix: str) -> str:
    """The folder that is nearest to a prefix with which nothing begins: one above it, or one of a similar name beside
    it. Empty for the bucket itself."""
    for _ in range(MOST_ABOVE):
        above, _, name = prefix.removesuffix("/").rpartition("/")
        above = f"{above}/" if above else ""
        found, trouble = browse(bucket, above, most=MOST)
        if trouble:
            return ""
        names = {folder[len(above) : -1]: folder for folder in found.folders}
        if alike := get_close_matches(name, names, n=1):
            return names[alike[0]]
        if found.keys or found.folders:
            return above
        prefix = above
    return ""


def thumbnail(bucket: Bucket, key: str) -> tuple[bytes, str]:
    """A small copy of an original and its media type, rendered once and then read from the store of derivatives. Raises
    NoPicture."""
    frozen, key = preview.locate(bucket, "", key)
    with preview.raising_no_picture(key):
        payload = derivatives.find_or_render(derivatives.want(frozen, key, THUMBNAIL.settled("any", conf.defaults())))
    return payload.content, payload.type


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
