"""The audit log as CSV and as JSON lines, a line at a time; and trimming it."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import AuditEntry
from .recording import record

FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
NAMES = (
    "at", "action", "subject", "subject_id", "who", "address", "via", "request_id", "why", "before", "after",
)  # fmt: skip
#: Spreadsheets take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Rows that are read at once.
ROWS_AT_ONCE = 500


class Echo:
    """A file that hands back what is written to it, as csv.writer needs."""

    def write(self, text: str) -> str:
        return text


def lines(entries: QuerySet[AuditEntry], format_: str) -> Iterator[str]:
    """The oldest first, with their line ends."""
    rows = (values(entry) for entry in entries.order_by("pk").iterator(ROWS_AT_ONCE))
    if format_ == "jsonl":
        for row in rows:
            yield json.dumps(row, ensure_ascii=False) + "\n"
        return
    writer = csv.writer(Echo())
    yield writer.writerow(NAMES)
    for row in rows:
        yield writer.writerow([cell(row[name]) for name in NAMES])


def values(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in NAMES} | {"at": entry.at.isoformat()}


def cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def trim(days: int | None = None) -> int:
    """Remove lines older than so many days, else than AUDIT_DAYS; with 0, none. Returns how many."""
    days = settings.AUDIT_DAYS if days is None else days
    if not days:
        return 0
    before = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        removed, _ = AuditEntry.objects.filter(at__lt=before).delete()
        if removed:
            record("audit log trimmed", f"lines before {before:%Y-%m-%d %H:%M} UTC", before={"lines": removed})
    return removed
