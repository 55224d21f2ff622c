"""Importing aliases as drafts from a document, as `manage.py import_aliases` does: a page says what would change, and
then it is done."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from aliases.drafts.content import hashed
from aliases.editing import documents
from aliases.editing.documents import BadImport, ImportedAlias
from aliases.models import Alias
from rendering.imaging.parameters import excerpt


class ImportForm(forms.Form):
    """A file, or its text once the page has shown what it would change; `seen` is a hash of that."""

    file = forms.FileField(
        required=False,
        label="File",
        help_text="A document that “Export” in the list, or manage.py export_aliases, wrote.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask for a file; show what importing it would change; then import it, if that is still what it would change."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    wrong: list[str] = []
    lines: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            text = text_of(form.cleaned_data)
            document = read(text)
            lines = try_out(document)
            if form.cleaned_data["seen"] == hashed(lines):
                return carry_out(model_admin, request, document)
            form = ImportForm(initial={"text": text, "seen": hashed(lines)})
        except BadImport as error:
            wrong, form = str(error).splitlines(), ImportForm()
    context = {
        **admin.site.each_context(request),
        "opts": Alias._meta,
        "title": "Import aliases",
        "form": form,
        "wrong": wrong,
        "lines": lines,
    }
    return TemplateResponse(request, "admin/aliases/alias/import.html", context)


def text_of(said: dict[str, Any]) -> str:
    """The text of the document, in whichever encoding its editor wrote it. Raises BadImport."""
    if said["text"]:
        return str(said["text"])
    if not said["file"]:
        raise BadImport("Choose a file that was exported.")
    content = said["file"].read()
    try:
        return str(content.decode(json.detect_encoding(content)))
    except ValueError as error:
        raise BadImport(f"The file is no text: {excerpt(str(error))}. Save it as UTF-8.") from None


def read(text: str) -> Any:
    """The document in a text. Raises BadImport, in a whole sentence."""
    try:
        return documents.read(text)
    except BadImport as error:
        raise BadImport(f"The file cannot be imported: {error}.") from None


def try_out(document: Any) -> list[str]:
    """What importing would change, a line for each alias and sample set; nothing is changed. Raises BadImport."""
    with transaction.atomic():
        lines = [*map(str, documents.load(document)), *documents.load_samples(document)]
        transaction.set_rollback(True)
    return lines


def carry_out(model_admin: Any, request: HttpRequest, document: Any) -> HttpResponse:
    """Raises BadImport, and then nothing is changed."""
    with transaction.atomic():
        changes = documents.load(document)
        documents.load_samples(document)
        for change in changes:
            record(model_admin, request, change)
    changed = sum(change.new or bool(change.differences) for change in changes)
    messages.success(
        request,
        f"Imported as drafts: {changed} of {len(changes)}; the others were the same already. Viewers get none of it "
        "until it is published.",
    )
    return HttpResponseRedirect(reverse("admin:aliases_alias_changelist"))


def record(model_admin: Any, request: HttpRequest, change: ImportedAlias) -> None:
    """Say in Django's log who saved the draft."""
    if change.new:
        model_admin.log_addition(request, change.alias, "Imported.")
    elif change.differences:
        model_admin.log_change(request, change.alias, f"Imported: {'; '.join(change.differences)}.")
