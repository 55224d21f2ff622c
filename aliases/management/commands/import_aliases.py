import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aliases.documents import BadDocument, load
from aliases.publishing import publish
from aliases.sending import catalogue_in_words


class Command(BaseCommand):
    help = "Make and change drafts as a file of export_aliases says: all of them, or none when one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
        parser.add_argument("--publish", action="store_true", help="publish them, too")
        parser.add_argument("-m", "--why", default="", help="the reason, for the history")

    def handle(self, *args: Any, file: str, dry_run: bool, why: str, **options: Any) -> None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text()
            document = json.loads(text)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from None
        except ValueError as error:
            raise CommandError(
                f"{file} is not JSON: {error}. Write it with: manage.py export_aliases > {file}"
            ) from None
        with transaction.atomic():
            try:
                for change in load(document):
                    self.stdout.write(str(change))
                    if options["publish"]:
                        self.stdout.write(f"  {publish(change.alias, None, why).sentence}")
            except BadDocument as error:
                raise CommandError(f"{error}\nNothing was imported.") from None
            except ValidationError as error:
                raise CommandError(f"{' '.join(error.messages)} Nothing was imported.") from None
            transaction.set_rollback(dry_run)
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        elif options["publish"]:
            self.stdout.write(catalogue_in_words())
        else:
            self.stdout.write("These are drafts; publish them in the admin, or with: manage.py publish --all")
