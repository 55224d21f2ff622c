"""The admin of the outbox: read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .pages.model_admin import RobustModelAdmin


class OutboxAdmin(RobustModelAdmin):
    list_title = "Changes to send, and those sent"
    list_display = ("__str__", "why", "made_at", "due_at", "sends_left", "sent_at", "attempts", "last_error")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("bucket",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
