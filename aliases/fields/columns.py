"""Columns that say how their values are typed in, shown and published. In the database they are Django's own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from . import form_fields
from .declaration import Decides, Published, Section

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = object


class Declared(Column):
    """Beside a column of Django's: what else there is to declare of a field, in one place.

    - `section`: its place in the form; with `beside`, in the row of the field before it.
    - `published`: where it stands in a revision's content, as a path or as `Published`; None: it is never published.
    - `decides`: what changes with it; the picture, where it is published and nothing else is said.
    - `empty`, `unit`: how no value, and any other, is shown in a sentence.
    - `changes`: how two values differ, a phrase for each difference, where “old → new” would not do.

    None of it concerns the database, so migrations do not hold it.
    """

    def __init__(
        self,
        *args: Any,
        null: bool = False,  # named for mypy's plugin, which types what is read by it
        section: Section | None = None,
        beside: bool = False,
        published: Published | str | None = None,
        decides: Decides | None = None,
        empty: str = "none",
        unit: str = "",
        changes: Callable[[Any, Any], list[str]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **{**options, "null": null})
        self.section, self.beside = section, beside
        self.published = Published(published) if isinstance(published, str) else published
        self.decides = decides or (Decides.PIXELS if published else Decides.NOTHING)
        self.empty, self.unit, self._changes = empty, unit, changes

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
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.unit:
            return f"{value} {self.unit}"
        # Blanks at the ends of a key are part of it, and would not be seen.
        return f"“{value}”" if str(value) != str(value).strip() else str(value)

    def changes(self, old: Any, new: Any) -> list[str]:
        """How two values that differ do so, a line each: ["width: 90 → 120"]."""
        phrases = self._changes(old, new) if self._changes else [f"{self.shown(old)} → {self.shown(new)}"]
        return [f"{self.label}: {phrase}" for phrase in phrases]


class Kind(Declared):
    """What is typed into a form for it is read by `form_class`."""

    form_class: type[forms.Field]

    def validate(self, value: Any, instance: Any) -> None:
        if self.choices and value not in self.empty_values and value not in dict(self.flatchoices):
            raise form_fields.none_of(value, self.flatchoices)
        super().validate(value, instance)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{**options, "form_class": self.form_class, "choices_form_class": form_fields.OneOf})


class TextLine(Kind, models.CharField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.Text


class LongText(Kind, models.TextField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.LongText


class KeyText(Kind, models.CharField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """A key of an original, or a part of one."""

    form_class = form_fields.Key


class SlugText(Kind, models.SlugField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.Slug
    default_error_messages = form_fields.Slug.default_error_messages


class Number(Kind):
    """The column's own validators say all there is to say of a number, and the field has its own widget."""

    def formfield(self, **options: Any) -> Any:
        widget = self.form_class.widget
        return super().formfield(**{**options, "widget": widget, "min_value": None, "max_value": None})


class WholeNumber(Number, models.PositiveIntegerField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.Whole


class SmallNumber(Number, models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.Whole


class DecimalNumber(Number, models.FloatField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    form_class = form_fields.Decimal


class Reference(Declared, models.ForeignKey):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """Another row, which somebody chooses: there is no default."""

    def get_default(self) -> None:
        # Django's looks at the class of the other row, which the column of an abstract model does not have yet.
        return None
