"""`manage.py inspect`: what a URL stands for, what clients get for it, and why."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.inspecting.inspection import inspect
from aliases.inspecting.suggestions import Asker
from aliases.inspecting.telling import as_text, as_values


class Command(BaseCommand):
    help = "Say what a URL stands for, what clients get for it and why, and what would be right where it fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="Any URL of the service, or its path: /hero/people/one.jpg.")
        parser.add_argument("--json", action="store_true", help="Print JSON, for programs.")
        parser.add_argument("--accept", default="", help="Ask only as the client that sends this Accept header.")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        if not options["accept"].isprintable():
            raise CommandError("The header given with --accept holds a character that no header can hold.")
        # Who runs commands holds the service's key.
        found = inspect(url, Asker(), accept=options["accept"])
        if options["json"]:
            self.stdout.write(json.dumps(as_values(found), ensure_ascii=False, indent=2))
            return
        for line in as_text(found):
            self.stdout.write(line)
