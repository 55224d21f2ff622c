"""The last health check of each alias, kept so that a list of hundreds need not render their samples."""

from django.db import models


class Health(models.Model):
    """The newest check of an alias: whether its live revision could render its sample."""

    alias = models.OneToOneField("aliases.Alias", models.CASCADE, related_name="health")
    #: What was checked, as `health.subject` returns it. If that has changed, the row says nothing any more.
    of = models.CharField(max_length=16)
    trouble = models.TextField(blank=True, help_text="Why the sample cannot be made; empty when it can.")
    cause = models.CharField(max_length=40, blank=True, help_text="What is the matter, as `health.Cause` has it.")
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "health"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.alias}: {self.trouble or 'well'}"
