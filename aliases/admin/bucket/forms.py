"""The admin's form of a bucket: its own fields, and its places, which two editors may change at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from aliases.editing.merging import Merging
from aliases.models import Bucket, BucketPlace
from aliases.models.last_saved import Saved
from aliases.publishing.bucket_changes import newest
from aliases.publishing.bucket_state import PLACE_FIELDS, place_differences, place_from, state_of, where_in_words

#: The hidden field with the places as they were opened; and the choices between two, before the environment's name.
OPENED, CHOICE = "_places_opened", "_choice-places-"
SALT = "aliases.admin.bucket.forms"

PlaceState = Mapping[str, Any] | None


class BucketForm(Merging):
    class Meta:
        model = Bucket
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        if "_edit" in self.data:
            raise ValidationError("Nothing is saved yet: this is the form as you left it.")
        return super().clean() or {}


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    class Meta:
        model = BucketPlace
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets and permissions say which
        widgets = {"location": AdminTextInputWidget(attrs={"class": "vTextField", "spellcheck": "false"})}

    def validate_constraints(self) -> None:
        """Nothing: only the formset can say whether two places have one environment, since two may swap theirs."""


@dataclass(frozen=True, slots=True)
class PlaceConflict:
    """A place that both editors changed, in words."""

    environment: str
    theirs: str
    mine: str
    #: Field by field, from the one to the other.
    differences: list[str]

    @property
    def choice(self) -> str:
        return CHOICE + self.environment


class PlaceFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """The places of a bucket. They are merged by environment with what another editor saved since they were opened, and
    saved by `bucket_changes`, not here. After `is_valid()`, `places` is the result."""

    default_error_messages = {
        "missing_management_form": "The form came without its places, so nothing is saved: open the page again."
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Any] = {}
        self.conflicts: list[PlaceConflict] = []
        #: The choices already made between two versions, by the names of the radio buttons.
        self.settled: dict[str, str] = {}
        #: What another editor saved and was merged, in words.
        self.taken: list[str] = []

    @cached_property
    def stored(self) -> dict[str, Any]:
        """The places as they are now."""
        bucket = Bucket.objects.filter(pk=self.instance.pk).first()
        return dict(state_of(bucket)["places"]) if bucket else {}

    @cached_property
    def saved(self) -> Saved | None:
        """Who changed the bucket last, and when."""
        line = newest(self.instance) if self.instance.pk else None
        return Saved(line.by.get_username() if line.by else "a command", line.at) if line else None

    @property
    def opened(self) -> str:
        """The hidden field's value: the places as they were opened, and another editor's that were offered for
        choosing."""
        base, _ = self._read() if self.is_bound else (self.stored, {})
        shown = [conflict.environment for conflict in self.conflicts]
        shown += [name.removeprefix(CHOICE) for name in self.settled]
        asked = {environment: self.stored.get(environment) for environment in shown}
        return signing.dumps([base, asked], salt=SALT, compress=True)

    def get_queryset(self) -> Any:
        # The admin's page iterates over this in parallel with the rows. Once there are rows, it must be theirs: the
        # places of another editor, who added or removed one, would not match the rows.
        if self.is_bound and "forms" in vars(self):
            return [form.instance for form in self.initial_forms]
        return super().get_queryset()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        # A deleted row is no error: places are identified by their environment.
        form.fields["id"] = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
        form.fields["id"].initial = form.instance.pk

    def validate_unique(self) -> None:
        """Nothing: the error is reported at the second of two places."""

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return  # reported at their fields
        self.places = self._merged(self._mine())
        if self.conflicts:
            names = ", ".join(conflict.environment for conflict in self.conflicts)
            raise ValidationError(
                f"Not saved yet: {self.saved or 'somebody'} saved this bucket while you were editing it, and changed a "
                f"place that you changed as well: {names}. Choose whose to keep for each, then save again. None of "
                "your changes is lost."
            )

    def _mine(self) -> dict[str, Any]:
        """The places as the editor wants them: as opened, changed as the rows say. A row that was not sent changes
        nothing."""
        opened = self._read()[0] if OPENED in self.data else self.stored
        rows = [form for form in self.forms if form.cleaned_data.get("environment")]
        moved = {form.initial["environment"] for form in self.initial_forms if form.instance.pk}
        mine = {environment: place for environment, place in opened.items() if environment not in moved}
        said = set()
        for form in rows:
            if self.can_delete and self._should_delete_form(form):  # type: ignore[attr-defined]  # not in the stubs
                continue
            if not form.has_changed() and not form.instance.pk:
                continue  # this editor may not add places
            # Unchanged, or posted by an editor who may not change it: as stored.
            values = vars(form.instance) if form.has_changed() else form.initial
            environment = values["environment"]
            if environment.lower() in said:
                form.add_error(
                    "environment",
                    f"There is a place for “{environment}” above already; a bucket has one in each environment.",
                )
                raise ValidationError(f"Two places are for the environment “{environment}”.")
            said.add(environment.lower())
            mine[environment] = {name: values[name] for name in PLACE_FIELDS}
        return mine

    def _merged(self, mine: Mapping[str, Any]) -> dict[str, Any]:
        if not self.instance.pk or OPENED not in self.data:
            return dict(mine)
        base, asked = self._read()
        merged = {}
        for environment in sorted({*base, *mine, *self.stored}):
            states = (base.get(environment), mine.get(environment), self.stored.get(environment))
            place = self._one(environment, *states, asked)
            if place is not None:
                merged[environment] = place
        return merged

    def _one(
        self, environment: str, base: PlaceState, mine: PlaceState, theirs: PlaceState, asked: Mapping[str, Any]
    ) -> PlaceState:
        """The place of one environment, merged from three: as opened, as posted, as stored."""
        if theirs in (base, mine):
            return mine
        if mine == base:
            self.taken += place_differences(environment, base, theirs)
            return theirs
        both = base and mine and theirs and by_fields(base, mine, theirs)
        if both and not wrong_with(environment, both):
            self.taken += place_differences(environment, mine, both)
            return both
        chosen = self.data.get(CHOICE + environment) if asked.get(environment, "") == theirs else ""
        if chosen in ("mine", "theirs"):
            self.settled[CHOICE + environment] = chosen
            return mine if chosen == "mine" else theirs
        differences = place_differences(environment, theirs, mine)
        self.conflicts.append(
            PlaceConflict(environment, where_in_words(theirs), where_in_words(mine), differences if mine else [])
        )
        return mine

    def _read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was opened, and what was asked. If that cannot be read, nothing: then the editor is asked about every
        difference."""
        try:
            base, asked = signing.loads(self.data[OPENED], salt=SALT)
        except (signing.BadSignature, ValueError, KeyError):
            return {}, {}
        return base, asked


def by_fields(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any] | None:
    """The place with both editors' changes; None where both changed one field, each to another value."""
    merged = {}
    for name in PLACE_FIELDS:
        old, one, other = base.get(name), mine.get(name), theirs.get(name)
        if one != old and other not in (old, one):
            return None
        merged[name] = other if one == old else one
    return merged


def wrong_with(environment: str, place: Mapping[str, Any]) -> bool:
    """Whether a merged place is invalid."""
    made = place_from({"places": {environment: place}}, environment)
    try:
        assert made is not None
        made.clean_fields(exclude=["bucket"])
        made.clean()
    except ValidationError:
        return True
    return False
