"""Purging answers from the CDN although nothing has changed, because somebody asks for it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from ..models import Outbox
from .sending import send_due


def purge(tags: Iterable[str], why: str) -> None:
    """Have the CDN purge everything with one of these tags, once this transaction has committed; the outbox retries."""
    with transaction.atomic():
        Outbox.objects.create(
            kind=Outbox.Kind.INVALIDATE, tags=list(dict.fromkeys(tags)), why=why[:200], due_at=timezone.now()
        )
        transaction.on_commit(send_due, robust=True)
