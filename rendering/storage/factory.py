"""Makes the store of a place, of a URL, or of a name in STORAGES."""

from functools import lru_cache
from pathlib import Path
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from .errors import Nonsense, NotAllowed
from .folders import FolderStorage, wrong_with_root
from .interface import Probe, Store
from .place import Place


@lru_cache(maxsize=4096)
def at(place: Place) -> Store:
    """The store at a bucket's place. There is one for each place, which reuses its connections. Raises NotAllowed for a
    folder outside FOLDER_ROOTS; endpoints outside S3_ENDPOINTS are refused when they are asked."""
    if place.kind == "folder":
        return bucket_folder(place)
    if place.kind == "s3":
        from .s3.storage import S3Storage  # importing boto3 takes 0.2 s, which services on folders are spared

        return S3Storage(place)
    raise Nonsense(f"a place of kind {place.kind}, which this version does not know")


def bucket_folder(place: Place) -> FolderStorage:
    """The folder of a bucket, which staff chose: within FOLDER_ROOTS, and with nothing in it that lies elsewhere."""
    folder = FolderStorage(str(Path(place.location) / place.prefix), closed=True)
    if wrong := wrong_with_root(str(folder.location)):
        raise NotAllowed(wrong)
    return folder


def configured(name: str) -> Store:
    """The store of that name in STORAGES: "derivatives" or "catalogue"."""
    return cast(Store, storages[name])  # Django's stubs know only its own interface


def from_url(url: str) -> Store:
    """The store at a URL: the backend of STORAGES["derivatives"] and STORAGES["catalogue"]. Raises
    ImproperlyConfigured."""
    try:
        place = Place.from_url(url)
        return FolderStorage(place.location) if place.kind == "folder" else at(place)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def probe(place: Place) -> Probe:
    """Try a place as the data plane would use it, and describe the result."""
    if place.kind == "s3":
        from .s3.probe import probe_s3

        return probe_s3(place)
    try:
        return bucket_folder(place).probe()
    except NotAllowed as error:
        return Probe(False, str(error).removesuffix("."))
