"""The admin's list of the originals whose focus is overruled; each leads to the original's page."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aliases.models import OverruledFocus

from ..pages.model_admin import RobustModelAdmin
from ..pages.permissions import VIEW_BUCKET, MissingPermission, may
from .urls import focus_url


class OverruledFocusAdmin(RobustModelAdmin):
    list_title = "Originals whose focus is set by hand"
    list_display = ("thumbnail", "key", "bucket", "by", "at", "why")
    list_display_links = ("key",)
    list_filter = ("bucket",)
    list_per_page = 50
    list_select_related = ("bucket", "by")
    search_fields = ("key", "why")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OverruledFocus]:
        return super().get_queryset(request).filter(newest=True, boxes__isnull=False)

    @admin.display(description="original")
    def thumbnail(self, line: OverruledFocus) -> SafeString:
        url = f"{reverse('admin:aliases_bucket_picture', args=[line.bucket_id])}?{urlencode({'key': line.key})}"
        return format_html('<span class="pic whole th"><img src="{}" alt="" loading="lazy"></span>', url)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise MissingPermission("aliases.view_bucket")
        line = self.get_object(request, unquote(object_id))
        if line is None:
            raise Http404("Nothing is set under this number any more.")
        return HttpResponseRedirect(focus_url(line.bucket, line.key))

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.change_view(request, object_id)

    # The permission to view buckets is enough. The focus is changed on the original's page.

    def has_view_permission(self, request: HttpRequest, obj: OverruledFocus | None = None) -> bool:
        return may(request, VIEW_BUCKET)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OverruledFocus | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OverruledFocus | None = None) -> bool:
        return False
