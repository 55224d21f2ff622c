"""The sample sets of buckets: on these originals, instead of on a single one, drafts are shown and judged."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from rendering.names import wrong_with_key

from ..models import Bucket, Sample

#: How many originals a set has at most; with fewer than LEAST special ones, ordinary ones are added.
LEAST, MOST = 8, 16


class BadSample(Exception):
    """An original cannot be put into the set; the message says why, for staff."""


def of(bucket: Bucket) -> list[Sample]:
    """The sample set of a bucket: what is pinned first, at most MOST. Empty where none was chosen or found yet."""
    return list(Sample.objects.filter(bucket=bucket).order_by("-pinned", "pk")[:MOST])


def pin(bucket: Bucket, keys: Sequence[str], user: User | None) -> None:
    """Put originals into the set, until a person takes them out; where it is full, those that were found make room.
    Raises BadSample, and then changes nothing."""
    keys = list(dict.fromkeys(keys))
    for key in keys:
        if wrong := wrong_with_key(key):
            raise BadSample(f"This is no key of an original. {wrong}")
    with transaction.atomic():
        Bucket.objects.select_for_update().get(pk=bucket.pk)  # two people at once must not pin more than there may be
        pinned = set(Sample.objects.filter(bucket=bucket, pinned=True).values_list("key", flat=True))
        if len(pinned | set(keys)) > MOST:
            raise BadSample(
                f"A sample set has at most {MOST} pictures; {len(pinned)} are pinned, so take one out first."
            )
        for key in keys:
            if key not in pinned:
                Sample.objects.update_or_create(bucket=bucket, key=key, defaults={"pinned": True, "by": user})
        make_room(bucket)


def take_out(bucket: Bucket, key: str) -> bool:
    """Take an original out of the set. Returns whether it was in it. The next search may find it again."""
    return Sample.objects.filter(bucket=bucket, key=key).delete()[0] > 0


def replace(bucket: Bucket, pinned: Sequence[str], found: dict[str, list[str]]) -> None:
    """Make these the set: pinned keys, and those that were found with their reasons. What is known of their files
    stays. In the caller's transaction."""
    wanted = dict.fromkeys([*pinned, *found])
    Sample.objects.filter(bucket=bucket).exclude(key__in=wanted).delete()
    for key in wanted:
        defaults = {"pinned": key in pinned, "reasons": found.get(key, [])}
        Sample.objects.update_or_create(bucket=bucket, key=key, defaults=defaults)
    make_room(bucket)


def make_room(bucket: Bucket) -> None:
    """Take out found originals beyond MOST, the last ones first."""
    kept = Sample.objects.filter(bucket=bucket).order_by("-pinned", "pk").values_list("pk", flat=True)[:MOST]
    Sample.objects.filter(~Q(pk__in=list(kept)), bucket=bucket).delete()
