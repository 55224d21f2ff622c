"""`manage.py send_outbox`: send what is due in the outbox, check live aliases, find samples of buckets."""

import logging
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from aliases.access.lockouts import forget_expired
from aliases.audit.handing_out import trim
from aliases.models import Outbox
from aliases.publishing.sending import longest_wait, send_due
from aliases.publishing.upkeep import look_after
from rendering.metrics.embedded import of_outbox

#: How long rows that were sent are kept.
KEPT = timedelta(days=90)
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Send what is due in the outbox: the catalogue, and what the CDN has to purge. Then check samples of live "
        "aliases and of drafts for some seconds, and name what is broken; and find sample sets of buckets that have "
        "none, or an old one. Meant to be run by a schedule, every minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Sent: {send_due()}.")
        Outbox.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()
        trim()
        forget_expired()
        logger.info("outbox", extra={"facts": of_outbox(longest_wait().total_seconds() / 60)})
        for row in Outbox.objects.filter(sent_at=None).order_by("due_at"):
            seconds = max(0, (row.due_at - timezone.now()).total_seconds())
            failure = f"; it failed {row.attempts} times, last with {row.last_error}" if row.attempts else ""
            self.stdout.write(f"Left: {row}, due in {seconds:.0f} s{failure}.")
        for line in look_after(at_once=True):
            self.stdout.write(line)
