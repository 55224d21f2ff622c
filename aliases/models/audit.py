"""The audit log: who changed what, when, from where, and what it was before."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One change, or one log-in. It never changes, and goes only when it is older than AUDIT_DAYS."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=40, help_text="“alias changed”, “logged in”.")
    subject = models.CharField(max_length=1200, blank=True, help_text="What was changed, by its name.")
    subject_id = models.CharField("number", max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=200, blank=True, help_text="Their name then; it stays when the user is deleted.")
    address = models.CharField(max_length=45, blank=True)
    via = models.CharField(max_length=100, blank=True, help_text="“admin”, or a command.")
    request_id = models.CharField("request", max_length=64, blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "line of the audit log"
        verbose_name_plural = "audit log"
        default_permissions = ("view",)
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A line of the audit log never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A line of the audit log goes only with age: manage.py trim_audit_log")
