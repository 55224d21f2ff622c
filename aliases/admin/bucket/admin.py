"""The admin of buckets: a change is live as soon as it is saved; where that affects viewers, a page asks first."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, reverse
from django.utils.html import format_html, strip_tags
from django.views.decorators.http import require_http_methods

from aliases.editing.cautions import of_prefix
from aliases.editing.forms import PublishForm
from aliases.models import Bucket, BucketPlace, OverruledFocus
from aliases.publishing.bucket_changes import record_change, record_deletion
from aliases.publishing.bucket_state import FIELDS, State, state_of
from aliases.publishing.sending import catalogue_in_words

from ..focus import pages as focus
from ..pages.model_admin import RobustModelAdmin
from ..pages.page import FORM, GET, Page, post_from, url_patterns
from ..pages.permissions import CHANGE_ALIAS, CHANGE_BUCKET, VIEW_BUCKET
from ..pages.signs import chip
from . import browser, history, originals, sample_set
from .decisions import OWN, Proposal, announce, decide, decision_page, probe_in_words
from .forms import BucketForm, PlaceForm, PlaceFormSet

if TYPE_CHECKING:
    PlaceInlineAdmin = admin.StackedInline[BucketPlace, Bucket]
else:
    PlaceInlineAdmin = admin.StackedInline


#: Places that a bucket may have: one for each environment.
MOST_PLACES = 40
FROM_BROWSER = post_from("admin:aliases_bucket_browse", "pk", ajax=True)
FORM_OR_HEAD = require_http_methods(["GET", "HEAD", "POST"])


class PlaceInline(PlaceInlineAdmin):
    model = BucketPlace
    form = PlaceForm
    formset = PlaceFormSet
    extra = 0
    min_num = 1
    max_num = MOST_PLACES
    fieldsets = (
        (None, {"fields": ("environment", "kind", "location", "prefix")}),
        (
            "S3 only: region, endpoint, role of another account, who pays, key",
            {
                "fields": ("region", "endpoint_url", "role_arn", "external_id", "requester_pays", "kms_key"),
                "classes": ["collapse"],
            },
        ),
    )

    def get_formset(self, request: HttpRequest, obj: Bucket | None = None, **kwargs: Any) -> Any:
        # Django's own limit on posted rows is a thousand above `max_num`.
        return super().get_formset(request, obj, absolute_max=MOST_PLACES, **kwargs)


class BucketAdmin(RobustModelAdmin):
    form = BucketForm
    list_display = ("name", "label", "place", "aliases_count", "never_change", "unsigned")
    search_fields = ("name", "label", "notes")
    inlines = (PlaceInline,)
    fieldsets = (
        (None, {"fields": ("name", "label", "notes")}),
        ("Rules", {"fields": ("immutable", "unsafe_allowed", "svg_allowed", "overlays_from", "known_as")}),
    )

    def get_urls(self) -> list[URLPattern]:
        undo = partial(history.undo, self)
        pages = [
            Page("<int:pk>/test/", originals.test, "test", (VIEW_BUCKET,), FORM_OR_HEAD),
            Page("<int:pk>/browse/", browser.page, "browse", (VIEW_BUCKET,), GET),
            Page("<int:pk>/keys/", browser.keys, "keys", (VIEW_BUCKET,), GET),
            Page("<int:pk>/picture/", browser.picture, "picture", (VIEW_BUCKET,), GET, cacheable=True),
            Page("<int:pk>/original/", browser.original, "original", (VIEW_BUCKET,), GET),
            Page("<int:pk>/samples/", sample_set.change, "samples", (VIEW_BUCKET,), FORM),
            Page("<int:pk>/samples/search/", sample_set.search, "search", (VIEW_BUCKET, CHANGE_ALIAS), FROM_BROWSER),
            Page("<int:pk>/focus/", focus.page, "focus", (VIEW_BUCKET,), FORM),
            Page("<int:pk>/focus/crop/<int:alias>/", focus.crop, "crop", (VIEW_BUCKET,), GET, cacheable=True),
            Page("<int:pk>/undo/<int:change>/", undo, "undo", (CHANGE_BUCKET,), FORM),
        ]
        return [*url_patterns(self, pages), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bucket]:
        buckets: QuerySet[Bucket] = super().get_queryset(request)
        return buckets.prefetch_related("places").annotate(uses=Count("aliases"))

    def get_readonly_fields(self, request: HttpRequest, obj: Bucket | None = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("notes", "known_as") and field:
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

    @admin.display(description="originals", ordering="immutable")
    def never_change(self, bucket: Bucket) -> str:
        return "never change" if bucket.immutable else "may change"

    @admin.display(description="unsigned URLs", ordering="unsafe_allowed")
    def unsigned(self, bucket: Bucket) -> str:
        # In words: a green tick would present a risk as good.
        if not bucket.unsafe_allowed:
            return "refused"
        return chip("warn", "warn", "anybody may request any size")

    @admin.display(description="aliases", ordering="uses")
    def aliases_count(self, bucket: Any) -> int:
        return int(bucket.uses)

    # --- Saving is publishing

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        # Outside the transaction: rendering takes a while, and other editors must not wait for it.
        if placed := getattr(request, "placed", None):
            report_test(request, placed)
        proposal = getattr(request, "proposal", None)
        if proposal is None:
            return response
        hand_on = {name: values for name, values in request.POST.lists() if name not in OWN}
        title = f"Change “{proposal.bucket}”: what it does to viewers"
        return decision_page(request, proposal, title=title, hand_on=hand_on, back="")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        places = next((formset for formset in formsets if formset.instance.pk), None)
        return super().render_change_form(request, {**context, "places": places}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Bucket, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Change the bucket to what the form and the rows of its places say; or change nothing and set
        `request.proposal`, so that the page that asks first is shown."""
        assert isinstance(request.user, User)
        stored = Bucket.objects.get(pk=form.instance.pk)
        if not change:
            super().save_related(request, form, formsets, change)
            record_change(stored, None, request.user)
            warn_of_places(request, stored)
            request_test(request, stored)
            return
        before = state_of(stored)
        taken = taken_in_words(form, formsets)  # before this save is the last one
        outcome = decide(request, stored, state_from_form(before, form, formsets))
        if isinstance(outcome, Proposal):
            request.proposal = outcome  # type: ignore[attr-defined]  # for changeform_view
            return
        for sentence in taken:
            messages.info(request, sentence)
        if outcome:
            stored, here = Bucket.objects.get(pk=stored.pk), settings.ENVIRONMENT
            warn_of_places(request, stored)
            if before["places"].get(here) != state_of(stored)["places"].get(here):
                request_test(request, stored)
            announce(request, outcome)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return "" if add else "Saved; the bucket's own history says what changed."

    def log_change(self, request: HttpRequest, obj: Bucket, message: Any) -> Any:
        return None if hasattr(request, "proposal") else super().log_change(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Bucket, post_url_continue: str | None = None) -> HttpResponse:
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:aliases_bucket_change", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: Bucket) -> HttpResponse:
        # Nothing is saved while there is something to decide: changeform_view has the page that asks.
        return HttpResponse() if hasattr(request, "proposal") else super().response_change(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        laid_over = [
            f"Bucket “{other}” lays pictures of “{bucket}” over its own: untick that in its page first"
            for bucket in objs
            for other in Bucket.objects.filter(overlays_from=bucket)
        ]
        # Django collects them in a set. They are links, to be read by their names.
        protected = sorted(protected, key=strip_tags)
        # The focus set for its originals is deleted with it; that needs no permission of its own.
        return deleted, counts, permissions - {OverruledFocus._meta.verbose_name}, [*protected, *laid_over]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        bucket = self.get_object(request, unquote(object_id))
        shown = bucket is not None and self.has_view_or_change_permission(request, bucket)
        context = history.context_of(bucket, request) if shown else {}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's page, with a field for the reason; if that is invalid, the page asks again."""
        form = PublishForm(request.POST or None)
        if form.is_bound and not form.is_valid():
            # Django's view asks when nothing is posted.
            request.POST = QueryDict()
        return super().delete_view(request, object_id, {"reason": form["why"], **(extra_context or {})})

    def delete_model(self, request: HttpRequest, obj: Bucket) -> None:
        self.delete_queryset(request, Bucket.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Bucket]) -> None:
        assert isinstance(request.user, User)
        form = PublishForm(request.POST)  # the page for several buckets asks for no reason
        why = form.cleaned_data["why"] if form.is_valid() else ""
        with transaction.atomic():
            for bucket in queryset:
                record_deletion(bucket, request.user, why)
            super().delete_queryset(request, queryset)
            # On commit, after the callback that sends.
            transaction.on_commit(lambda: messages.info(request, catalogue_in_words()))


def warn_of_places(request: HttpRequest, bucket: Bucket) -> None:
    """Warn of what may be a slip in a bucket's places, and of a missing place in this environment."""
    for place in bucket.places.all():
        # In a folder, the prefix is a folder either way.
        of_s3 = place.kind == BucketPlace.Kind.S3
        if of_s3 and (caution := of_prefix(place.prefix, f"prefix of the place in “{place.environment}”")):
            messages.warning(request, caution)
    if not bucket.place_here():
        messages.warning(
            request,
            f"The bucket has no place in the environment “{settings.ENVIRONMENT}”, so its pictures cannot be "
            "found here.",
        )


def request_test(request: HttpRequest, bucket: Bucket) -> None:
    """Set `request.placed`, so that `changeform_view` shows the result of the automatic test of the place here."""
    if bucket.place_here():
        request.placed = bucket  # type: ignore[attr-defined]  # a request is all that both methods are given


def report_test(request: HttpRequest, bucket: Bucket) -> None:
    ok, sentence = probe_in_words(bucket)
    page = reverse("admin:aliases_bucket_test", args=[bucket.pk])
    said = format_html(
        '{} {}. <a href="{}">Test this bucket</a> shows what is in it.',
        f"The bucket “{bucket}” works." if ok else f"The bucket “{bucket}” does not work yet.",
        sentence,
        page,
    )
    (messages.success if ok else messages.warning)(request, said)


def state_from_form(before: State, form: Any, formsets: Any) -> State:
    """The state that a bucket's form asks for; what it does not show, or its editor may not change, stays as before."""
    data = form.cleaned_data
    after = {**before, **{name: data[name] for name in FIELDS if name in data}}
    if "overlays_from" in data:
        after["overlays_from"] = sorted(other.name for other in data["overlays_from"])
    for formset in formsets:
        if isinstance(formset, PlaceFormSet):
            after["places"] = formset.places
    return after


def taken_in_words(form: Any, formsets: Any) -> list[str]:
    """What another editor saved and was merged, in sentences."""
    sentences = [form.taken_in_words()]
    sentences += [
        f"Saved meanwhile by {formset.saved or 'somebody'}, and kept: {'; '.join(formset.taken)}."
        for formset in formsets
        if formset.taken
    ]
    return [sentence for sentence in sentences if sentence]
