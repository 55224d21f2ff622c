"""The admin's forms: an alias's draft, publishing, and the focus of an original."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models

from rendering.imaging.frame.geometry import Box

from ..drafts import validators
from ..drafts.choices import Crop, Format
from ..drafts.field_lists import FIELDS
from ..fields import form_fields
from ..fields.declaration import Section
from ..models import Alias
from .filter_picker import offered
from .merging import Merging


class FiltersWidget(forms.Textarea):
    """A text field for the filters, and below it what opens the picker of all filters."""

    template_name = "aliases/widgets/filters.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "offered": json.dumps(offered(), ensure_ascii=False)}


class CropWidget(forms.RadioSelect):
    """The crop rule as a picture of itself: nine squares, and what looks at the picture."""

    template_name = "aliases/widgets/crop.html"


class FitWidget(forms.RadioSelect):
    """Fits as pictograms."""

    template_name = "aliases/widgets/fit.html"


class AliasForm(Merging):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if self.instance.pk is None and "name" in self.fields:
            self.fields["name"].widget.attrs["autofocus"] = True

    class Meta:
        model = Alias
        fields = "__all__"
        widgets = {
            "fit": FitWidget,
            "crop": CropWidget,
            "filters": FiltersWidget(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
            "notes": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }


class BuilderForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """What a Thumbor URL can say of an alias's draft. The sample is the original that the URL is of."""

    class Meta:
        model = Alias
        fields = ("bucket", "sample", "width", "height", "fit", "crop", "focal_box", "format", "filters")
        labels: ClassVar = {"sample": "Original"}
        help_texts: ClassVar = {
            "sample": "Its key, such as “people/astronaut.jpg”.",
            "focal_box": "The part to keep in sight, as left x top : right x bottom: “0.2x0.1:0.6x0.5” in fractions of "
            "the sides, or “120x40:380x300” in pixels.",
        }
        widgets: ClassVar = {
            "fit": FitWidget,
            "crop": CropWidget,
            "filters": FiltersWidget(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["sample"].required = True
        # Thumbor URLs have no word for these.
        for name, without in (("crop", (Crop.REKOGNITION,)), ("format", (Format.AUTO, Format.UNCHANGED))):
            fields[name].choices = [(value, label) for value, label in fields[name].choices if value not in without]


def sections() -> Any:
    """The form's sections as a ModelAdmin's `fieldsets`, from what each field declares."""
    found: dict[Section, list[tuple[str, ...]]] = {}
    for name, field in FIELDS.items():
        assert field.section, f"In which section of the form is {name}? Declare it."
        lines = found.setdefault(field.section, [])
        if field.beside:
            lines[-1] = (*lines[-1], name)
        else:
            lines.append((name,))
    # A line of one field is its name alone: Django unfolds a section for an error only in fields that stand so.
    return tuple(
        (
            section.title,
            {
                "fields": tuple(line if line[1:] else line[0] for line in lines),
                "classes": ("collapse",) if section.collapsed else (),
            },
        )
        for section, lines in found.items()
    )


class PublishForm(forms.Form):
    """`seen` is the fingerprint of the draft that the page showed. `anyway` confirms publishing although the sample
    cannot be made or pictures would be missing."""

    why = form_fields.TextField(
        label="Why",
        required=False,
        max_length=300,
        help_text="For the history, such as “sharper avatars for the new app”. May stay empty.",
        widget=AdminTextInputWidget(attrs={"class": "vTextField", "size": 60}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    anyway = forms.BooleanField(required=False)


class FocusForm(forms.Form):
    """The focus of one original. `seen` is the id of the newest history entry that the page showed."""

    class Choice(models.TextChoices):
        FOUND = "found", "what is found: faces, drawn on the picture; where there is none, the part with most detail"
        BOX = "box", "this box"
        NOTHING = "nothing", "nothing in particular: as each crop is aligned"

    choice = forms.ChoiceField(label="Kept in sight", choices=Choice, widget=forms.RadioSelect)
    box = forms.CharField(
        required=False,
        max_length=80,
        validators=[validators.box_in_parts],
        help_text="Left x top : right x bottom, in fractions of the sides: “0.2x0.1:0.6x0.5”. Or press “Set focus” and "
        "draw it on the picture; drag the box to move it and its corners to resize it. On the keyboard, arrow "
        "keys move it and, with Shift, resize it.",
        widget=AdminTextInputWidget(attrs={"class": "vTextField", "spellcheck": "false", "autocomplete": "off"}),
    )
    why = form_fields.TextField(
        required=False,
        max_length=300,
        help_text="For the history, such as “the goalkeeper, not the crowd”. May stay empty.",
        widget=AdminTextInputWidget(attrs={"class": "vTextField"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Adds `boxes`, as `overruling.overrule` takes them."""
        data = super().clean() or {}
        choice, box = data.get("choice"), data.get("box")
        if choice == self.Choice.BOX and box == "":
            self.add_error("box", "Draw a box on the picture, or write one: 0.2x0.1:0.6x0.5")
        boxes: dict[str, list[Box]] = {self.Choice.BOX: [Box.read(box)] if box else [], self.Choice.NOTHING: []}
        return {**data, "boxes": boxes.get(choice) if choice else None}
