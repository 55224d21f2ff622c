"""`manage.py import_aliases`: drafts from a file that `export_aliases` wrote."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aliases.drafts.words import refusals
from aliases.editing import documents
from aliases.editing.documents import BadImport, load, load_samples
from aliases.fields.form_fields import wrong_with_text
from aliases.models import Alias
from aliases.pictures import measuring
from aliases.publishing.publishing import publish, together
from aliases.publishing.sending import catalogue_in_words, write_where_missing
from rendering.imaging.parameters import excerpt

from .publish import broken_rules, write_cautions, write_trouble


class LookedAt(NamedTuple):
    """What was found of a draft before it is written: its visual quality, and the rules that it breaks."""

    calibration: Any
    against: tuple[str, ...]


class Command(BaseCommand):
    help = "Create and change drafts from a file that export_aliases wrote: all of them, or none when one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="The file, or - for standard input.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")
        parser.add_argument("--publish", action="store_true", help="Publish them as well.")
        parser.add_argument("-m", "--why", default="", help="The reason, for the history.")
        parser.add_argument(
            "--anyway", action="store_true", help="Publish drafts that break their rules, too; --why has to say why."
        )

    def handle(self, *args: Any, file: str, dry_run: bool, why: str, **options: Any) -> None:
        if wrong := wrong_with_text(why):
            raise CommandError(f"The reason given with --why: {wrong}")
        if options["anyway"] and not why:
            raise CommandError("Say with --why for what reason drafts that break their rules should go live.")
        document = self.document(file)
        try:
            looks = options["publish"] and not dry_run
            drafts = self.look_at_drafts(document, anyway=options["anyway"]) if looks else {}
            with transaction.atomic():
                changes = load(document)
                with together(why or "imported"):
                    for change in changes:
                        self.stdout.write(str(change))
                        if options["publish"]:
                            self.publish(change.alias, why, drafts.get(change.alias.name), dry_run=dry_run)
                for line in load_samples(document):
                    self.stdout.write(line)
                transaction.set_rollback(dry_run)
        except BadImport as error:
            raise CommandError(f"{error}\nNothing was imported.") from None
        except ValidationError as error:
            raise CommandError(f"{' '.join(refusals(error))} Nothing was imported.") from None
        for change in changes:
            write_cautions(self, change.alias)
            if options["publish"] and not dry_run:
                write_trouble(self, change.alias)
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        elif options["publish"]:
            write_where_missing()
            self.stdout.write(catalogue_in_words())
        else:
            self.stdout.write("These are drafts; publish them in the admin, or with: manage.py publish --all")

    def document(self, file: str) -> Any:
        if file == "-" and sys.stdin is None:
            raise CommandError("There is no standard input to read a document from: name a file.")
        try:
            content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            # What editors and shells write: UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
            text = content.decode(json.detect_encoding(content))
        except (OSError, ValueError) as error:  # UnicodeDecodeError; a NUL in the file's name
            why = error.strerror if isinstance(error, OSError) and error.strerror else excerpt(str(error))
            raise CommandError(f"{file} cannot be read: {why}") from None
        try:
            return documents.read(text)
        except BadImport as error:
            raise CommandError(
                f"{file} cannot be imported: {error}. A document is written with: "
                "manage.py export_aliases > aliases.json"
            ) from None

    def look_at_drafts(self, document: Any, *, anyway: bool) -> dict[str, LookedAt]:
        """Measure visual qualities and look for broken rules, by alias, before the drafts are written: it takes
        seconds, for which no transaction should be held."""
        with transaction.atomic():
            drafts = [change.alias for change in load(document)]
            transaction.set_rollback(True)
        for alias in drafts:
            for calibration in measuring.steps(alias):
                self.stdout.write(f"{alias}: {calibration.so_far}")
        return {alias.name: LookedAt(alias.calibration, broken_rules(alias, anyway=anyway)) for alias in drafts}

    def publish(self, alias: Alias, why: str, looked: LookedAt | None, *, dry_run: bool) -> None:
        if dry_run and measuring.due(alias):
            self.stdout.write("  Its visual quality would be measured, then it would be published.")
            return
        if alias.ssim is not None and looked:
            alias.calibration = looked.calibration
            measuring.store(alias)
        self.stdout.write(f"  {publish(alias, None, why, against=looked.against if looked else ()).sentence}")
