"""Revisions: aliases as they were published, immutable. Publications: the history of what was made live."""

from typing import Any

from django.conf import settings
from django.db import models


class Revision(models.Model):
    """Everything the data plane needs of an alias, as it was published. Immutable."""

    alias = models.ForeignKey("aliases.Alias", models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(help_text="1 for an alias's first.")
    content = models.JSONField(help_text="As in the catalogue, without the number.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["alias", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A revision never changes; publish a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A revision goes only with its alias: pictures, URLs and the history refer to it.")


class Publication(models.Model):
    """One entry in an alias's history: what was made live, who did it, when and why."""

    class Action(models.TextChoices):
        PUBLISH = "publish", "published"
        ROLL_BACK = "roll back", "rolled back to"
        ENABLE = "enable", "enabled"
        DISABLE = "disable", "disabled"

    alias = models.ForeignKey("aliases.Alias", models.CASCADE, related_name="publications")
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="publications")
    #: What was live before, to describe the difference.
    before = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.CharField(max_length=300, blank=True)
    #: The rules that the draft broke and was published against, a sentence for each.
    against = models.JSONField(default=list, blank=True)
    #: The first of those that were published together: the outbox has rows for that one alone.
    together = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        if self.revision is None or self.action in (self.Action.ENABLE, self.Action.DISABLE):
            return self.get_action_display()
        return f"{self.get_action_display()} revision {self.revision.number}"
