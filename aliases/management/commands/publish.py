"""`manage.py publish`: make drafts live."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.drafts.words import refusals
from aliases.editing.cautions import cautions
from aliases.fields.form_fields import wrong_with_text
from aliases.models import Alias
from aliases.pictures import measuring
from aliases.pictures.checking import look
from aliases.pictures.findings import has_musts
from aliases.pictures.health import served
from aliases.pictures.preview import NoPicture
from aliases.pictures.verdicts import broken_by
from aliases.publishing.publishing import publish, together
from aliases.publishing.sending import catalogue_in_words, write_where_missing
from rendering.imaging.errors import BadRecipe
from rendering.imaging.parameters import excerpt
from rendering.names import wrong_with_alias_name


class Command(BaseCommand):
    help = "Make the drafts of aliases live: those named, or every one that differs from what is live."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="An alias, such as profile-image/ios.")
        parser.add_argument(
            "--all", action="store_true", help="Publish every alias whose draft differs from what is live."
        )
        parser.add_argument(
            "--measure", action="store_true", help="Measure visual qualities again, on the pictures that are there now."
        )
        parser.add_argument("-m", "--why", default="", help="The reason, for the history.")
        parser.add_argument(
            "--anyway", action="store_true", help="Publish drafts that break their rules, too; --why has to say why."
        )

    def handle(self, *args: Any, names: list[str], why: str, **options: Any) -> None:
        if bool(names) == options["all"]:
            raise CommandError("Name the aliases to publish, or say --all for every changed draft; one of the two.")
        if wrong := wrong_with_text(why):
            raise CommandError(f"The reason given with --why: {wrong}")
        if options["anyway"] and not why:
            raise CommandError("Say with --why for what reason drafts that break their rules should go live.")
        aliases = list(Alias.objects.select_related("live")) if options["all"] else find_aliases(names)
        for alias in aliases:
            if options["measure"] or not options["all"] or alias.differs():
                measure(self, alias, anew=options["measure"])
        against = {
            alias.pk: broken_rules(alias, anyway=options["anyway"])
            for alias in aliases
            if not options["all"] or alias.differs()
        }
        published = []
        with together(why or "published by a command"):  # all or none
            for alias in aliases:
                if options["all"] and not alias.differs():
                    continue
                try:
                    self.stdout.write(publish(alias, None, why, against=against[alias.pk]).sentence)
                    published.append(alias)
                except ValidationError as error:
                    raise CommandError(f"{alias}: {' '.join(refusals(error))} Nothing was published.") from None
        if options["all"] and not published:
            self.stdout.write("Every draft is as what is live of it, so nothing was published.")
        for alias in published:
            write_cautions(self, alias)
            write_trouble(self, alias)
        write_where_missing()
        self.stdout.write(catalogue_in_words())


def broken_rules(alias: Alias, *, anyway: bool) -> tuple[str, ...]:
    """What a draft would be published against, as sentences. Its samples are looked at only if one of its rules is a
    must. Raises CommandError where there is something, unless it may go live `anyway`."""
    if not has_musts(alias):
        return ()
    try:
        alias.content()
    except BadRecipe:
        return ()  # publishing says so
    broken = broken_by(alias)
    if broken and not anyway:
        raise CommandError(
            f"{alias}: {' '.join(broken)} Nothing was published. Change the draft, or publish it all the same with "
            "--anyway and a reason, which the history keeps: --why “…”."
        )
    return broken


def write_cautions(command: BaseCommand, alias: Alias) -> None:
    for sentence in cautions(alias):
        command.stdout.write(command.style.WARNING(f"{alias}: {sentence}"))


def write_trouble(command: BaseCommand, alias: Alias) -> None:
    """Render the sample of what is live now, and warn when it fails. The schedule looks at the others."""
    live = served().filter(pk=alias.pk).exclude(sample="").first()
    if live is None:
        return
    try:
        look(live)
    except NoPicture as error:
        command.stdout.write(command.style.WARNING(f"{alias}: Viewers get no picture of the sample. {error}"))


def measure(command: BaseCommand, alias: Alias, *, anew: bool = False) -> None:
    """Measure an alias's visual quality, if it asks for one, before any transaction is begun."""
    try:
        for calibration in measuring.steps(alias, anew=anew):
            command.stdout.write(f"{alias}: {calibration.so_far}")
    except ValidationError as error:
        raise CommandError(f"{' '.join(refusals(error))} Nothing was published.") from None


def find_aliases(names: list[str]) -> list[Alias]:
    possible = [name for name in names if not wrong_with_alias_name(name)]
    found = {alias.name: alias for alias in Alias.objects.filter(name__in=possible)}
    unknown = [excerpt(name) for name in names if name not in found]
    if unknown:
        known = ", ".join(Alias.objects.values_list("name", flat=True)[:20]) or "none yet; make one in the admin"
        raise CommandError(f"There is no alias named {', '.join(unknown)}. The aliases are: {known}")
    return [found[name] for name in names]
