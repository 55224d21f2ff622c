"""The database: aliases, buckets, samples, revisions, focus, health, outbox and audit log. One module for each."""

from .aliases import Alias
from .audit import AuditEntry
from .bucket_changes import BucketChange
from .bucket_places import BucketPlace
from .buckets import Bucket
from .focus import FocusDocument, OverruledFocus
from .health import DraftHealth, Health, Upkeep
from .outbox import CatalogueState, Outbox
from .revisions import Publication, Revision
from .samples import OriginalFacts, Reason, Sample, SampleSearch

__all__ = [
    "Alias",
    "AuditEntry",
    "Bucket",
    "BucketChange",
    "BucketPlace",
    "CatalogueState",
    "DraftHealth",
    "FocusDocument",
    "Health",
    "OriginalFacts",
    "Outbox",
    "OverruledFocus",
    "Publication",
    "Reason",
    "Revision",
    "Sample",
    "SampleSearch",
    "Upkeep",
]
