"""`manage.py iam_policy`: the least rights that a stage's function needs."""

import json
import re
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.aws import iam
from rendering import conf
from rendering.catalogue.catalogue import NAME, Catalogue
from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import configured
from rendering.storage.place import Place

ADMIN = "_admin"
#: IAM's limit for all inline policies of a role, in characters.
MOST = 10_240


class Command(BaseCommand):
    help = (
        "Print the least IAM policy of a stage's function, for the buckets of the published catalogue; or what the "
        "account of one of them adds."
    )

    #: The checks require a stage's secrets, which printing its policy does not.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stage", required=True, help="The stage in zappa_settings.json, such as production or production_admin."
        )
        parser.add_argument("--bucket", default="", help="Print what the account of this bucket has to add instead.")
        parser.add_argument(
            "--project", default="imageservice", help="The project_name in zappa_settings.json; by default %(default)s."
        )
        parser.add_argument(
            "--account", default="", help="The service's AWS account; by default that of the credentials."
        )
        parser.add_argument(
            "--reader",
            action="append",
            default=[],
            metavar="ARN",
            help="A role to let in instead of the functions' roles; may be repeated.",
        )

    def handle(self, *args: Any, stage: str, bucket: str, **options: Any) -> None:
        if stage.removesuffix(ADMIN) != settings.ENVIRONMENT:
            there = f"iam_policy --stage {stage}{f' --bucket {bucket}' if bucket else ''}"
            raise CommandError(
                f"The stage “{stage}” is of the environment “{stage.removesuffix(ADMIN)}”, and this process of "
                f"“{settings.ENVIRONMENT}”. Set ENVIRONMENT, CATALOGUE_URL and DERIVATIVES_URL as that stage has them, "
                f'or ask its admin: zappa manage {stage.removesuffix(ADMIN)}{ADMIN} "{there}"'
            )
        published = self.read_catalogue()
        if bucket:
            self.stdout.write(json.dumps(self.of_owner(bucket, published, stage, **options), indent=4))
            return
        function = iam.Function(
            "admin" if stage.endswith(ADMIN) else "images",
            Place.from_url(settings.DERIVATIVES_URL),
            Place.from_url(settings.CATALOGUE_URL),
            self.distribution(options["account"]) if stage.endswith(ADMIN) else "",
            conf.detector(),
        )
        policy = iam.policy(function, published, partition())
        self.stdout.write(json.dumps(policy, indent=4))
        if iam.size(policy) > MOST:
            self.warn(f"This has {iam.size(policy):,} characters; a role's own policies may have {MOST:,} together.")
        for name in sorted(published.unreadable):
            self.warn(f"What the catalogue says of the bucket “{name}” cannot be read, so this allows nothing in it.")
        for name, one in published.buckets.items():
            if one.place in iam.places_of(published) and one.place.role_arn:
                self.warn(f"What the account of {one.place.role_arn} adds: --stage {stage} --bucket {name}")

    def read_catalogue(self) -> Catalogue:
        try:
            stored = configured("catalogue").read(NAME)
        except Missing:
            self.warn("Nothing is published yet, so this allows reading no bucket. Print it again after publishing.")
            return Catalogue(0, {}, {})
        except StorageError as error:
            raise CommandError(f"The catalogue could not be read ({error}). See CATALOGUE_URL.") from None
        assert stored is not None  # nothing was said of `unless`
        try:
            return Catalogue.read(stored.content)
        except ValueError as error:
            raise CommandError(
                f"The catalogue is none ({type(error).__name__}: {error}). Run manage.py write_catalogue."
            ) from None

    def of_owner(self, name: str, published: Catalogue, stage: str, **options: Any) -> dict[str, Any]:
        """What the bucket's account adds, for both of the stage's functions: the admin shows previews."""
        if name not in published.buckets:
            known = ", ".join(published.buckets) or "none yet"
            raise CommandError(f"No bucket “{name}” is published. The buckets are: {known}")
        place = published.buckets[name].place
        if place is None or place not in iam.places_of(published):
            raise CommandError(f"The bucket “{name}” is not in AWS's S3 in this environment, so IAM has no say in it.")
        readers = options["reader"]
        if not readers:
            environment, account = stage.removesuffix(ADMIN), options["account"] or own_account()
            readers = [role(options["project"], one, account) for one in (environment, environment + ADMIN)]
        return iam.owners(place, published, readers, partition())

    def distribution(self, account: str) -> str:
        if not settings.CLOUDFRONT_DISTRIBUTION_ID:
            self.warn("CLOUDFRONT_DISTRIBUTION_ID is not set, so this allows no invalidation. Print it again with it.")
            return ""
        return (
            f"arn:{partition()}:cloudfront::{account or own_account()}:"
            f"distribution/{settings.CLOUDFRONT_DISTRIBUTION_ID}"
        )

    def warn(self, sentence: str) -> None:
        self.stderr.write(sentence)


def partition() -> str:
    """Which of AWS's clouds it is: "aws", "aws-cn", "aws-us-gov"."""
    session = boto3.Session()
    return session.get_partition_for_region(session.region_name or "us-east-1")


def own_account() -> str:
    try:
        return boto3.client("sts", region_name=boto3.Session().region_name or "us-east-1").get_caller_identity()[
            "Account"
        ]
    except (BotoCoreError, ClientError) as error:
        raise CommandError(
            f"AWS does not say whose credentials these are ({error}). Name the account: --account 123456789012"
        ) from None


def role(project: str, stage: str, account: str) -> str:
    """The role that `make deploy` makes for a stage: `deploy/account/roles.py`."""
    function = re.sub(r"[^a-z0-9]+", "-", f"{project}-{stage}".lower()).strip("-")
    return f"arn:{partition()}:iam::{account}:role/{function}-{boto3.Session().region_name or 'us-east-1'}"
