"""Merging two editors' changes to one row, field by field. What only the other changed is kept; for what both changed,
the second editor chooses.

For any ModelForm of the admin:

- let the form inherit from `Merging`, before `forms.ModelForm`;
- inside its <form>, above the fields, include "admin/aliases/merging.html" with form=adminform.form: it has the hidden
  field with what the editor opened, and the choices;
- where the row is saved (`ModelAdmin.save_model`), show `form.taken_in_words()`: what was kept of the other's changes.

A form that is posted without the hidden field is saved without merging. Inline formsets are not covered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import connection, models
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from ..models.last_saved import Saved, last_saved

#: The hidden field with what was opened; and the prefix, before a field's name, of the radio buttons for a conflict.
OPENED, CHOICE = "_opened", "_choice-"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, its values in words. `before` is None if it is no longer known."""

    name: str
    label: str
    before: str | None
    theirs: str
    mine: str

    @property
    def choice(self) -> str:
        return CHOICE + self.name


class Merging(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """See the module. After `is_valid()`, `conflicts` are the fields to choose, `taken` what was kept of the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        #: What was kept of the other editor's changes: “width: 90 → 120”.
        self.taken: list[str] = []
        self.saved: Saved | None = None
        # By field: what the editor saw, and which of the other's values they were asked about.
        self._base: dict[str, Any] = {name: plain(self.initial[name]) for name in self.fields if name in self.initial}
        self._asked: dict[str, Any] = {}

    @property
    def opened(self) -> str:
        """The value of the hidden field."""
        if self.is_bound:
            _ = self.errors  # which merges
        return signing.dumps([self._base, self._asked], salt=self._salt, compress=True)

    def full_clean(self) -> None:
        if self.is_bound and self.instance.pk and OPENED in self.data:
            self._merge()
        super().full_clean()
        if self.conflicts:
            names = ", ".join(conflict.label for conflict in self.conflicts)
            self.add_error(
                None,
                f"Not saved yet: {self.saved or 'somebody'} saved this while you were editing it, and changed what you "
                f"changed as well: {names}. Choose whose to keep for each, then save again. None of your changes is "
                "lost.",
            )

    def taken_in_words(self) -> str:
        """A sentence for the message after saving; empty if nothing was kept of another's changes."""
        if not self.taken:
            return ""
        return f"Saved meanwhile by {self.saved or 'somebody'}, and kept: {'; '.join(self.taken)}."

    def _merge(self) -> None:
        rows = type(self.instance)._default_manager.filter(pk=self.instance.pk)
        # Concurrent saves wait here, and then see this one.
        stored = (rows.select_for_update() if connection.in_atomic_block else rows).first()
        if stored is None:
            return
        now = {name: plain(value) for name, value in forms.model_to_dict(stored, list(self.fields)).items()}
        opened, asked = self._read()
        self._base, self._asked = dict(now), {}
        data: Any = MultiValueDict.copy(self.data) if isinstance(self.data, MultiValueDict) else dict(self.data)
        for name, theirs in now.items():
            if (name in opened and opened[name] == theirs) or not differs(self[name], theirs):
                continue
            self.saved = self.saved or last_saved(stored)
            choice = self.data.get(CHOICE + name) if name in asked and asked[name] == theirs else None
            if choice == "mine":
                continue
            if choice == "theirs" or (name in opened and not differs(self[name], opened[name])):
                put(data, self[name], theirs)
                before = f"{shown(self[name], opened[name])} → " if name in opened else ""
                self.taken.append(f"{self[name].label}: {before}{shown(self[name], theirs)}")
                continue
            self.conflicts.append(self._conflict(name, opened, theirs))
            self._asked[name] = theirs
            self._base.pop(name)
            if name in opened:
                self._base[name] = opened[name]
        self.data = data

    def _conflict(self, name: str, opened: Mapping[str, Any], theirs: Any) -> Conflict:
        bound = self[name]
        before = shown(bound, opened[name]) if name in opened else None
        return Conflict(name, str(bound.label), before, shown(bound, theirs), shown(bound, bound.data))

    def _read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was opened, and what was asked. Both are empty if unreadable, so every difference is asked about."""
        try:
            opened, asked = signing.loads(self.data[OPENED], salt=self._salt)
        except (signing.BadSignature, ValueError):
            return {}, {}
        return opened, asked

    @cached_property
    def _salt(self) -> str:
        return f"aliases.editing.merging:{self.instance._meta.label}:{self.instance.pk}"


def plain(value: Any) -> Any:
    """A field's value as JSON; rows as their primary keys."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | Mapping) else str(value)


def differs(bound: forms.BoundField, value: Any) -> bool:
    """Whether a field's posted value differs from this one."""
    posted = bound.data
    if isinstance(posted, str) and isinstance(value, str):  # browsers post CRLF
        posted, value = posted.replace("\r\n", "\n"), value.replace("\r\n", "\n")
    return bound.field.has_changed(value, posted)


def put(data: Any, bound: forms.BoundField, value: Any) -> None:
    """Set a field in posted data, as a browser would post it."""
    ready = bound.field.prepare_value(value)
    if isinstance(bound.field, forms.BooleanField):
        data.pop(bound.html_name, None)
        if ready:
            data[bound.html_name] = "on"
    elif isinstance(ready, list) and isinstance(data, MultiValueDict):
        data.setlist(bound.html_name, [str(one) for one in ready])
    else:
        data[bound.html_name] = "" if ready is None else str(ready)


def shown(bound: forms.BoundField, value: Any) -> str:
    """A stored or posted value in words."""
    if isinstance(bound.field, forms.BooleanField):
        return "yes" if value else "no"
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        words = {str(key): str(label) for key, label in choices if not isinstance(label, list | tuple)}
        values = value if isinstance(value, list | tuple) else [value]
        value = ", ".join(words.get(str(one), str(one)) for one in values if one not in (None, ""))
    return "empty" if value in (None, "") else str(value)
