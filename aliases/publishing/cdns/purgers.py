"""Has every CDN and cache that is set up purge what carries certain tags."""

import logging
from collections.abc import Callable, Iterator

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from . import cloudflare, cloudfront, fastly, varnish, webhook
from .http import NotPurged

logger = logging.getLogger(__name__)

#: By the setting that turns it on: its name for people, and what purges tags. The second argument is a reference: the
#: same twice is the same purge. Each raises one of FAILURES.
PURGERS: dict[str, tuple[str, Callable[[list[str], str], None]]] = {
    "CLOUDFRONT_DISTRIBUTION_ID": ("CloudFront", cloudfront.purge),
    "FASTLY_SERVICE_ID": ("Fastly", fastly.purge),
    "CLOUDFLARE_ZONE_ID": ("Cloudflare", cloudflare.purge),
    "VARNISH_URLS": ("Varnish", varnish.purge),
    "PURGE_WEBHOOK_URL": ("the webhook", webhook.purge),
}
FAILURES = (BotoCoreError, ClientError, NotPurged)


def set_up() -> Iterator[tuple[str, Callable[[list[str], str], None]]]:
    return (purger for setting, purger in PURGERS.items() if getattr(settings, setting))


def purge(tags: list[str], reference: str) -> None:
    """Purge what carries one of these tags, everywhere. Raises NotPurged, which says where it failed, once all were
    asked: one that fails keeps no other from purging, and who tries again may ask all of them."""
    failed: list[str] = []
    asked = list(set_up())
    for name, purger in asked:
        try:
            purger(tags, reference)
        except FAILURES as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
    if not asked:
        logger.info("tags to invalidate, were there a CDN: %s", ", ".join(tags))
    if failed:
        raise NotPurged("; ".join(failed))
