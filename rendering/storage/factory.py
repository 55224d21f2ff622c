"""Makes the store of a place, of a URL, or of a name in STORAGES."""

from functools import lru_cache
from pathlib import Path
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from .errors import Nonsense
from .folders import FolderStorage
from .interface import Probe, Store
from .place import Place


@lru_cache(maxsize=4096)
def at(place: Place) -> Store:
    """The store at a place. There is one for each place, which reuses its connections."""
    if place.kind == "folder":
        return FolderStorage(str(Path(place.location) / place.prefix))
    if place.kind == "s3":
        from .s3.storage import S3Storage  # importing boto3 takes 0.2 s, which services on folders are spared

        return S3Storage(place)
    raise Nonsense(f"a place of kind {place.kind}, which this version does not know")


def configured(name: str) -> Store:
    """The store of that name in STORAGES: "derivatives" or "catalogue"."""
    return cast(Store, storages[name])  # Django's stubs know only its own interface


def from_url(url: str) -> Store:
    """The store at a URL: the backend of STORAGES["derivatives"] and STORAGES["catalogue"]. Raises
    ImproperlyConfigured."""
    try:
        return at(Place.from_url(url))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def probe(place: Place) -> Probe:
    """Try a place as the data plane would use it, and describe the result."""
    if place.kind == "s3":
        from .s3.probe import probe_s3

        return probe_s3(place)
    return FolderStorage(str(Path(place.location) / place.prefix)).probe()
