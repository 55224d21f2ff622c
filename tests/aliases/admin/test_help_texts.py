"""Help texts are the manual of the admin: sentences, to their end."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.forms import BaseForm
from django.test import RequestFactory

SENTENCES = re.compile(r"[A-Z0-9“/][^\0]*[.!?]")
FIELDS = [
    (model, field.name, field.help_text)
    for model in apps.get_app_config("aliases").get_models()
    for field in model._meta.fields + model._meta.many_to_many
    if field.help_text
]


@pytest.mark.parametrize(("model", "name", "text"), FIELDS, ids=[f"{one.__name__}.{name}" for one, name, _ in FIELDS])
def test_the_help_of_every_field_is_whole_sentences(model, name, text):
    assert isinstance(text, str)
    assert SENTENCES.fullmatch(text)


def test_the_help_of_every_field_of_every_form_of_the_admin_is_whole_sentences(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    ours = [model_admin for model, model_admin in admin.site._registry.items() if model._meta.app_label == "aliases"]
    forms: list[type[BaseForm]] = [model_admin.get_form(request) for model_admin in ours]
    for model_admin in ours:
        forms += [formset.form for formset, _ in model_admin.get_formsets_with_inlines(request)]
    texts = [(form, name, str(field.help_text)) for form in forms for name, field in form.base_fields.items()]  # type: ignore[attr-defined]
    assert len(texts) > 20
    for form, name, text in texts:
        assert not text or SENTENCES.fullmatch(text), f"{form.__name__}.{name}: {text}"
