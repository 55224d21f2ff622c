"""`manage.py trim_audit_log`: removes old lines of the audit log."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.audit.handing_out import trim


class Command(BaseCommand):
    help = "Remove lines of the audit log that are older than AUDIT_DAYS, or than --days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, help="How many days to keep.")

    def handle(self, *args: Any, days: int | None, **options: Any) -> None:
        if days is not None and days < 1:
            raise CommandError("--days is at least 1: today's lines are always kept.")
        if days is None and not settings.AUDIT_DAYS:
            raise CommandError("AUDIT_DAYS is 0, so lines are kept for ever. Say --days, or set AUDIT_DAYS.")
        self.stdout.write(f"{trim(days)} lines were removed.")
