"""`manage.py add_bucket`: add a bucket, or give one its place in another environment."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aliases.drafts.words import refusals
from aliases.editing.cautions import of_prefix
from aliases.fields.form_fields import wrong_with_text
from aliases.models import Bucket, BucketChange, BucketPlace
from aliases.publishing.bucket_changes import record_change
from aliases.publishing.bucket_state import differences, state_of
from aliases.publishing.sending import catalogue_in_words, write_where_missing
from rendering.imaging.parameters import excerpt
from rendering.names import wrong_with_bucket_name
from rendering.storage.factory import probe
from rendering.storage.place import Place

#: The fields that options name.
OPTIONS = ("environment", "known_as", "region", "endpoint_url", "role_arn", "external_id", "requester_pays", "kms_key")


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
        parser.add_argument(
            "--region", default="", help="The region of the S3 bucket; with an endpoint, what its server expects."
        )
        parser.add_argument(
            "--endpoint-url",
            default="",
            help="The URL of S3-compatible storage outside AWS, such as http://minio:9000.",
        )
        parser.add_argument("--role-arn", default="", help="The role to assume for a bucket of another account.")
        parser.add_argument("--kms-key", default="", help="The ARN of the KMS key that encrypts the S3 bucket.")
        parser.add_argument("--external-id", default="", help="The external ID that the role's trust policy requires.")
        parser.add_argument(
            "--requester-pays",
            action="store_true",
            help="Pay for requests and transfer, as a requester-pays bucket demands.",
        )
        parser.add_argument("--immutable", action="store_true", help="Originals are never overwritten.")
        parser.add_argument(
            "--known-as",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="The beginning of addresses that stand for it in Thumbor URLs, such as https://cdn.acme.com/media/; "
            "may be given several times.",
        )
        parser.add_argument("--allow-svg", action="store_true", help="Pass SVG drawings on as they are.")
        parser.add_argument("--allow-unsafe", action="store_true", help="Let unsigned URLs read from it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                bucket, place, line = add_bucket(**options)
        except ValidationError as error:
            raise CommandError(" ".join(option(said) for said in refusals(error))) from None
        if line is None:
            self.stdout.write(f"The bucket “{bucket}” already exists with these settings: {place}.")
            write_where_missing()
            self.stdout.write(catalogue_in_words())
            return
        if line.before:
            self.stdout.write(
                f"The bucket “{bucket}” was changed: {'; '.join(differences(line.before, line.after or {}))}."
            )
        self.stdout.write(f"The bucket “{bucket}” reads {place}.")
        if place.kind == BucketPlace.Kind.S3 and (caution := of_prefix(place.prefix, "prefix")):
            self.stdout.write(self.style.WARNING(caution))
        write_where_missing()
        self.stdout.write(catalogue_in_words())
        if place.environment == settings.ENVIRONMENT:
            self.stdout.write(f"{probe(place.frozen()).sentence}.")


def add_bucket(name: str, url: str, **options: Any) -> tuple[Bucket, BucketPlace, BucketChange | None]:
    """Make the bucket and its place, unless they are there, and have them say what the options say; and the line of
    the history, None where all of it was so before. What no option names stays. Raises ValidationError when it cannot
    be."""
    if wrong := wrong_with_bucket_name(name):
        raise ValidationError(f"{wrong}.")
    environment = options.get("environment") or settings.ENVIRONMENT
    if wrong := wrong_with_text(url):
        raise ValidationError(f"{excerpt(url)}: {wrong}")
    try:
        frozen = Place.from_url(url)
        location = folder(frozen.location) if frozen.kind == "folder" else frozen.location
    except (ValueError, OSError) as error:
        raise ValidationError(str(error)) from None
    bucket = Bucket.objects.filter(name=name).first() or Bucket(name=name)
    before = state_of(bucket) if bucket.pk else None
    bucket.immutable |= options.get("immutable", False)
    bucket.unsafe_allowed |= options.get("allow_unsafe", False)
    bucket.svg_allowed |= options.get("allow_svg", False)
    bucket.known_as = "\n".join([bucket.known_as, *options.get("known_as", ())])
    bucket.full_clean()
    bucket.save()
    place = bucket.place_in(environment) or BucketPlace(
        bucket=bucket, environment=environment, kind=frozen.kind, location=location, prefix=frozen.prefix
    )
    if (place.kind, place.location, place.prefix) != (frozen.kind, location, frozen.prefix):
        raise ValidationError(
            f"The bucket “{name}” has another place in the environment “{place.environment}”: {place.where}. "
            "Change it in the bucket's page in the admin."
        )
    for field in ("region", "endpoint_url", "role_arn", "external_id", "kms_key"):
        setattr(place, field, options.get(field) or getattr(place, field))
    place.requester_pays |= options.get("requester_pays", False)
    place.full_clean()
    place.save()
    bucket = Bucket.objects.get(pk=bucket.pk)
    if before == state_of(bucket):
        return bucket, place, None
    return bucket, place, record_change(bucket, before, None, "manage.py add_bucket")


def option(said: str) -> str:
    """A refusal, by the option that it is about instead of the field."""
    field, separator, sentence = said.partition(": ")
    return f"--{field.replace('_', '-')}: {sentence}" if separator and field in OPTIONS else said


def folder(path: str) -> str:
    """A folder's path as it is stored: absolute, or relative to the project's folder if it is inside."""
    absolute = Path(path).resolve()
    return str(absolute.relative_to(settings.BASE_DIR)) if absolute.is_relative_to(settings.BASE_DIR) else str(absolute)
