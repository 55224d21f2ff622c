"""Handlers of AWS's events: S3 reports changed originals, and a schedule sends what is due.

Zappa calls these functions with (event, context), as `events` in zappa_settings.json says. S3 sends some notifications
twice, and Lambda retries after a failure, so calling a handler again does no harm.
"""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from rendering.imaging.errors import BadRecipe
from rendering.pictures import derivatives

from .aws.waking import may_sleep
from .drafts.content import served
from .models import Alias, Bucket, BucketPlace, Outbox
from .publishing.sending import send_due

logger = logging.getLogger(__name__)

CREATED, REMOVED = "ObjectCreated:", ("ObjectRemoved:", "LifecycleExpiration:")


def originals_changed(event: dict[str, Any], context: Any = None) -> None:
    """Remove the derivatives of the originals that an S3 notification names, and purge them from the CDN.

    It goes through the outbox, which retries failures and does it all a second time once no request that read the old
    original can still be running: such a request may store a derivative after the first removal.
    """
    folders, tags = [], []
    for record in event.get("Records") or ():
        for bucket, key in originals_of(record):
            frozen = bucket.frozen(settings.ENVIRONMENT)
            folders.append(derivatives.folder(frozen, key))
            tags += [derivatives.tag(frozen, key), *overlay_tags(f"{bucket.name}/{key}")]
    if not folders:
        return
    with transaction.atomic():
        Outbox.objects.create(
            kind=Outbox.Kind.REMOVE,
            folders=list(dict.fromkeys(folders)),
            tags=list(dict.fromkeys(tags)),
            why="originals changed",
            due_at=timezone.now(),
            sends_left=2,
        )
        transaction.on_commit(send_due, robust=True)


def outbox_due(event: dict[str, Any], context: Any = None) -> None:
    """Send what is due in the outbox, as `manage.py send_outbox` does, unless the database may pause. To be called
    every minute."""
    if not may_sleep(timezone.now()):
        call_command("send_outbox")


def originals_of(record: Any) -> Iterator[tuple[Bucket, str]]:
    """The originals that a record of a notification names, as our bucket and key: several of our buckets may have their
    places in one S3 bucket, one within another.

    See docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
    """
    try:
        happened, named = str(record["eventName"]), record["s3"]
        # Encoded as in a form: a space is a +, and everything but ASCII is escaped.
        location, key = named["bucket"]["name"], unquote_plus(named["object"]["key"])
    except (KeyError, TypeError, AttributeError):
        logger.error("not a record of S3, passed over: %.200r", record)
        return
    if not happened.startswith((CREATED, *REMOVED)):
        return
    # The names of S3 buckets are unique across regions, and a place may omit its region: the name suffices.
    places = BucketPlace.objects.filter(
        environment=settings.ENVIRONMENT, kind=BucketPlace.Kind.S3, location=location
    ).select_related("bucket")
    for place in places:
        # What is uploaded to a bucket declared immutable is new, so nothing was made of it yet.
        new = place.bucket.immutable and happened.startswith(CREATED)
        if key.startswith(place.prefix) and not new:
            yield place.bucket, key.removeprefix(place.prefix)


def overlay_tags(path: str) -> list[str]:
    """The tags of live aliases that lay the picture at that path (bucket's name, a /, key) over others. The keys of
    their derivatives include its version, but the tags of their pictures name only the original below."""
    tags = []
    for alias in Alias.objects.filter(enabled=True, live__isnull=False).select_related("live"):
        try:
            assert alias.live
            if path in served(alias.name, alias.live.content).recipe.overlays:
                tags.append(f"alias:{alias.name}")
        except BadRecipe:  # of a newer version; the data plane says so for each request
            continue
    return tags
