"""The admin of buckets: what they say is live as soon as it is saved, so each save tells the data plane."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .focus_pages import FocusPages
from .models import Bucket, BucketPlace, OverruledFocus
from .publishing import buckets_changed
from .sending import catalogue_in_words

if TYPE_CHECKING:
    PlaceInlineAdmin = admin.StackedInline[BucketPlace, Bucket]
else:
    PlaceInlineAdmin = admin.StackedInline


class PlaceInline(PlaceInlineAdmin):
    model = BucketPlace
    extra = 0
    min_num = 1
    fieldsets = (
        (None, {"fields": ("environment", "kind", "location", "prefix")}),
        (
            "S3 only: region, endpoint, role of another account",
            {"fields": ("region", "endpoint_url", "role_arn", "external_id"), "classes": ["collapse"]},
        ),
    )


class BucketAdmin(FocusPages):
    list_display = ("name", "label", "place", "aliases_count", "immutable", "unsafe_allowed")
    search_fields = ("name", "label", "notes")
    inlines = (PlaceInline,)
    fieldsets = (
        (None, {"fields": ("name", "label", "notes")}),
        ("Rules", {"fields": ("immutable", "unsafe_allowed", "overlays_from")}),
    )

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["aliases/admin.css"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bucket]:
        return super().get_queryset(request).prefetch_related("places").annotate(uses=Count("aliases"))

    def get_readonly_fields(self, request: HttpRequest, obj: Bucket | None = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "notes" and field:
            field.widget.attrs["rows"] = 2
        return field

    def get_form(self, request: HttpRequest, obj: Bucket | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        overlays = form.base_fields.get("overlays_from")
        if overlays:
            overlays.queryset = Bucket.objects.exclude(pk=obj.pk) if obj else Bucket.objects.all()
            overlays.widget = forms.CheckboxSelectMultiple(choices=overlays.choices)
            overlays.help_text = Bucket._meta.get_field("overlays_from").help_text
        return form

    @admin.display(description=f"place in {settings.ENVIRONMENT}")
    def place(self, bucket: Bucket) -> str:
        place = bucket.place_here()
        return str(place).partition(": ")[2] if place else "none: its pictures cannot be found here"

    @admin.display(description="aliases", ordering="uses")
    def aliases_count(self, bucket: Any) -> int:
        return int(bucket.uses)

    # --- Saving is publishing

    def save_model(self, request: HttpRequest, obj: Bucket, form: Any, change: bool) -> None:
        form.before = Bucket.objects.get(pk=obj.pk).frozen(settings.ENVIRONMENT) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        bucket = Bucket.objects.get(pk=form.instance.pk)
        if bucket.frozen(settings.ENVIRONMENT) != form.before:
            self.tell(request, [bucket], f"{'changed' if change else 'added'} bucket {bucket}")
        if not bucket.place_here():
            messages.warning(
                request,
                f"The bucket has no place in the environment “{settings.ENVIRONMENT}”, so its pictures cannot be "
                "found here.",
            )

    def response_add(self, request: HttpRequest, obj: Bucket, post_url_continue: str | None = None) -> HttpResponse:
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(
            request, f"The bucket “{obj}” is saved. “Test this bucket” shows whether its originals can be read."
        )
        return HttpResponseRedirect(reverse("admin:aliases_bucket_change", args=[obj.pk]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        laid_over = [
            f"Bucket “{other}” lays pictures of “{bucket}” over its own: untick that in its page first"
            for bucket in objs
            for other in Bucket.objects.filter(overlays_from=bucket)
        ]
        # What was said of its originals is gone with it, whoever may say such things.
        return deleted, counts, permissions - {OverruledFocus._meta.verbose_name}, [*protected, *laid_over]

    def delete_model(self, request: HttpRequest, obj: Bucket) -> None:
        with transaction.atomic():
            self.tell(request, [obj], f"deleted bucket {obj}")
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Bucket]) -> None:
        with transaction.atomic():
            self.tell(request, list(queryset), "deleted buckets")
            super().delete_queryset(request, queryset)

    def tell(self, request: HttpRequest, buckets: list[Bucket], why: str) -> None:
        buckets_changed(buckets, why)
        # After the sender, which comes first on commit.
        transaction.on_commit(lambda: messages.info(request, catalogue_in_words()))
