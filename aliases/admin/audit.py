"""The admin's list of the audit log: read-only, and handed out as a file."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..audit.handing_out import FORMATS, lines
from ..models import AuditEntry
from .pages.model_admin import ReadOnlyModelAdmin
from .pages.page import GET, Page, url_patterns
from .pages.permissions import VIEW_AUDIT


class AuditEntryAdmin(ReadOnlyModelAdmin):
    list_title = "Audit log: who changed what, and who came in"
    list_display = ("at", "action", "subject", "who", "address", "via", "why")
    list_filter = ("action", "via")
    list_per_page = 100
    search_fields = ("subject", "who", "address", "request_id")
    date_hierarchy = None
    fields = (
        "at", "action", "subject", "subject_id", "who", "address", "via", "request_id", "why", "was", "became",
    )  # fmt: skip
    readonly_fields = ("was", "became")

    def get_urls(self) -> list[URLPattern]:
        pages = [Page("export/<str:name>/", export, "export", (VIEW_AUDIT,), GET)]
        return [*url_patterns(self, pages), *super().get_urls()]

    @admin.display(description="before")
    def was(self, entry: AuditEntry) -> SafeString:
        return indented(entry.before)

    @admin.display(description="after")
    def became(self, entry: AuditEntry) -> SafeString:
        return indented(entry.after)


def indented(value: Any) -> SafeString:
    if value is None:
        return format_html("{}", "–")
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2))


def export(request: HttpRequest, name: str) -> Any:
    """The whole log as a file, `csv` or `jsonl`."""
    if name not in FORMATS:
        return HttpResponse(f"There is no such format; the formats are {', '.join(FORMATS)}.", status=404)
    response = StreamingHttpResponse(lines(AuditEntry.objects.all(), name), content_type=FORMATS[name])
    response["Content-Disposition"] = f'attachment; filename="audit-log.{name}"'
    return response
