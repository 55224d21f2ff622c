"""What was found when an alias's sample was last looked at, so that a list of hundreds renders nothing."""

from django.db import models


class Health(models.Model):
    """The newest look at an alias's sample as its live revision makes it."""

    alias = models.OneToOneField("aliases.Alias", models.CASCADE, related_name="health")
    #: What was looked at, as `health.subject` says it; of anything else, nothing is known.
    of = models.CharField(max_length=16)
    trouble = models.TextField(blank=True, help_text="Why the sample cannot be made; empty when it can.")
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "health"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.alias}: {self.trouble or 'well'}"
