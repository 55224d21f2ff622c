"""What staff edit, and what became of it: buckets, aliases, their revisions, and the outbox. One module a noun."""

from .aliases import Alias
from .buckets import Bucket, BucketPlace
from .outbox import CatalogueState, Outbox
from .revisions import Publication, Revision

__all__ = ["Alias", "Bucket", "BucketPlace", "CatalogueState", "Outbox", "Publication", "Revision"]
