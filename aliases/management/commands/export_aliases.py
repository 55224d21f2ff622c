"""`manage.py export_aliases`: every alias as JSON, for another environment."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.editing.documents import export


class Command(BaseCommand):
    help = "Write all aliases to standard output, as JSON that import_aliases reads in another environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--live", action="store_true", help="Write what is live instead of the drafts.")

    def handle(self, *args: Any, live: bool, **options: Any) -> None:
        document, unreadable = export(live=live)
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        # In UTF-8, whatever the terminal uses: the file is for another machine. Lone surrogates are escaped.
        content = text.encode("utf-8", "backslashreplace")
        stream = getattr(self.stdout._out, "buffer", None)
        try:
            if stream is None:  # called by a program, which takes text
                self.stdout.write(content.decode(), ending="")
            else:
                stream.write(content)
                stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:  # the disk is full
            raise CommandError(f"The export could not be written completely: {error.strerror}.") from None
        if unreadable:
            raise CommandError("Left out, and all others written. " + " ".join(unreadable))
