from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aliases.bucket_changes import note
from aliases.bucket_state import state_of
from aliases.models import Bucket, BucketPlace
from aliases.sending import catalogue_in_words
from rendering.storages import probe
from rendering.stores import Place


class Command(BaseCommand):
    help = "Add a bucket that reads a folder or an S3 bucket, or give a bucket its place in another environment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="The bucket's public name, such as profile-images.")
        parser.add_argument(
            "url", metavar="URL", help="Where it is: a folder's path, file:///folder or s3://bucket/prefix."
        )
        parser.add_argument(
            "--environment",
            default=settings.ENVIRONMENT,
            help="The environment whose place this is; by default %(default)s.",
        )
        parser.add_argument("--region", default="", help="The region of the S3 bucket.")
        parser.add_argument(
            "--endpoint-url", default="", help="The address of an S3 that is not AWS's own, such as http://minio:9000."
        )
        parser.add_argument("--role-arn", default="", help="The role to assume for a bucket of another account.")
        parser.add_argument("--external-id", default="", help="The external ID that the role's trust policy asks for.")
        parser.add_argument(
            "--requester-pays",
            action="store_true",
            help="Say that this service pays for what it reads, as a requester-pays bucket asks.",
        )
        parser.add_argument(
            "--immutable", action="store_true", help="Say that an original never changes under its key."
        )
        parser.add_argument("--allow-unsafe", action="store_true", help="Let unsigned URLs read from it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                bucket, place, made = add_bucket(**options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if not made:
            self.stdout.write(f"The bucket “{bucket}” is there already: {place}.")
            return
        self.stdout.write(f"The bucket “{bucket}” reads {place}.")
        self.stdout.write(catalogue_in_words())
        if place.environment == settings.ENVIRONMENT:
            self.stdout.write(f"{probe(place.frozen()).sentence}.")


def add_bucket(name: str, url: str, **options: Any) -> tuple[Bucket, BucketPlace, bool]:
    """Make the bucket and its place unless they are there. Raises ValidationError when they cannot be."""
    try:
        frozen = Place.from_url(url)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    location = folder(frozen.location) if frozen.kind == "folder" else frozen.location
    bucket = Bucket.objects.filter(name=name).first() or Bucket(name=name)
    new = bucket.pk is None
    before = None if new else state_of(bucket)
    bucket.immutable |= options.get("immutable", False)
    bucket.unsafe_allowed |= options.get("allow_unsafe", False)
    bucket.full_clean()
    bucket.save()
    place = bucket.place_in(options.get("environment") or settings.ENVIRONMENT)
    if place and (place.kind, place.location, place.prefix) == (frozen.kind, location, frozen.prefix):
        return bucket, place, new
    if place:
        raise ValidationError(
            f"The bucket “{name}” has another place in the environment “{place.environment}”: {place}. "
            "Change it in the bucket's page in the admin."
        )
    place = BucketPlace(
        bucket=bucket,
        environment=options.get("environment") or settings.ENVIRONMENT,
        kind=frozen.kind,
        location=location,
        prefix=frozen.prefix,
        requester_pays=options.get("requester_pays", False),
        **{field: options.get(field, "") for field in ("region", "endpoint_url", "role_arn", "external_id")},
    )
    place.full_clean()
    place.save()
    note(bucket, before, None, "manage.py add_bucket")
    return bucket, place, True


def folder(path: str) -> str:
    """A folder's path as it is kept: whole, or from the project's folder when it is within."""
    absolute = Path(path).resolve()
    return str(absolute.relative_to(settings.BASE_DIR)) if absolute.is_relative_to(settings.BASE_DIR) else str(absolute)
