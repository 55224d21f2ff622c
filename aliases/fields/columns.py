"""Columns that say how their values are typed in, shown and published. In the database they are Django's own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from . import form_fields
from .declaration import Decides, Published, Section

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = object

#: What a field adds to the summary of a recipe, by all fields and the revision's content.
Summary = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


class DeclaredColumn(Column):
    """A column that also declares everything else about its field.

    - `section`: its section of the form. With `beside`, it shares a row with the field before it.
    - `published`: its path in a revision's content, or a `Published`. None: it is never published.
    - `decides`: what changes with it. The default is PIXELS for a published field, NOTHING for any other.
    - `empty`: the word for no value. `unit`: what follows any other value.
    - `words`: for some of its values, what a sentence says instead.
    - `changes`: describes the differences between two values, for fields where “old → new” is not enough.
    - `summary`: what it adds to the one-line summary of a recipe: a text with `{label}` and `{value}`, or a function of
      all fields and the revision's content. The default is nothing.

    None of this concerns the database, so migrations leave it out.
    """

    def __init__(
        self,
        *args: Any,
        null: bool = False,  # explicit, because mypy's plugin derives the type from it
        section: Section | None = None,
        beside: bool = False,
        published: Published | str | None = None,
        decides: Decides | None = None,
        empty: str = "none",
        unit: str = "",
        words: Mapping[str, str] | None = None,
        changes: Callable[[Any, Any], list[str]] | None = None,
        summary: Summary | str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **{**options, "null": null})
        self.section, self.beside = section, beside
        self.published = Published(published) if isinstance(published, str) else published
        self.decides = decides or (Decides.PIXELS if published else Decides.NOTHING)
        self.empty, self.unit, self.words = empty, unit, words or {}
        self._changes, self._summary = changes, summary

    def deconstruct(self) -> Any:
        """For migrations, which need only the column."""
        name, _, args, kwargs = super().deconstruct()
        column = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{column.__name__}", args, kwargs

    @property
    def label(self) -> str:
        return str(self.verbose_name)

    def shown(self, value: Any) -> str:
        """A value as text for a sentence."""
        if value in (None, ""):
            return self.empty
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.unit:
            return f"{value} {self.unit}"
        # Blanks at either end are part of a key and would be invisible.
        return f"“{value}”" if str(value) != str(value).strip() else str(value)

    def changes(self, old: Any, new: Any) -> list[str]:
        """The differences between two unequal values, a line each: ["width: 90 → 120"]."""
        phrases = self._changes(old, new) if self._changes else [f"{self.shown(old)} → {self.shown(new)}"]
        return [f"{self.label}: {phrase}" for phrase in phrases]

    def summary(self, fields: Mapping[str, Any], content: Mapping[str, Any]) -> str:
        """What the field adds to the summary of a revision with these fields and that content; empty for nothing."""
        if not isinstance(self._summary, str):
            return self._summary(fields, content)
        value = fields[self.name]
        return self._summary.format(label=self.label, value=value) if value else ""

    def without_effect(self, fields: Mapping[str, Any]) -> str:
        """Why the field has no effect beside these fields, to follow “without effect”; empty if it has one."""
        return self.published.without_effect(fields) if self.published else ""


class FormColumn(DeclaredColumn):
    """A column whose form field is `form_class`."""

    form_class: type[forms.Field]

    def validate(self, value: Any, instance: Any) -> None:
        if self.choices and value not in self.empty_values and value not in dict(self.flatchoices):
            raise form_fields.none_of(value, self.flatchoices)
        super().validate(value, instance)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(
            **{**options, "form_class": self.form_class, "choices_form_class": form_fields.ChoiceField}
        )


class TextLine(FormColumn, models.CharField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.TextField


class LongText(FormColumn, models.TextField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.LongTextField


class AddressLines(LongText):
    """Addresses, one a line, each in its one spelling and listed once, in order."""

    form_class = form_fields.AddressesField

    def to_python(self, value: Any) -> str:
        return form_fields.addresses(super().to_python(value) or "")


class KeyText(FormColumn, models.CharField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """A key of an original, or a part of one."""

    form_class = form_fields.KeyField


class SlugText(FormColumn, models.SlugField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.SlugField
    default_error_messages = form_fields.SlugField.default_error_messages


class NumberColumn(FormColumn):
    """The column's validators check its bounds, and the form field has its own widget."""

    def formfield(self, **options: Any) -> Any:
        widget = self.form_class.widget
        return super().formfield(**{**options, "widget": widget, "min_value": None, "max_value": None})


class WholeNumber(NumberColumn, models.PositiveIntegerField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.WholeNumberField


class SmallNumber(NumberColumn, models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.WholeNumberField


class DecimalNumber(NumberColumn, models.FloatField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.DecimalField


class YesNo(DeclaredColumn, models.BooleanField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """A checkbox."""


class Reference(DeclaredColumn, models.ForeignKey):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """A foreign key without a default."""

    def get_default(self) -> None:
        # Django's needs the related class, which a column of an abstract model does not have.
        return None
