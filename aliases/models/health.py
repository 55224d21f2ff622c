"""What the last checks of each alias found, of what is live and of the draft; kept so that a list of hundreds renders
nothing."""

from django.db import models


class Judged(models.Model):
    """What a check found in the sample set, by the alias's own rules."""

    #: What was judged, as `health.basis` or `health.basis_of_draft` returns it. If that has changed, the rest says
    #: nothing any more. Empty: nobody looked yet.
    judged = models.CharField(max_length=16, blank=True)
    judged_at = models.DateTimeField(null=True)
    #: What the check read: as long as nothing of it changes, nothing is rendered again.
    read = models.CharField(max_length=16, blank=True)
    findings = models.JSONField(default=list, help_text="The worst of each rule, as `verdicts.Worst` has it.")
    samples = models.PositiveSmallIntegerField(default=0, help_text="How many were judged.")
    left_out = models.PositiveSmallIntegerField(default=0, help_text="For which there was no time.")
    median = models.PositiveIntegerField(null=True, help_text="Bytes of the picture in the middle, by weight.")

    class Meta:
        abstract = True


class Health(Judged):
    """Of what is live: whether its sample could be made, and what is found in the others."""

    alias = models.OneToOneField("aliases.Alias", models.CASCADE, related_name="health")
    #: What was checked, as `health.subject` returns it. If that has changed, `trouble` says nothing any more.
    of = models.CharField(max_length=16)
    trouble = models.TextField(blank=True, help_text="Why the sample cannot be made; empty when it can.")
    cause = models.CharField(max_length=40, blank=True, help_text="What is the matter, as `findings.Cause` has it.")
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "health"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.alias}: {self.trouble or 'well'}"


class DraftHealth(Judged):
    """Of a draft that waits: what publishing it would do to the samples."""

    alias = models.OneToOneField("aliases.Alias", models.CASCADE, related_name="draft_health")

    class Meta:
        verbose_name_plural = "health of drafts"
        default_permissions = ()

    def __str__(self) -> str:
        return f"the draft of {self.alias}: {self.samples} samples judged"


class Upkeep(models.Model):
    """A single row: which process checks health and finds samples now, and when that was done last."""

    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_upkeep")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"done at {self.done_at}"
