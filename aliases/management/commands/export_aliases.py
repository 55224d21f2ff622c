import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from aliases.documents import export


class Command(BaseCommand):
    help = "Write all aliases to standard output, as JSON that import_aliases reads in another environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--live", action="store_true", help="Write what is live instead of the drafts.")

    def handle(self, *args: Any, live: bool, **options: Any) -> None:
        self.stdout.write(json.dumps(export(live=live), indent=2, ensure_ascii=False))
