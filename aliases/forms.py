"""The admin's forms: an alias's draft, and the reason that a publication asks for."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from rendering.imaging.filters import FILTERS

from .models import Alias, BucketPlace


class FiltersWidget(forms.Textarea):
    """The filters as text, and below it every filter there is, to be chosen from."""

    template_name = "aliases/widgets/filters.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "filters": FILTERS.values()}


class AliasForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    class Meta:
        model = Alias
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets and permissions say which
        widgets = {
            "fit": forms.RadioSelect,
            "crop": forms.RadioSelect,
            "filters": FiltersWidget(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
            "notes": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite, unseen, what another editor saved since this form was opened. Sent again, it does."""
        opened = self.data.get("_opened")
        stored = Alias.objects.filter(pk=self.instance.pk).first() if opened and self.instance.pk else None
        if stored and stored.updated.isoformat() != opened:
            raise ValidationError(
                "Somebody saved this draft while you were editing it. Nothing of yours is lost: look at theirs in "
                "another tab, then save again to replace it with what stands here."
            )
        return super().clean() or {}


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    class Meta:
        model = BucketPlace
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets and permissions say which
        widgets = {"location": AdminTextInputWidget(attrs={"class": "vTextField", "spellcheck": "false"})}


class PublishForm(forms.Form):
    """`seen` is the fingerprint of the draft that the page showed."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="For the history, such as “sharper avatars for the new app”. May stay empty.",
        widget=AdminTextInputWidget(attrs={"class": "vTextField", "size": 60}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
