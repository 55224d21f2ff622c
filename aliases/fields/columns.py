"""Columns that bring the form fields of `form_fields.py`. In the database they are Django's own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from . import form_fields

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = object


class Kind(Column):
    """Beside a column of Django's: what is typed into a form for it is read by `form_class`."""

    form_class: type[forms.Field]

    def validate(self, value: Any, instance: Any) -> None:
        if self.choices and value not in self.empty_values and value not in dict(self.flatchoices):
            raise form_fields.none_of(value, self.flatchoices)
        super().validate(value, instance)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{**options, "form_class": self.form_class, "choices_form_class": form_fields.OneOf})

    def deconstruct(self) -> Any:
        """For migrations, which need only the column."""
        name, _, args, kwargs = super().deconstruct()
        column = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{column.__name__}", args, kwargs


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
