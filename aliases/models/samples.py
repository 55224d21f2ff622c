"""The sample set of a bucket: some originals, as different as they come, by which drafts are judged; and the search for
them."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from msgspec import Struct

from rendering.imaging import documents

from ..drafts import validators
from .buckets import Bucket


class Reason(StrEnum):
    """Why an original was found to be in the set, in the order in which they are looked for."""

    WIDEST = "widest"
    TALLEST = "tallest"
    LARGEST = "largest"
    SMALLEST = "smallest"
    TRANSPARENT = "transparent"
    ANIMATED = "animated"
    CMYK = "CMYK"
    WIDE_GAMUT = "wide gamut"
    TURNED = "turned by EXIF"
    ONE_FACE = "one face"
    MANY_FACES = "many faces"
    NO_FACE = "no face"
    #: Nothing special: the set has at least eight.
    ORDINARY = "ordinary"


class OriginalFacts(Struct, frozen=True, omit_defaults=True):
    """What was found of an original: media type, width and height of the upright picture in pixels, length of the file
    in bytes, number of frames, whether pixels can be transparent, the kind of its colours (sRGB, CMYK or wide gamut),
    whether EXIF turns it, and the number of faces, None where nobody looked."""

    type: str
    width: int
    height: int
    bytes: int
    frames: int = 1
    alpha: bool = False
    colours: str = "sRGB"
    turned: bool = False
    faces: int | None = None


class Sample(models.Model):
    """An original of a bucket's sample set."""

    bucket = models.ForeignKey(Bucket, models.CASCADE, related_name="samples")
    key = models.CharField(max_length=1024, validators=[validators.key])
    pinned = models.BooleanField(default=False, help_text="Chosen by a person; stays until one takes it out.")
    reasons = models.JSONField(default=list, blank=True, help_text="Why it was found: “widest”, “transparent”.")
    found = models.JSONField(null=True, blank=True, help_text="What its file says of it. Null: nobody looked yet.")
    trouble = models.TextField(blank=True, help_text="Why it cannot be read; empty when it can.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who pinned it."
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pinned", "pk"]
        # Whoever may view a bucket sees them; whoever may change aliases chooses them.
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["bucket", "key"], name="each_sample_once")]

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def facts(self) -> OriginalFacts | None:
        """What is known of the original; None where nobody looked yet, or it cannot be read."""
        return documents.read(self.found, OriginalFacts) if self.found else None

    @property
    def why(self) -> str:
        """Why it is in the set, in words: “pinned, widest”."""
        return ", ".join([*(["pinned"] if self.pinned else []), *self.reasons])


class SampleSearch(models.Model):
    """The last search for a bucket's sample set, step by step, so that any process can go on with it."""

    bucket = models.OneToOneField(Bucket, models.CASCADE, related_name="sample_search")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    keys = models.JSONField(null=True, blank=True, help_text="The keys to look at. Null: not chosen yet.")
    found = models.JSONField(default=dict, blank=True, help_text="What was found of each key; null if it is unread.")
    bytes = models.PositiveBigIntegerField(default=0, help_text="Read so far.")
    trouble = models.TextField(blank=True, help_text="Why it ended without a set.")
    #: While a process works on it. One that was killed lets another go on after that.
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "searches for samples"
        default_permissions = ()

    def __str__(self) -> str:
        return f"samples of {self.bucket}: {len(self.found)} of {len(self.keys or ())} looked at"
