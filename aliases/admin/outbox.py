"""The admin of the outbox: read-only."""

from django.contrib import admin

from .pages.model_admin import ReadOnlyModelAdmin


class OutboxAdmin(ReadOnlyModelAdmin):
    list_title = "Changes to send, and those sent"
    list_display = ("__str__", "why", "made_at", "due_at", "sends_left", "sent_at", "attempts", "last_error")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("bucket",)
