"""The database: aliases, buckets, revisions, overruled focus, health and the outbox. One module for each."""

from .aliases import Alias
from .bucket_changes import BucketChange
from .buckets import Bucket, BucketPlace
from .focus import FocusDocument, OverruledFocus
from .health import Health
from .outbox import CatalogueState, Outbox
from .revisions import Publication, Revision

__all__ = [
    "Alias",
    "Bucket",
    "BucketChange",
    "BucketPlace",
    "CatalogueState",
    "FocusDocument",
    "Health",
    "Outbox",
    "OverruledFocus",
    "Publication",
    "Revision",
]
