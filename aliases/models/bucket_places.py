"""Where buckets are in each environment."""

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from rendering.names import wrong_with_kms_key, wrong_with_prefix, wrong_with_s3_bucket
from rendering.storage.folders import wrong_with_root
from rendering.storage.place import Place
from rendering.storage.s3.endpoints import wrong_with_endpoint, wrong_with_permission, wrong_with_region

from ..fields.columns import KeyText, SlugText, TextLine
from ..fields.form_fields import wrong_with_text
from .buckets import Bucket, this_environment


class BucketPlace(models.Model):
    """Where a bucket physically is in one environment, so the same alias can read another AWS account in staging."""

    class Kind(models.TextChoices):
        S3 = "s3", "S3 bucket"
        FOLDER = "folder", "folder"

    bucket = models.ForeignKey(Bucket, models.CASCADE, related_name="places")
    environment = SlugText(
        max_length=40,
        default=this_environment,
        help_text="The deployment that reads this place, by its ENVIRONMENT setting: “local”, “staging”, “production”.",
    )
    kind = TextLine(max_length=10, choices=Kind, default=Kind.FOLDER)
    location = KeyText(
        max_length=500,
        help_text="The S3 bucket's name, such as “acme-profile-images”, or the folder's path: “/srv/pictures”, or "
        "“samples” for a folder of this project.",
    )
    prefix = KeyText(
        max_length=500,
        blank=True,
        help_text=(
            "Put before every key, exactly as stored: with “originals/”, the key “a.jpg” reads "
            "“originals/a.jpg”. Usually empty; if not, it usually ends with /."
        ),
    )
    region = TextLine(
        max_length=40,
        blank=True,
        help_text=(
            "The S3 bucket's AWS region, such as “eu-central-1”; with an endpoint URL, the region that "
            "its server expects, such as “auto” or “garage”. Empty: the region of this service."
        ),
    )
    endpoint_url = TextLine(
        "endpoint URL",
        max_length=300,
        blank=True,
        help_text=(
            "Only for S3-compatible storage outside AWS, such as MinIO: “https://minio.example.com:9000”, "
            "or “http://minio:9000” in a container network."
        ),
    )
    role_arn = TextLine(
        "role to assume",
        max_length=300,
        blank=True,
        help_text=(
            "For a bucket in another AWS account: the role there that may read it, such as "
            "“arn:aws:iam::123456789012:role/image-reader”. It must allow s3:GetObject and s3:ListBucket, "
            "and trust this service's own role. Empty: this service reads with its own permissions."
        ),
    )
    external_id = TextLine(
        "external ID",
        max_length=1224,
        blank=True,
        help_text="The secret that the role's trust policy may require (sts:ExternalId). Usually empty.",
    )
    requester_pays = models.BooleanField(
        "requester pays",
        default=False,
        help_text=(
            "Tick this for a requester-pays bucket: this service's AWS account is then charged for "
            "requests and transfer. Without it, such a bucket denies every request."
        ),
    )
    kms_key = TextLine(
        "KMS key",
        max_length=300,
        blank=True,
        help_text="The key's ARN, for a bucket that AWS KMS encrypts (SSE-KMS): the policies that manage.py iam_policy "
        "prints then allow decrypting with it. Empty for AWS's own encryption (SSE-S3).",
    )

    class Meta:
        verbose_name = "place"
        ordering = ["environment"]
        constraints = [
            models.UniqueConstraint(
                fields=["bucket", "environment"],
                name="one_place_per_environment",
                violation_error_message="This bucket already has a place in that environment; change that one.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.environment}: {self.where}"

    @property
    def where(self) -> str:
        """Where its pictures are, as people write it: s3://name/prefix or a folder's path."""
        if self.kind == self.Kind.S3:
            return f"s3://{self.location}/{self.prefix}"
        return f"{self.location.rstrip('/')}/{self.prefix}" if self.prefix else str(self.location)

    def frozen(self) -> Place:
        return Place(
            self.kind,
            self.location,
            self.prefix,
            self.region,
            self.endpoint_url,
            self.role_arn,
            self.external_id,
            self.requester_pays,
            self.kms_key,
        )

    def clean(self) -> None:
        wrong = wrong_with_s3(self) if self.kind == self.Kind.S3 else wrong_with_folder(self)
        wrong["environment"] = wrong_with_environment(self)
        if self.prefix:
            wrong["prefix"] = wrong_with_prefix(self.prefix)
        # What is required and empty is said once, by its field.
        wrong = {name: sentence for name, sentence in wrong.items() if sentence and getattr(self, name)}
        if wrong:
            # `Any`: the stubs do not accept a plain dict of messages.
            errors: Any = wrong
            raise ValidationError(errors)


def wrong_with_s3(place: BucketPlace) -> dict[str, str]:
    wrong = {"location": wrong_with_s3_bucket(place.location), "kms_key": wrong_with_kms_key(place.kms_key)}
    if place.role_arn and not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,576}", place.role_arn):
        wrong["role_arn"] = (
            "A role is written arn:aws:iam::123456789012:role/name: the account's twelve digits, then the role's name."
        )
    if place.external_id and not re.fullmatch(r"[\w+=,.@:/-]{2,1224}", place.external_id, re.ASCII):
        wrong["external_id"] = (
            "An external ID has 2 to 1,224 letters, digits and the signs + = , . @ : / - without spaces."
        )
    elif place.external_id and not place.role_arn:
        wrong["external_id"] = "An external ID is sent only when a role is assumed: name the role, or empty this."
    if place.region:
        wrong["region"] = wrong_with_region(place.region, own_endpoint=bool(place.endpoint_url))
    if place.endpoint_url:
        wrong["endpoint_url"] = wrong_with_endpoint(place.endpoint_url)
        # Another environment has settings of its own.
        if not wrong["endpoint_url"] and place.environment == this_environment():
            wrong["endpoint_url"] = wrong_with_permission(place.endpoint_url)
    return wrong


def wrong_with_folder(place: BucketPlace) -> dict[str, str]:
    wrong = {"location": wrong_with_path(place.location)}
    wrong |= {
        name: "Only an S3 bucket has this, and the place is a folder: leave it empty, or choose the kind “S3 bucket”."
        for name in ("region", "endpoint_url", "role_arn", "external_id", "requester_pays", "kms_key")
        if getattr(place, name)
    }
    # Another environment's folders are on another machine.
    if not wrong["location"] and place.environment == this_environment():
        folder = settings.BASE_DIR / place.location
        if refused := wrong_with_root(f"{folder}/{place.prefix}"):
            wrong["location"] = refused
        elif not os.path.isdir(folder):  # noqa: PTH112 - Path's own raises for names that no file system has
            wrong["location"] = (
                f"{folder} is a file: name the folder that it is in."
                if os.path.isfile(folder)  # noqa: PTH113 - likewise
                else f"There is no folder {folder} on this machine. Make it, or correct the path."
            )
        elif not os.access(folder, os.R_OK | os.X_OK):
            wrong["location"] = f"The service may not read {folder}. Give its user the rights: chmod o+rx {folder}"
    return wrong


def wrong_with_path(path: str) -> str:
    """What is wrong with a folder's path on any machine, as a sentence; empty if nothing is."""
    if wrong := wrong_with_text(path):
        return wrong
    if "://" in path:
        return (
            "This is a URL, not a folder's path: for S3 choose the kind “S3 bucket”, and write only the bucket's name."
        )
    if path.startswith("~"):
        return "“~” means a home folder only to a shell: write the full path, beginning with /."
    if ".." in Path(path).parts:
        return "“..” is refused in a folder's path: write it from / or from the project's folder."
    return ""


def wrong_with_environment(place: BucketPlace) -> str:
    """Whether the environment looks like a misspelling of an existing one, as a sentence; empty if it does not."""
    others = BucketPlace.objects.exclude(pk=place.pk)  # which may be the one being renamed
    # This process's own comes first: it reads no other, whatever was once saved.
    known = [this_environment(), *others.values_list("environment", flat=True).distinct()]
    spellings = [one for one in known if one.lower() == place.environment.lower()]
    if not spellings or place.environment in spellings:
        return ""
    meant = spellings[0]
    return f"The environment is written “{meant}”, as its ENVIRONMENT setting is."
