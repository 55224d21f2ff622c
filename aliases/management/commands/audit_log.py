"""`manage.py audit_log`: the audit log, as CSV or as JSON lines."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.audit.handing_out import FORMATS, lines
from aliases.models import AuditEntry


class Command(BaseCommand):
    help = "Print the audit log, the oldest line first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--format",
            choices=FORMATS,
            default="jsonl",
            help="Write lines of JSON (jsonl, the default) or a table (csv).",
        )
        parser.add_argument("--since", metavar="DAY", default="", help="From this day on, UTC, such as 2026-11-30.")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        entries = AuditEntry.objects.all()
        if since:
            try:
                day = datetime.strptime(since, "%Y-%m-%d").replace(tzinfo=UTC)
            except ValueError:
                raise CommandError(f"--since {since} is no day; write it as 2026-11-30.") from None
            entries = entries.filter(at__gte=day)
        for line in lines(entries, options["format"]):
            self.stdout.write(line, ending="")
