"""`manage.py demo`: sample buckets and aliases, published, and a user for the admin."""

import logging
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aliases.drafts.words import refusals
from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from aliases.publishing.sending import catalogue_in_words, write_where_missing

from .add_bucket import add_bucket

FOLDER = settings.BASE_DIR / "samples"
#: The sample aliases: each shows something else.
ALIASES: dict[str, dict[str, Any]] = {
    "profile-image/ios": {
        "label": "Avatar in the iOS app, small and square",
        "width": 90,
        "height": 90,
        "crop": "smart",
        "format": "png",
        "dprs": "2, 3",
        "sample": "people/astronaut.jpg",
    },
    "hero": {
        "label": "Banner, in the best format that the browser accepts",
        "width": 960,
        "height": 360,
        "format": "auto",
        "widths": "320, 640",
        "sample": "space/hubble.jpg",
    },
    "product/list": {
        "label": "Product in a list, never cropped",
        "width": 320,
        "height": 320,
        "fit": "contain",
        "format": "webp",
        "webp_quality": 75,
        "sample": "food/coffee.jpg",
    },
    "poster/grey": {
        "label": "Black and white, with more contrast",
        "width": 360,
        "format": "jpeg",
        "filters": "grayscale():contrast(15)",
        "sample": "space/rocket.jpg",
    },
    "pets/face": {
        "label": "Square around a focal box",
        "width": 240,
        "height": 240,
        "crop": "focal",
        "focal_box": "0.2x0.1:0.75x0.85",
        "format": "jpeg",
        "sample": "pets/chelsea.jpg",
    },
    "sticker": {
        "label": "Animation, kept moving",
        "width": 120,
        "height": 120,
        "fit": "contain",
        "format": "gif",
        "sample": "motion/anim.gif",
    },
    "avatar": {
        "label": "For sharp screens, too; a missing picture shows the logo",
        "width": 64,
        "height": 64,
        "crop": "smart",
        "format": "webp",
        "dprs": "2, 3",
        "fallback": "brand/logo.png",
        "sample": "people/astronaut.jpg",
    },
    "people/wide": {
        "label": "Wide, and the face stays in sight",
        "width": 480,
        "height": 180,
        "crop": "smart",
        "format": "auto",
        "sample": "people/astronaut.jpg",
    },
    "brand/logo": {
        "label": "From a bucket whose originals never change",
        "bucket": "brand",
        "width": 200,
        "format": "png",
        "sample": "logo.png",
    },
}


class Command(BaseCommand):
    help = (
        "First set-up: sample buckets and aliases, published, and a user for the admin. A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="A sample alias, such as hero; by default all.")
        parser.add_argument(
            "--originals",
            default=str(FOLDER),
            metavar="URL",
            help="Where the sample originals are: the checkout's own folder, or a copy, such as s3://bucket/samples.",
        )

    def handle(self, *args: Any, names: list[str], originals: str, **options: Any) -> None:
        if unknown := [name for name in names if name not in ALIASES]:
            raise CommandError(f"There is no sample alias {', '.join(unknown)}; they are {', '.join(ALIASES)}.")
        chosen = {name: fields for name, fields in ALIASES.items() if not names or name in names}
        # The command prints its own report.
        logging.getLogger("aliases.publishing.sending").setLevel(logging.WARNING)
        try:
            with transaction.atomic():
                self.add_buckets(originals.rstrip("/"), {fields.get("bucket", "samples") for fields in chosen.values()})
                self.add_aliases(chosen)
        except ValidationError as error:
            raise CommandError(" ".join(refusals(error))) from None
        write_where_missing()
        self.stdout.write(catalogue_in_words())
        self.add_user()

    def add_buckets(self, originals: str, wanted: set[str]) -> None:
        for name, path, immutable in (("brand", f"{originals}/brand", True), ("samples", originals, False)):
            if name not in wanted:
                continue
            bucket = Bucket.objects.filter(name=name).first()
            if bucket and bucket.place_here():
                self.stdout.write(f"The bucket “{name}” is there already.")
                continue
            made, place, _ = add_bucket(name, path, immutable=immutable, allow_unsafe=originals == str(FOLDER))
            if name == "samples" and "brand" in wanted:
                made.overlays_from.add(Bucket.objects.get(name="brand"))
            self.stdout.write(f"The bucket “{name}” reads {place}.")

    def add_aliases(self, chosen: dict[str, dict[str, Any]]) -> None:
        for name, fields in chosen.items():
            if Alias.objects.filter(name=name).exists():
                self.stdout.write(f"The alias “{name}” is there already.")
                continue
            bucket = Bucket.objects.get(name=fields.get("bucket", "samples"))
            alias = Alias(name=name, **{**fields, "bucket": bucket})
            alias.full_clean()
            alias.save()
            self.stdout.write(publish(alias, None, "sample alias of the first set-up").sentence)

    def add_user(self) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            self.stdout.write(
                "The admin has a user already. For a forgotten password: "
                ".venv/bin/python manage.py changepassword admin"
            )
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write(self.style.SUCCESS(f"Admin: user admin, password {password} — shown only this once."))
