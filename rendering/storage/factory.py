"""From a place, or a URL that names one, to the store that is there."""

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
    """The store at a place; one for each place, so that connections are kept."""
    if place.kind == "folder":
        return FolderStorage(str(Path(place.location) / place.prefix))
    if place.kind == "s3":
        from .s3.storage import S3Storage  # boto3 costs a fifth of a second, which a laptop's folders need not pay

        return S3Storage(place)
    raise Nonsense(f"a place of kind {place.kind}, which this version does not know")


def configured(name: str) -> Store:
    """The store of that name in STORAGES: "derivatives" or "catalogue"."""
    return cast(Store, storages[name])  # Django's stubs know only its own interface


def from_url(url: str) -> Store:
    """The backend of STORAGES["derivatives"] and STORAGES["catalogue"]."""
    try:
        return at(Place.from_url(url))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def probe(place: Place) -> Probe:
    """Look at a place as the data plane would, and say in words what is found."""
    if place.kind == "s3":
        from .s3.probe import probe_s3

        return probe_s3(place)
    return FolderStorage(str(Path(place.location) / place.prefix)).probe()
