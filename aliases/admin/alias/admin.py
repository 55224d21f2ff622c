"""The admin of aliases: the list, the form with its preview, and the table of all other pages."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from aliases.editing.cautions import cautions
from aliases.editing.forms import AliasForm, sections
from aliases.inspecting import address as addresses
from aliases.inspecting.building import draft_of
from aliases.models import Alias, Bucket
from aliases.pictures import health
from rendering import conf
from rendering.catalogue.alias import UNPURGED

from ..desk.attention import matter
from ..focus.urls import focus_url
from ..pages import picker
from ..pages.model_admin import RobustModelAdmin
from ..pages.page import FORM, GET, Page, post_from, url_patterns
from ..pages.permissions import ADD_ALIAS, CHANGE_ALIAS, PUBLISH_ALIAS, VIEW_ALIAS, VIEW_BUCKET, may, require
from . import compare, decisions, deleting, history, importing, measuring, pictures, publication, snippets, viewers
from .listing import bulk, search
from .listing.alias_list import FILTERS, AliasList
from .listing.rows import health_lines, state_of

#: The help of “kept by CDNs” where none is purged.
NOT_PURGED = (
    "Seconds (s-maxage), such as 31536000, a year. No CDN that could be purged is set up here; "
    f"until one is, at most {UNPURGED} are sent, five minutes."
)
SCRIPTS = ("copy", "sheet", "live-errors", "form", "kept-typing", "filters", "focal-box", "focal-dialog", "picker")

#: The pages that send what is only POSTed.
FROM_NEW_FORM = post_from("admin:aliases_alias_add", ajax=True)
FROM_FORM = post_from("admin:aliases_alias_change", "pk", ajax=True)
FROM_PUBLISHING = post_from("admin:aliases_alias_publish", "pk", ajax=True)
FROM_HISTORY = post_from("admin:aliases_alias_history", "pk")


class AliasAdmin(RobustModelAdmin):
    form = AliasForm
    list_title = "Aliases"
    list_display = ("name",)  # the list's own template shows the rest
    list_filter = FILTERS
    list_per_page = 50
    list_select_related = ("bucket", "live", "live_bucket", "health")
    search_fields = ("name", "label", "notes", "sample")
    actions = (*bulk.ACTIONS, deleting.delete_selected)
    fieldsets = sections()

    def get_urls(self) -> list[URLPattern]:
        publish = (PUBLISH_ALIAS, VIEW_ALIAS)
        preview, copy = partial(pictures.form_preview, self), partial(history.copy, self)
        defaults = partial(measuring.use_default_qualities, self)
        pages = [
            # The form names any bucket, so that its preview asks for the right to look into buckets.
            Page("preview/", preview, "preview_new", (ADD_ALIAS, VIEW_BUCKET), FROM_NEW_FORM),
            Page("<int:pk>/preview/", preview, "preview", (CHANGE_ALIAS, VIEW_BUCKET), FROM_FORM),
            Page("samples/", pictures.samples, "samples", (VIEW_BUCKET,), GET),
            Page("<int:pk>/sheet/", pictures.sheet_page, "sheet", (VIEW_ALIAS,), GET),
            Page("<int:pk>/thumbnail/", pictures.thumbnail, "thumbnail", (VIEW_ALIAS,), GET, cacheable=True),
            Page("<int:pk>/sample/<str:which>/", pictures.sample, "sample", (VIEW_ALIAS,), GET, cacheable=True),
            Page("<int:pk>/picture/<str:which>/", pictures.picture, "picture", (VIEW_ALIAS,), GET, cacheable=True),
            Page("import/", partial(importing.page, self), "import", (ADD_ALIAS, CHANGE_ALIAS, VIEW_BUCKET), FORM),
            Page("publish-some/", bulk.publish_some, "publish_some", publish, FORM),
            Page("disable-some/", bulk.disable_some, "disable_some", publish, FORM),
            Page("<int:pk>/publish/", decisions.publish, "publish", publish, FORM),
            Page("<int:pk>/roll-back/<int:number>/", decisions.roll_back, "roll_back", publish, FORM),
            Page("<int:pk>/enable/", decisions.enable, "enable", publish, FORM),
            Page("<int:pk>/disable/", decisions.disable, "disable", publish, FORM),
            Page("<int:pk>/measure/", measuring.measure, "measure", publish, FROM_PUBLISHING),
            Page("<int:pk>/measure/progress/", measuring.progress, "measure_progress", publish, FROM_PUBLISHING),
            Page("<int:pk>/default-qualities/", defaults, "default_qualities", (CHANGE_ALIAS,), FROM_PUBLISHING),
            Page("<int:pk>/copy/<int:number>/", copy, "copy", (CHANGE_ALIAS,), FROM_HISTORY),
            Page("<int:pk>/compare/", compare.page, "compare", (VIEW_ALIAS,), GET),
            Page("<int:pk>/snippets/", snippets.page, "snippets", (VIEW_ALIAS,), GET),
            Page("<int:pk>/compare/badges/", compare.badges, "badges", (VIEW_ALIAS,), GET),
            Page("send-again/", publication.send_again, "send_again", (PUBLISH_ALIAS,), post_from("admin:index")),
            Page("publication/<int:pk>/", publication.page, "publication", (VIEW_ALIAS,), FORM),
            Page("publication/<int:pk>/progress/", publication.progress, "progress", (VIEW_ALIAS,), FORM),
        ]
        # The start page shows it too; on a laptop, even to visitors who are not logged in.
        original = path("<int:pk>/original/", require_GET(pictures.original), name="aliases_alias_original")
        return [*url_patterns(self, pages), original, *super().get_urls()]

    @property
    def media(self) -> forms.Media:
        # `Any`: the stubs know only paths of scripts.
        scripts: Any = [Script(f"aliases/{name}.js", type="module", blocking="render") for name in SCRIPTS]
        return super().media + forms.Media(js=scripts)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "bucket" and field:
            field.empty_label = "Choose a bucket"
            if request.user.has_perm("aliases.view_bucket"):
                field.widget.attrs |= picker.attributes(0)
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "shared_max_age" and field and not conf.purges():
            field.help_text = NOT_PURGED
        if db_field.name == "bucket" and field:
            field.widget.can_delete_related = False  # a red cross beside a choice invites accidents
        return field

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AliasList]:
        return AliasList

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For the actions that need it."""
        return may(request, PUBLISH_ALIAS, VIEW_ALIAS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).prefetch_related("live_bucket__places")

    def get_readonly_fields(self, request: HttpRequest, obj: Alias | None = None) -> tuple[str, ...]:
        return ("name",) if obj and obj.live_id else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new alias; with ?from=, a duplicate of another's draft; with ?url=, one that does what a URL does."""
        if "url" in request.GET:
            return values_of_url(request, request.GET["url"])
        if not request.GET.get("from", "").isdecimal():
            return super().get_changeform_initial_data(request)
        require(request, VIEW_ALIAS)  # it shows that draft, with its notes
        twin = get_object_or_404(Alias, pk=int(request.GET["from"][:18]))
        values = {field.name: field.value_from_object(twin) for field in Alias._meta.concrete_fields if field.editable}
        return {**values, "name": bulk.free_name(twin.name)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Alias], search_term: str
    ) -> tuple[QuerySet[Alias], bool]:
        """What Django finds and, for a URL or a path, the alias that answers it."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        names = search.names_in(search_term)
        answering = max(Alias.objects.filter(name__in=names).values_list("name", flat=True), key=len, default=None)
        return (found | queryset.filter(name=answering)) if answering else found, doubles

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; for a URL that was searched for, with the way to the inspector."""
        pasted = request.GET.get("q", "").strip()
        context = {
            "pasted_url": pasted if addresses.read(pasted) else "",
            "can_import": may(request, ADD_ALIAS, CHANGE_ALIAS, VIEW_BUCKET),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

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
            **(health_context(request, alias) if alias else {}),
            "can_publish": may(request, PUBLISH_ALIAS, VIEW_ALIAS),
            "can_preview": may(request, CHANGE_ALIAS if alias else ADD_ALIAS, VIEW_BUCKET),
            "can_duplicate": may(request, ADD_ALIAS, VIEW_ALIAS),
            "sees_original": may(request, VIEW_BUCKET),
            "sample_url": request.build_absolute_uri(alias.sample_path()) if alias and alias.sample else "",
            "live_url": pictures.live_url(alias) if alias else "",
            **({} if may(request, CHANGE_ALIAS, VIEW_BUCKET) or not alias else pictures.sheet_context(alias, "draft")),
            "no_buckets": not Bucket.objects.exists(),
            **(focus_links(alias) if request.user.has_perm("aliases.view_bucket") else {}),
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: Alias, post_url_continue: str | None = None) -> HttpResponse:
        return respond_to_save(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Alias) -> HttpResponse:
        return respond_to_save(request, obj) or super().response_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        if not change or form.changed_data:  # otherwise other editors would be asked about a change that nobody made
            super().save_model(request, obj, form, change)
        if taken := form.taken_in_words():
            messages.info(request, taken)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, permissions, [*protected, *deleting.obstacles(objs)]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        alias = self.get_object(request, object_id) if object_id.isdecimal() else None
        context = {
            "lost": deleting.loss(alias) if alias else "",
            "can_publish": may(request, PUBLISH_ALIAS, VIEW_ALIAS),
        }
        return super().delete_view(request, object_id, {**context, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's history of who saved the draft and, above it, what was made live."""
        alias = self.get_object(request, unquote(object_id))
        shown = alias is not None and self.has_view_or_change_permission(request, alias)
        context = history.context_of(alias, request) if shown else {}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def log_change(self, request: HttpRequest, obj: Alias, message: Any) -> Any:
        return super().log_change(request, obj, message) if message else None


def values_of_url(request: HttpRequest, url: str) -> dict[str, Any]:
    """The values of a draft that does what a URL does, for the form."""
    found = draft_of(url)
    if found is None:
        messages.warning(request, "That is no URL of a picture, so nothing is filled in.")
        return {}
    if not found.whole:
        messages.warning(request, "An alias cannot do all that this URL asks for: compare the pictures.")
    return {**found.fields, "bucket": Bucket.objects.filter(name=found.fields["bucket"]).first()}


def respond_to_save(request: HttpRequest, alias: Alias) -> HttpResponse | None:
    """Warn of what may be a slip; and where the buttons lead that are not Django's."""
    for sentence in cautions(alias):
        messages.warning(request, sentence)
    if "_publish" in request.POST and may(request, PUBLISH_ALIAS, VIEW_ALIAS):
        return HttpResponseRedirect(reverse("admin:aliases_alias_publish", args=[alias.pk]))
    if "_continue" in request.POST:
        messages.success(request, f"The draft of “{alias}” is saved. Viewers get it {viewers.draft(alias)}.")
        return HttpResponseRedirect(reverse("admin:aliases_alias_change", args=[alias.pk]))
    return None


def health_context(request: HttpRequest, alias: Alias) -> dict[str, Any]:
    """What the last check of what is live found: what is the matter with it, else a line that says so."""
    found = health.known(alias)
    if found.cause or found.worst:
        return {"matter": matter(request, alias, found)}
    return {"health": health_lines(alias, found) if alias.served else [], "checked": found.looked_at, "found": found}


def focus_links(alias: Alias | None) -> dict[str, str]:
    """Where the focus of the saved sample is; and, for the sample that is being typed, where that of any is."""
    saved = alias and alias.sample and focus_url(alias.bucket, alias.prefix + alias.sample)
    return {"focus_url": saved or "", "focus_url_of_any": reverse("admin:aliases_bucket_focus", args=[0])}
