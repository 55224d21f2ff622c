"""Changing a bucket: one transaction writes the row, its places, a line of its history and, where the change affects
the data plane, the outbox. The form, undo and the commands all change buckets by these functions."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from ..drafts.content import hashed
from ..models import Bucket, BucketChange
from ..models.buckets import wrong_with_shared
from .bucket_state import FIELDS, State, place_from, state_of
from .publishing import publish_buckets


def change(bucket: Bucket, after: State, by: User | None, why: str = "", *, seen: str = "") -> BucketChange | None:
    """Bring a bucket into the state `after` and return the line of its history; None where it is in that state already.

    The caller has validated the fields and places of `after`. `seen` is the fingerprint of the state that the editor
    saw. Raises ValidationError when the bucket has changed since.
    """
    with transaction.atomic():
        bucket = lock(bucket)
        before = state_of(bucket)
        if seen and seen != fingerprint(before):
            raise ValidationError(f"The bucket “{bucket}” was changed while you looked at it. Look again, then save.")
        if before == after:
            return None
        if wrong := wrong_with_shared(bucket, after["known_as"]):  # a state of the history may be older than theirs
            raise ValidationError(wrong)
        frozen = bucket.frozen(settings.ENVIRONMENT)
        write(bucket, after)
        line = BucketChange.objects.create(bucket=bucket, name=bucket.name, before=before, after=after, by=by, why=why)
        if Bucket.objects.get(pk=bucket.pk).frozen(settings.ENVIRONMENT) != frozen:
            publish_buckets([bucket], str(line))
        return line


def record_change(bucket: Bucket, before: State | None, by: User | None, why: str = "") -> BucketChange:
    """Write a line of the history of a bucket that was just made, `before` being None, or given a place; and publish
    it."""
    with transaction.atomic():
        bucket = Bucket.objects.get(pk=bucket.pk)
        line = BucketChange.objects.create(
            bucket=bucket, name=bucket.name, before=before, after=state_of(bucket), by=by, why=why
        )
        publish_buckets([bucket], str(line))
        return line


def record_deletion(bucket: Bucket, by: User | None, why: str = "") -> BucketChange:
    """Write the last line of the history of a bucket that is about to be deleted in the same transaction."""
    line = BucketChange.objects.create(
        bucket=bucket, name=bucket.name, before=state_of(bucket), after=None, by=by, why=why
    )
    publish_buckets([bucket], str(line))
    return line


def lock(bucket: Bucket) -> Bucket:
    """The bucket as it is now, locked against other changes until the transaction ends."""
    return Bucket.objects.select_for_update(no_key=True).get(pk=bucket.pk)


def write(bucket: Bucket, after: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(bucket, name, after[name])
    bucket.save()
    bucket.overlays_from.set(Bucket.objects.filter(name__in=after["overlays_from"]))
    # By environment, not by row, so that two places can swap theirs.
    bucket.places.exclude(environment__in=after["places"]).delete()
    for environment in after["places"]:
        place = place_from(after, environment)
        assert place is not None
        stored = bucket.places.filter(environment=environment).first()
        place.pk, place.bucket = stored.pk if stored else None, bucket
        place.save()


def fingerprint(state: Mapping[str, Any]) -> str:
    """A short text that differs when states do: a page's form posts back that of the state it showed."""
    return hashed(state)


def newest(bucket: Bucket) -> BucketChange | None:
    return BucketChange.objects.filter(bucket=bucket).select_related("by").first()
