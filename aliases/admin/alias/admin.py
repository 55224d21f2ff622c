"""The admin of aliases: the list, the form with its preview, and what leads to publishing."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from aliases.editing.cautions import cautions
from aliases.editing.forms import AliasForm, sections
from aliases.models import Alias, Bucket
from aliases.pictures import health
from rendering.catalogue.published import UNPURGED

from ..focus.pages import url_of
from . import search, viewers
from .deleting import AliasDeleting

#: The help of “kept by CDNs” where none is purged.
NOT_PURGED = (
    "Seconds (s-maxage), such as 31536000, a year. No CDN that could be told of a change is set up here "
    f"(CLOUDFRONT_DISTRIBUTION_ID), so until then at most {UNPURGED} are asked for, five minutes."
)
#: Characters of an alias's name.
LONGEST_NAME = 100
SCRIPTS = ("copy", "preview", "filters", "focal-box", "samples")


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("live", "live"), ("differs", "draft differs"), ("never", "never published"), ("disabled", "disabled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        match self.value():
            case "live":
                return queryset.filter(enabled=True, live__isnull=False)
            case "never":
                return queryset.filter(live=None)
            case "disabled":
                return queryset.filter(enabled=False)
            case "differs":
                aliases = queryset.filter(live__isnull=False).select_related("bucket", "live")
                return queryset.filter(pk__in=[alias.pk for alias in aliases if alias.differs()])
        return queryset


class HealthFilter(admin.SimpleListFilter):
    """By what was found when the samples were last looked at; looks at none."""

    title = "health"
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.name.lower(), state.value) for state in health.State if state is not health.State.NOT_LIVE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        if (self.value() or "").upper() not in health.State.__members__:
            return queryset
        wanted = health.State[str(self.value()).upper()]
        return queryset.filter(pk__in=[one.pk for one in health.served() if health.known(one).state == wanted])


class AliasAdmin(AliasDeleting):
    form = AliasForm
    list_display = ("thumbnail", "name", "label", "state", "looked_at", "revision", "bucket", "url")
    list_display_links = ("name",)
    list_filter = (StateFilter, HealthFilter, "bucket", "format")
    list_per_page = 50
    list_select_related = ("bucket", "live", "live_bucket", "health")
    search_fields = ("name", "label", "notes")
    actions = (*AliasDeleting.actions, "look_now")
    fieldsets = sections()

    @property
    def media(self) -> forms.Media:
        # `Any`: the stubs know only paths of scripts.
        scripts: Any = [Script(f"aliases/{name}.js", type="module") for name in SCRIPTS]
        return super().media + forms.Media(js=scripts)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "bucket" and field:
            field.empty_label = "Choose a bucket"
            if request.user.has_perm("aliases.view_bucket"):
                field.widget.attrs["data-keys-url"] = reverse("admin:aliases_bucket_keys", args=[0])
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "shared_max_age" and field and not settings.CLOUDFRONT_DISTRIBUTION_ID:
            field.help_text = NOT_PURGED
        if db_field.name == "bucket" and field:
            field.widget.can_delete_related = False  # a red cross beside a choice asks for an accident
        return field

    @admin.display(description="sample")
    def thumbnail(self, alias: Alias) -> SafeString:
        if not (alias.served and alias.sample):
            return format_html('<span class="no-picture" title="{}"></span>', "live aliases with a sample show it here")
        if trouble := health.known(alias).trouble:
            return format_html('<span class="no-picture broken" title="{}">!</span>', trouble)
        url = reverse("admin:aliases_alias_thumbnail", args=[alias.pk])
        return format_html('<img class="thumbnail" src="{}?v={}" alt="" loading="lazy">', url, health.subject(alias))

    @admin.display(description="state")
    def state(self, alias: Alias) -> SafeString:
        kind, words = state_of(alias)
        return format_html('<span class="badge badge-{}">{}</span>', kind, words)

    @admin.display(description="health", ordering="health__trouble")
    def looked_at(self, alias: Alias) -> SafeString:
        found = health.known(alias)
        if found.state is health.State.NOT_LIVE:
            return format_html('<span class="quiet">{}</span>', "–")
        looked = ago(found.looked_at) if found.looked_at else ""
        return format_html(
            '<span class="badge badge-{}">{}</span>{}<span class="quiet looked" title="looked at">{}</span>',
            found.state.name.lower().replace("_", "-"),
            found.state.value,
            format_html('<span class="trouble reason">{}</span>', found.trouble) if found.trouble else "",
            looked,
        )

    @admin.display(description="revision", ordering="live__number")
    def revision(self, alias: Alias) -> str:
        return str(alias.live.number) if alias.live else "–"

    @admin.display(description="URL")
    def url(self, alias: Alias) -> SafeString:
        path = f"/{alias.name}/"
        if not alias.sample:
            return format_html('<code title="{}">{}…</code>', "with a sample, its whole URL can be copied", path)
        return format_html(
            '<code>{}…</code> <button type="button" class="copy" data-copy="{}" aria-label="Copy the URL of {}">copy'
            "</button>",
            path,
            alias.sample_path(),
            alias.name,
        )

    @admin.action(description="Look at the selected aliases' samples now", permissions=["view"])
    def look_now(self, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
        sentence, well = health.looked_in_words(health.served().filter(pk__in=queryset.values("pk")))
        (messages.success if well else messages.warning)(request, sentence)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).prefetch_related("live_bucket__places")

    def get_readonly_fields(self, request: HttpRequest, obj: Alias | None = None) -> tuple[str, ...]:
        return ("name",) if obj and obj.live_id else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new alias; or, with ?from=, a duplicate of another's draft."""
        if not request.GET.get("from", "").isdecimal():
            return super().get_changeform_initial_data(request)
        twin = get_object_or_404(Alias, pk=int(request.GET["from"][:18]))
        values = {field.name: field.value_from_object(twin) for field in Alias._meta.concrete_fields if field.editable}
        return {**values, "name": free_name(twin.name)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Alias], search_term: str
    ) -> tuple[QuerySet[Alias], bool]:
        """What Django finds and, for a URL or a path, the alias that answers it."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        names = search.names_in(search_term)
        answering = max(Alias.objects.filter(name__in=names).values_list("name", flat=True), key=len, default=None)
        return (found | queryset.filter(name=answering)) if answering else found, doubles

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        alias = self.get_object(request, object_id) if object_id and object_id.isdecimal() else None
        context = {
            "state": state_of(alias) if alias else None,
            "viewers": viewers.now(alias) if alias else "",
            "can_publish": self.may_publish(request),
            "can_preview": self.may_preview(request, alias),
            "sample_url": request.build_absolute_uri(alias.sample_path()) if alias and alias.sample else "",
            "no_buckets": not Bucket.objects.exists(),
            **(self.focus_links(alias) if request.user.has_perm("aliases.view_bucket") else {}),
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def focus_links(self, alias: Alias | None) -> dict[str, str]:
        """Where the focus of the saved sample is; and, for the sample that is being typed, where that of any is."""
        saved = alias and alias.sample and url_of(alias.bucket, alias.prefix + alias.sample)
        return {"focus_url": saved or "", "focus_url_of_any": reverse("admin:aliases_bucket_focus", args=[0])}

    def response_add(self, request: HttpRequest, obj: Alias, post_url_continue: str | None = None) -> HttpResponse:
        return self.saved(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Alias) -> HttpResponse:
        return self.saved(request, obj) or super().response_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        if not change or form.changed_data:  # or another editor would hear of a change that is none
            super().save_model(request, obj, form, change)
        if told := form.taken_in_words():
            messages.info(request, told)

    def log_change(self, request: HttpRequest, obj: Alias, message: Any) -> Any:
        return super().log_change(request, obj, message) if message else None

    def saved(self, request: HttpRequest, alias: Alias) -> HttpResponse | None:
        for sentence in cautions(alias):
            messages.warning(request, sentence)
        if "_publish" in request.POST and self.may_publish(request):
            return HttpResponseRedirect(reverse("admin:aliases_alias_publish", args=[alias.pk]))
        if "_continue" in request.POST:
            messages.success(request, f"The draft of “{alias}” is saved. Viewers get it {viewers.draft(alias)}.")
            return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[alias.pk]))
        return None


def ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def free_name(name: str) -> str:
    """The next name for a duplicate: “ios” gives “ios-2” or, where there is that, “ios-3”."""
    stem, number = re.sub(r"-[0-9]{1,6}$", "", name), 2
    taken = set(Alias.objects.filter(name__startswith=stem[:90]).values_list("name", flat=True))
    while (found := f"{stem[: LONGEST_NAME - len(str(number)) - 1]}-{number}") in taken:
        number += 1
    return found


def state_of(alias: Alias) -> tuple[str, str]:
    """A word for the badge's colour, and what it says."""
    if alias.live is None:
        return "never", "never published" if alias.enabled else "never published, disabled"
    if not alias.enabled:
        return "disabled", "disabled"
    return ("differs", "live, draft differs") if alias.differs() else ("live", "live")
