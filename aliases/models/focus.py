"""Overruled focus: what people set as the focus of originals, and the document that publishes it."""

from django.conf import settings
from django.db import models

from ..drafts import validators
from .buckets import Bucket


class OverruledFocus(models.Model):
    """A focus that a person set for an original, live as soon as it is saved. Rows never change; the newest one of an
    original counts."""

    bucket = models.ForeignKey(Bucket, models.CASCADE, related_name="overruled")
    key = models.CharField(max_length=1024, validators=[validators.key])
    boxes = models.JSONField(
        null=True,
        help_text=(
            "Boxes to keep in sight, as fractions of the sides of the upright original: "
            "“0.2x0.1:0.6x0.5”. An empty list: nothing in particular. Null: what is found, as if nobody "
            "had set anything."
        ),
    )
    #: The original's ETag when the focus was set, to notice when the key holds another picture.
    etag = models.CharField(max_length=200, blank=True)
    newest = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "focus set by hand"
        verbose_name_plural = "focus set by hand"
        ordering = ["-pk"]
        # Seeing it takes the permission to view the bucket. Overruling is the only other thing one can do.
        default_permissions = ()
        permissions = [("overrule_focus", "Can overrule the focus of originals")]
        constraints = [
            models.UniqueConstraint(
                fields=["bucket", "key"], condition=models.Q(newest=True), name="one_newest_focus_per_original"
            )
        ]
        indexes = [models.Index(fields=["bucket", "key"], name="focus_of_original")]

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def in_words(self) -> str:
        """The focus in words."""
        if self.boxes is None:
            return "back to what is found"
        return f"focus on {', '.join(self.boxes)}" if self.boxes else "nothing in particular: as each crop is aligned"


class FocusDocument(models.Model):
    """The serial of a bucket's newest focus document, which the catalogue publishes."""

    bucket = models.OneToOneField(Bucket, models.CASCADE, related_name="focus_document")
    serial = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.bucket}: serial {self.serial}"
