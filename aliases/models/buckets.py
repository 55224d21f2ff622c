"""Buckets: the named places that originals come from."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from rendering.catalogue import catalogue

from ..drafts import validators
from ..fields.columns import AddressLines, LongText, TextLine, YesNo

if TYPE_CHECKING:
    from .bucket_places import BucketPlace


def this_environment() -> str:
    return str(settings.ENVIRONMENT)


class Bucket(models.Model):
    """A public name for a place that originals come from. Changes are live as soon as they are saved."""

    name = TextLine(
        max_length=63,
        unique=True,
        validators=[validators.bucket_name],
        help_text=(
            "Public: it is part of Thumbor URLs and cannot be changed later. Lower-case letters, digits, "
            "- and _, such as “profile-images”. It need not be the S3 bucket's name."
        ),
    )
    label = TextLine(max_length=100, blank=True, help_text="For people, such as “Profile pictures of the app”.")
    notes = LongText(blank=True, help_text="Who fills this bucket, whom to ask. Seen in this admin only.")
    immutable = YesNo(
        "originals never change",
        default=False,
        help_text=(
            "Tick this if a key is never overwritten once written, for example because keys contain a "
            "hash or an upload's number. The bucket is then never asked whether an original changed, "
            "which saves a request to S3 for every picture. If an original is overwritten all the same, "
            "its old pictures are still served."
        ),
    )
    unsafe_allowed = YesNo(
        "unsigned URLs allowed",
        default=False,
        help_text=(
            "Whether /unsafe/300x200/… may read from this bucket, so that anybody can request any size. "
            "It takes effect only where the deployment allows such URLs (ALLOW_UNSAFE_URL). Aliases and "
            "signed URLs work either way."
        ),
    )
    svg_allowed = YesNo(
        "SVG drawings passed on",
        default=False,
        help_text=(
            "Whether originals whose key ends in .svg are served as they are: no alias and no URL changes their size "
            "or anything else. Browsers are told to run no script in them. Otherwise they are refused (415)."
        ),
    )
    overlays_from = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        verbose_name="overlays from",
        help_text=(
            "Other buckets whose pictures may be laid over those of this one, such as “brand” for a "
            "watermark. The bucket's own pictures are always allowed."
        ),
    )
    known_as = AddressLines(
        "also known as",
        blank=True,
        default="",
        help_text=(
            "The beginnings of addresses that stand for this bucket in Thumbor URLs, one a line, such as "
            "“https://acme-photos.s3.amazonaws.com/” or “cdn.acme.com/media/”: what follows is the original's key. "
            "Nothing is ever fetched from there."
        ),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        stored = Bucket.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.name != self.name:
            raise ValidationError(
                {
                    "name": f"URLs and revisions say “{stored.name}”, so the name stays. Make a new bucket for a "
                    "new name."
                }
            )
        if wrong := wrong_with_shared(self, self.known_as):
            raise ValidationError({"known_as": wrong})

    def place_here(self) -> "BucketPlace | None":
        """Its place in this process's environment; None if it has none."""
        return self.place_in(this_environment())

    def place_in(self, environment: str) -> "BucketPlace | None":
        # In Python, so that prefetched places cost no query.
        return next((place for place in self.places.all() if place.environment == environment), None)

    def frozen(self, environment: str) -> catalogue.Bucket:
        """The bucket as the data plane of that environment reads it."""
        place = self.place_in(environment)
        document = getattr(self, "focus_document", None)
        return catalogue.Bucket(
            self.name,
            place.frozen() if place else None,
            immutable=self.immutable,
            unsafe_allowed=self.unsafe_allowed,
            svg_allowed=self.svg_allowed,
            overlays_from=tuple(sorted(other.name for other in self.overlays_from.all())),
            focus=document.serial if document else 0,
            known_as=tuple(self.known_as.splitlines()),
        )


def wrong_with_shared(bucket: Bucket, known_as: str) -> str:
    """What is wrong if another bucket is known by one of these addresses, a line each; empty if none is."""
    wanted = set(known_as.splitlines())
    for other in Bucket.objects.exclude(pk=bucket.pk).exclude(known_as=""):
        if shared := wanted.intersection(other.known_as.splitlines()):
            return (
                f"The bucket “{other}” is known as {min(shared)} already, and an address stands for one bucket: take "
                "it out there first, or add a folder to it here."
            )
    return ""
