"""Who may do what: every URL of the admin's own pages, by role and method. A new URL without a line here fails."""

from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from aliases.models import Alias, BucketChange, Outbox, OverruledFocus, Publication
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of

pytestmark = pytest.mark.django_db

ROLES: dict[str, tuple[str, ...] | None] = {
    "stranger": None,
    "nobody": (),
    "viewer": ("view_alias", "view_bucket", "view_outbox"),
    "editor": ("add_alias", "change_alias", "view_bucket", "add_bucket", "change_bucket"),
    "publisher": ("view_alias", "publish_alias", "view_bucket"),
    "overruler": ("view_bucket", "overrule_focus"),
    "remover": ("view_alias", "delete_alias", "view_bucket", "delete_bucket"),
}
LOOK = {"viewer", "editor", "publisher", "remover"}
LOOK_INTO = LOOK | {"overruler"}
EDIT, PUBLISH, REMOVE, NOBODY = {"editor"}, {"publisher"}, {"remover"}, set[str]()
ALL = set(ROLES)
#: Who comes by GET to what only takes POSTs is led to its page, which says who may see it.
LED = ALL - {"stranger"}

#: Who may GET and who may POST; None where the method is not known.
EXPECTED: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "aliases_alias_changelist": (LOOK, LOOK),
    "aliases_alias_add": (EDIT, EDIT),
    "aliases_alias_change": (LOOK, EDIT),
    "aliases_alias_delete": (REMOVE, REMOVE),
    "aliases_alias_history": (LOOK, LOOK),
    "aliases_alias_preview_new": (LED, EDIT),
    "aliases_alias_preview": (LED, EDIT),
    "aliases_alias_picture": (LOOK, None),
    "aliases_alias_thumbnail": (LOOK, None),
    "aliases_alias_original": (ALL, None),  # on a laptop; elsewhere see test_start.py
    "aliases_alias_publish": (PUBLISH, PUBLISH),
    "aliases_alias_measure": (LED, PUBLISH),
    "aliases_alias_default_qualities": (LED, EDIT),
    "aliases_alias_measure_progress": (LED, PUBLISH),
    "aliases_alias_roll_back": (PUBLISH, PUBLISH),
    "aliases_alias_enable": (PUBLISH, PUBLISH),
    "aliases_alias_disable": (PUBLISH, PUBLISH),
    "aliases_alias_copy": (LED, EDIT),
    "aliases_alias_publication": (LOOK, LOOK),
    "aliases_alias_progress": (LED, LOOK),
    "aliases_bucket_changelist": (LOOK_INTO, LOOK_INTO),
    "aliases_bucket_add": (EDIT, EDIT),
    "aliases_bucket_change": (LOOK_INTO, EDIT),
    "aliases_bucket_delete": (REMOVE, REMOVE),
    "aliases_bucket_history": (LOOK_INTO, LOOK_INTO),
    "aliases_bucket_test": (LOOK_INTO, LOOK_INTO),
    "aliases_bucket_undo": (EDIT, EDIT),
    "aliases_bucket_keys": (LOOK_INTO, None),
    "aliases_bucket_picture": (LOOK_INTO, None),
    "aliases_bucket_focus": (LOOK_INTO, {"overruler"}),
    "aliases_bucket_crop": (LOOK_INTO, None),
    "aliases_overruledfocus_changelist": (LOOK_INTO, LOOK_INTO),
    "aliases_overruledfocus_add": (NOBODY, NOBODY),
    "aliases_overruledfocus_change": (LOOK_INTO, LOOK_INTO),  # it leads to the page of the original
    "aliases_overruledfocus_delete": (NOBODY, NOBODY),
    "aliases_overruledfocus_history": (LOOK_INTO, LOOK_INTO),
    "aliases_outbox_changelist": ({"viewer"}, {"viewer"}),
    "aliases_outbox_add": (NOBODY, NOBODY),
    "aliases_outbox_change": ({"viewer"}, NOBODY),
    "aliases_outbox_delete": (NOBODY, NOBODY),
    "aliases_outbox_history": ({"viewer"}, {"viewer"}),
}


def patterns() -> dict[str, URLPattern]:
    """The URL patterns of this app's models in the admin, by name."""
    found = {}
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "aliases":
            found.update({pattern.name: pattern for pattern in model_admin.get_urls() if pattern.name})
    return found


def test_every_url_of_the_admins_pages_has_its_line():
    assert set(patterns()) == set(EXPECTED)


def url(name: str) -> str:
    alias = Alias.objects.get()
    rows = {
        "bucket": alias.bucket_id,
        "outbox": Outbox.objects.values_list("pk", flat=True)[0],
        "overruledfocus": OverruledFocus.objects.get().pk,
    }
    row = rows.get(name.split("_")[1], alias.pk)
    if name in ("aliases_alias_publication", "aliases_alias_progress"):
        row = Publication.objects.get().pk
    words = {"pk": row, "object_id": row, "number": 1, "which": "draft", "alias": alias.pk}
    words["change"] = BucketChange.objects.values_list("pk", flat=True)[0]
    arguments = {word: words[word] for word in patterns()[name].pattern.converters}
    return reverse(f"admin:{name}", kwargs=arguments) + ("?key=cat.jpg" if name == "aliases_bucket_focus" else "")


def asked(client: Client, method: str, name: str) -> Any:
    data = form_of(Alias.objects.get()) if name.startswith("aliases_alias_preview") else {}
    return client.get(url(name)) if method == "GET" else client.post(url(name), data)


@pytest.mark.parametrize(("role", "name"), list(product(ROLES, EXPECTED)))
def test_each_role_gets_where_it_may_and_nowhere_else(alias, made, client, role, name):
    publish(alias, None)
    overrule(alias.bucket, "cat.jpg", [], None)
    change(alias.bucket, {**state_of(alias.bucket), "label": "Photos"}, None)
    permissions = ROLES[role]
    if permissions is not None:
        client.force_login(made(role, *permissions))
    for method, allowed in zip(("GET", "POST"), EXPECTED[name], strict=True):
        response = asked(client, method, name)
        to_login = response.status_code == 302 and response["Location"].startswith("/admin/login/")
        if role == "stranger" and (allowed is None or role not in allowed):
            # What was posted is held in a page of its own until who sent it has logged in.
            assert to_login or response.status_code in ((403, 405) if method == "POST" else (405,))
        elif allowed is None:
            assert response.status_code == 405
        elif role in allowed:
            assert response.status_code in (200, 302, 422), (method, response.status_code)
            assert not to_login
        else:
            assert response.status_code == 403, (method, response.status_code)


@pytest.mark.parametrize("name", [name for name, (_, post) in EXPECTED.items() if post])
def test_every_post_wants_its_token(alias, made, name):
    publish(alias, None)
    overrule(alias.bucket, "cat.jpg", [], None)
    change(alias.bucket, {**state_of(alias.bucket), "label": "Photos"}, None)
    client = Client(enforce_csrf_checks=True)
    client.force_login(made("root", is_superuser=True))
    assert asked(client, "POST", name).status_code == 403
    assert Publication.objects.count() == OverruledFocus.objects.count() == 1


def test_who_may_edit_but_not_publish_is_not_led_to_publishing(alias, made, client):
    client.force_login(made("editor", "change_alias", "view_bucket"))
    page = client.get(reverse("admin:aliases_alias_change", args=[alias.pk])).content.decode()
    assert "Save draft" in page
    assert "publish…" not in page.lower()
    response = client.post(reverse("admin:aliases_alias_change", args=[alias.pk]), {**form_of(alias), "_publish": "1"})
    assert "/publish/" not in response["Location"]


def test_who_may_only_look_sees_the_pictures_and_no_buttons(alias, made, client):
    client.force_login(made("viewer", "view_alias"))
    page = client.get(reverse("admin:aliases_alias_change", args=[alias.pk])).content.decode()
    assert f"/admin/aliases/alias/{alias.pk}/picture/draft/" in page
    assert "Save draft" not in page
    assert "data-preview-url" not in page
