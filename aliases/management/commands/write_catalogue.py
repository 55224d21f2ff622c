"""`manage.py write_catalogue`: write what the data plane reads, from the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aliases.publishing.sending import write_catalogue
from rendering.storage.errors import StorageError


class Command(BaseCommand):
    help = (
        "Write the catalogue and the overruled focus that the data plane reads again, from the database as it is. "
        "Publishes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serial = write_catalogue()
        except StorageError as error:
            raise CommandError(f"The catalogue could not be written ({error}). See CATALOGUE_URL.") from None
        self.stdout.write(f"Catalogue written, serial {serial}.")
