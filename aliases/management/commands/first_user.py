"""`manage.py first_user`: the first user of the admin."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Make the first user, admin, with the password in ADMIN_PASSWORD. Where there is a user, change nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            self.stdout.write("There is a user already.")
            return
        if len(settings.ADMIN_PASSWORD) < 12:
            raise CommandError("Set ADMIN_PASSWORD to a password of 12 characters or more.")
        users.create_superuser("admin", password=settings.ADMIN_PASSWORD)
        # Not the password: on Lambda this is written to the log.
        self.stdout.write("The user is admin, the password that of ADMIN_PASSWORD. Change it after logging in.")
