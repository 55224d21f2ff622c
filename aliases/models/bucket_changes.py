"""The history of buckets: what changed, who changed it, when and why."""

from typing import Any

from django.conf import settings
from django.db import models


class BucketChange(models.Model):
    """One change of a bucket. `before` and `after` are states as in `bucket_state`, for all environments."""

    #: None once the bucket is deleted. `name` stays.
    bucket = models.ForeignKey("aliases.Bucket", models.SET_NULL, null=True, related_name="changes")
    name = models.CharField(max_length=63)
    before = models.JSONField(null=True, help_text="None where the change made the bucket.")
    after = models.JSONField(null=True, help_text="None where the change deleted the bucket.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        if self.before is None:
            return f"added {self.name}"
        return f"deleted {self.name}" if self.after is None else f"changed {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A line of the history never changes.")
        super().save(*args, **kwargs)
