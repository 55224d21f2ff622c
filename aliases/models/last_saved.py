"""Who saved a row last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

#: The log entry follows the row by a moment. A much older entry belongs to an earlier save.
MOMENT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved a row last, and when."""

    who: str
    at: datetime

    def __str__(self) -> str:
        # In brackets because it is used within sentences, and the time format may end with a full stop.
        return f"{self.who} ({date_format(timezone.localtime(self.at), 'DATETIME_FORMAT')})"


def last_saved(instance: models.Model) -> Saved | None:
    """Who saved a row last, from the admin's log. Where the row's `updated` is later than the newest entry, a command
    saved it. None if neither says."""
    kind = ContentType.objects.get_for_model(instance)
    entries = LogEntry.objects.filter(
        content_type=kind, object_id=str(instance.pk), action_flag__in=(ADDITION, CHANGE)
    ).select_related("user")
    entry, updated = entries.order_by("-action_time").first(), getattr(instance, "updated", None)
    if entry and (updated is None or entry.action_time >= updated - MOMENT):
        return Saved(entry.user.get_username(), entry.action_time)
    return Saved("a command", updated) if updated else None
