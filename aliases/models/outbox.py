"""The outbox: what still has to be sent to storage and the CDN. And the catalogue's state, whose row is its lock."""

from django.db import models


class Outbox(models.Model):
    """One thing to send: write the catalogue; invalidate tags in the CDN; or, for an original that changed, remove its
    derivatives and then invalidate its tag."""

    class Kind(models.TextChoices):
        CATALOGUE = "catalogue", "write the catalogue"
        INVALIDATE = "invalidate", "invalidate tags"
        REMOVE = "remove", "remove derivatives and invalidate tags"

    kind = models.CharField(max_length=10, choices=Kind)
    tags = models.JSONField(default=list, blank=True, help_text="The tags to invalidate: “alias:profile-image/ios”.")
    aliases = models.JSONField(
        null=True,
        blank=True,
        help_text="The aliases that the catalogue is to have as they are now. Null, as earlier versions wrote: all.",
    )
    folders = models.JSONField(
        default=list,
        blank=True,
        help_text="Where the derivatives to remove are kept, a folder for each original.",
    )
    why = models.CharField(max_length=200, blank=True, help_text="What made this necessary.")
    publication = models.ForeignKey(
        "aliases.Publication", models.SET_NULL, null=True, blank=True, related_name="outbox"
    )
    bucket = models.ForeignKey(
        "aliases.Bucket",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose overruled focus is to be written before the catalogue.",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(help_text="Not sent before then.")
    sends_left = models.PositiveSmallIntegerField(
        default=1,
        help_text=(
            "Invalidations are sent twice: at once, and again when nothing that began before can still be running."
        ),
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Failures since it last succeeded.")
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "changes to send"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["due_at"], name="due", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        if self.bucket:
            return f"write the overruled focus of {self.bucket} and the catalogue"
        return f"{self.get_kind_display()}{': ' if self.tags else ''}{', '.join(self.tags)}"


class CatalogueState(models.Model):
    """A single row with the serial last written. It is locked while the catalogue is written."""

    serial = models.PositiveBigIntegerField(default=0)
    written_at = models.DateTimeField(null=True, blank=True)
    #: When each part was replaced that the catalogue listed before. It is removed some time later.
    retired = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_catalogue")]

    def __str__(self) -> str:
        return f"serial {self.serial}"
