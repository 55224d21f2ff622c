"""When the schedule may leave the database alone, so that one which pauses while nobody asks it can do so.

A document beside the catalogue says until when there may be something to send. It is only ever put later, so that two
processes that write it at the same time do not take each other's change away. Whatever it fails to say is found in the
first minutes of the next hour, in which the database is asked in any case.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.utils import timezone

from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import configured

from ..models import Outbox

logger = logging.getLogger(__name__)

NAME = "awake.json"
#: After a change: longer than to its second invalidation, and than the longest pause before it is tried again.
AFTER_A_CHANGE = timedelta(minutes=10)
#: Of each hour, for what does not follow from a change: the health of aliases, and sessions that have ended.
OF_AN_HOUR = timedelta(minutes=5)


def watch() -> None:
    """From now on, have each row of the outbox that is saved unsent keep the schedule awake: in the transaction that
    makes the change, so that it is known even if its publisher dies then; and again when sending it has failed."""
    post_save.connect(saved, sender=Outbox, dispatch_uid="waking")


def saved(instance: Outbox, **more: Any) -> None:
    if settings.DATABASE_PAUSES and instance.sent_at is None:
        stay_awake(timezone.now())


def stay_awake(now: datetime) -> None:
    """Have the schedule ask the database for a while. Where that cannot be written, the next hour finds what is due."""
    document = json.dumps({"until": (now + AFTER_A_CHANGE).isoformat()}).encode()
    try:
        configured("catalogue").write(NAME, document, "application/json")
    except StorageError as error:
        logger.error("%s not written: %s: %s", NAME, type(error).__name__, error)


def may_sleep(now: datetime) -> bool:
    """Whether the schedule need not ask the database now. No, where that is not known."""
    if not settings.DATABASE_PAUSES or timedelta(minutes=now.minute) < OF_AN_HOUR:
        return False
    try:
        stored = configured("catalogue").read(NAME)
        assert stored is not None  # only with `unless` is it None
        return now > datetime.fromisoformat(json.loads(stored.content)["until"])
    except Missing:
        return True  # nothing was changed yet
    except (StorageError, ValueError, KeyError, TypeError) as error:
        logger.error("%s not read: %s: %s", NAME, type(error).__name__, error)
        return False
