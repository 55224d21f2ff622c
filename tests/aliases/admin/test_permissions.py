"""Who may do what: every URL of the control plane, by role and method, and every action of its lists. One without a row
here fails."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from aliases.access.roles import ROLES
from aliases.models import Alias, AuditEntry, BucketChange, Outbox, OverruledFocus, Publication
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish
from tests.aliases.control_plane import PATTERNS, url
from tests.aliases.forms import form_of
from tests.drawings import drawn

pytestmark = pytest.mark.django_db

#: Beside the roles that every installation has: people with other permissions, or none.
OTHERS: dict[str, tuple[str, ...] | None] = {
    "stranger": None,
    "outsider": (),  # logged in, but not staff
    "nobody": (),
    "adder": ("add_alias",),
    "changer": ("change_alias",),
    "overruler": ("view_bucket", "overrule_focus"),
    "remover": ("view_alias", "delete_alias", "view_bucket", "delete_bucket"),
}
ALL = {*ROLES, *OTHERS}
STAFF = ALL - {"stranger", "outsider"}
NOBODY = set[str]()
OWNER = {"owner"}
PUBLISH = {"publisher", "owner"}
EDIT = PUBLISH | {"editor"}
LOOK = EDIT | {"viewer", "changer", "remover"}
LOOK_INTO = EDIT | {"viewer", "remover", "overruler"}
UNSENT = EDIT | {"viewer"}
CHANGE, ADD = EDIT | {"changer"}, EDIT | {"adder"}
REMOVE, REMOVE_BUCKET = PUBLISH | {"remover"}, OWNER | {"remover"}
#: Who comes by GET to what only takes POSTs is led to its page, which says who may see it.
LED = STAFF

#: Who may GET and who may POST; None where the method is not known. By the URL's name, else its route.
EXPECTED: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "start": (ALL, None),  # on a laptop; elsewhere see test_start.py
    "admin": (ALL, ALL),  # it leads to the next
    "admin:index": (STAFF, STAFF),
    "admin:login": (ALL, ALL),
    "admin:logout": (ALL - STAFF, ALL),  # by GET it only leads who is not logged in back to the first page
    "admin:password_change": (STAFF, STAFF),
    "admin:password_change_done": (STAFF, None),
    "admin:autocomplete": (NOBODY, None),
    "admin:build": (LOOK_INTO, None),
    "admin:build_picture": (LOOK_INTO, None),
    "admin:inspect": (LOOK, None),
    "admin:inspect_picture": (LOOK, None),
    "admin:inspect_purge": (LED, PUBLISH),
    "admin:inspect_render": (LED, PUBLISH),
    "admin:jsi18n": (STAFF, None),
    "admin:view_on_site": (STAFF, STAFF),
    "admin:app_list": (STAFF, STAFF),
    "admin/(?P<url>.*)$": (STAFF, STAFF),
    "admin:auth_user_changelist": (OWNER, OWNER),
    "admin:auth_user_add": (OWNER, OWNER),
    "admin:auth_user_change": (OWNER, OWNER),
    "admin:auth_user_password_change": (OWNER, OWNER),
    "admin:auth_user_delete": (OWNER, OWNER),
    "admin:auth_user_history": (OWNER, OWNER),
    "admin/auth/user/<path:object_id>/": (LED, LED),
    "admin:auth_group_changelist": (OWNER, OWNER),
    "admin:auth_group_add": (OWNER, OWNER),
    "admin:auth_group_change": (OWNER, OWNER),
    "admin:auth_group_delete": (OWNER, OWNER),
    "admin:auth_group_history": (OWNER, OWNER),
    "admin/auth/group/<path:object_id>/": (LED, LED),
    "admin:aliases_alias_changelist": (LOOK, LOOK),
    "admin:aliases_alias_add": (ADD, ADD),
    "admin:aliases_alias_change": (LOOK, CHANGE),
    "admin:aliases_alias_delete": (REMOVE, REMOVE),
    "admin:aliases_alias_history": (LOOK, LOOK),
    "admin/aliases/alias/<path:object_id>/": (LED, LED),
    "admin:aliases_alias_preview_new": (LED, EDIT),
    "admin:aliases_alias_preview": (LED, EDIT),
    "admin:aliases_alias_picture": (LOOK, None),
    "admin:aliases_alias_samples": (LOOK_INTO, None),
    "admin:aliases_alias_sheet": (LOOK, None),
    "admin:aliases_alias_thumbnail": (LOOK, None),
    "admin:aliases_alias_sample": (LOOK, None),
    "admin:aliases_alias_compare": (LOOK, None),
    "admin:aliases_alias_badges": (LOOK, None),
    "admin:aliases_alias_snippets": (LOOK, None),
    "admin:aliases_alias_import": (EDIT, EDIT),
    "admin:aliases_alias_send_again": (LED, PUBLISH),
    "admin:aliases_alias_publish_some": (PUBLISH, PUBLISH),
    "admin:aliases_alias_disable_some": (PUBLISH, PUBLISH),
    "admin:aliases_alias_original": (ALL, None),  # on a laptop; elsewhere see test_start.py
    "admin:aliases_alias_publish": (PUBLISH, PUBLISH),
    "admin:aliases_alias_measure": (LED, PUBLISH),
    "admin:aliases_alias_default_qualities": (LED, CHANGE),
    "admin:aliases_alias_measure_progress": (LED, PUBLISH),
    "admin:aliases_alias_roll_back": (PUBLISH, PUBLISH),
    "admin:aliases_alias_enable": (PUBLISH, PUBLISH),
    "admin:aliases_alias_disable": (PUBLISH, PUBLISH),
    "admin:aliases_alias_copy": (LED, CHANGE),
    "admin:aliases_alias_publication": (LOOK, PUBLISH),
    "admin:aliases_alias_progress": (LOOK, PUBLISH),
    "admin:aliases_bucket_changelist": (LOOK_INTO, LOOK_INTO),
    "admin:aliases_bucket_add": (OWNER, OWNER),
    "admin:aliases_bucket_change": (LOOK_INTO, OWNER),
    "admin:aliases_bucket_delete": (REMOVE_BUCKET, REMOVE_BUCKET),
    "admin:aliases_bucket_history": (LOOK_INTO, LOOK_INTO),
    "admin/aliases/bucket/<path:object_id>/": (LED, LED),
    "admin:aliases_bucket_test": (LOOK_INTO, LOOK_INTO),
    "admin:aliases_bucket_undo": (OWNER, OWNER),
    "admin:aliases_bucket_keys": (LOOK_INTO, None),
    "admin:aliases_bucket_picture": (LOOK_INTO, None),
    "admin:aliases_bucket_browse": (LOOK_INTO, None),
    "admin:aliases_bucket_original": (LOOK_INTO, None),
    "admin:aliases_bucket_samples": (LOOK_INTO, EDIT),
    "admin:aliases_bucket_search": (LED, EDIT),
    "admin:aliases_bucket_focus": (LOOK_INTO, PUBLISH | {"overruler"}),
    "admin:aliases_bucket_crop": (LOOK_INTO, None),
    "admin:aliases_overruledfocus_changelist": (LOOK_INTO, LOOK_INTO),
    "admin:aliases_overruledfocus_add": (NOBODY, NOBODY),
    "admin:aliases_overruledfocus_change": (LOOK_INTO, LOOK_INTO),  # it leads to the page of the original
    "admin:aliases_overruledfocus_delete": (NOBODY, NOBODY),
    "admin:aliases_overruledfocus_history": (LOOK_INTO, LOOK_INTO),
    "admin/aliases/overruledfocus/<path:object_id>/": (LED, LED),
    "admin:aliases_outbox_changelist": (UNSENT, UNSENT),
    "admin:aliases_outbox_add": (NOBODY, NOBODY),
    "admin:aliases_outbox_change": (UNSENT, NOBODY),
    "admin:aliases_outbox_delete": (NOBODY, NOBODY),
    "admin:aliases_outbox_history": (UNSENT, UNSENT),
    "admin/aliases/outbox/<path:object_id>/": (LED, LED),
    "admin:aliases_auditentry_changelist": (OWNER, OWNER),
    "admin:aliases_auditentry_add": (NOBODY, NOBODY),
    "admin:aliases_auditentry_change": (OWNER, NOBODY),
    "admin:aliases_auditentry_delete": (NOBODY, NOBODY),
    "admin:aliases_auditentry_history": (OWNER, OWNER),
    "admin:aliases_auditentry_export": (OWNER, None),
    "admin/aliases/auditentry/<path:object_id>/": (LED, LED),
}
#: Where nothing is found, whoever asks: nothing is shown on another site, and an app may have no models for a role.
NOTHING_THERE = {"admin:view_on_site", "admin:app_list", "admin/(?P<url>.*)$"}

#: They send what is due, which needs a transaction of its own.
SENDING = {"admin:aliases_alias_send_again", "admin:aliases_alias_publication", "admin:aliases_alias_progress"}

#: Who may run an action of a list, by the list's name.
ACTIONS: dict[str, dict[str, set[str]]] = {
    "aliases_alias": {
        "delete_selected": REMOVE,
        "look_now": LOOK,
        "export_some": LOOK,
        "duplicate": ADD & LOOK,
        "publish_drafts": PUBLISH,
        "enable": PUBLISH,
        "disable": PUBLISH,
    },
    "aliases_bucket": {"delete_selected": REMOVE_BUCKET},
    "aliases_overruledfocus": {},
    "aliases_outbox": {},
    "aliases_auditentry": {},
    "auth_user": {"delete_selected": OWNER},
    "auth_group": {"delete_selected": OWNER},
}


@pytest.fixture
def rows(alias: Alias, made: Any) -> dict[str, int]:
    """One row of everything: primary keys by model."""
    publish(alias, None)
    overrule(alias.bucket, "cat.jpg", [], None)
    change(alias.bucket, {**state_of(alias.bucket), "label": "Photos"}, None)
    return {
        "alias": alias.pk,
        "bucket": alias.bucket_id,
        "outbox": Outbox.objects.values_list("pk", flat=True)[0],
        "overruledfocus": OverruledFocus.objects.get().pk,
        "user": made("ann").pk,
        "group": Group.objects.create(name="friends").pk,
        "auditentry": AuditEntry.objects.values_list("pk", flat=True)[0],
        "publication": Publication.objects.get().pk,
        "change": BucketChange.objects.values_list("pk", flat=True)[0],
    }


@pytest.fixture
def people(made: Any) -> dict[str, User | None]:
    found: dict[str, User | None] = {"stranger": None}
    for name, permissions in OTHERS.items():
        if permissions is not None:
            found[name] = made(name, *permissions, is_staff=name != "outsider")
    for name in ROLES:
        user = found[name] = made(name)
        user.groups.add(Group.objects.get(name=name))
    return found


def ask(client: Client, method: str, name: str, rows: dict[str, int]) -> Any:
    """Ask for a page as the admin's own pages do; a POST is complete where that would change something."""
    if method == "GET":
        return client.get(url(name, rows))
    data = form_of(Alias.objects.get()) if "_preview" in name else {"post": "yes"}
    return client.post(url(name, rows), data)


def is_refused(response: HttpResponseBase) -> bool:
    """By a page that says so, or by the page where one logs in."""
    return response.status_code == 403 or (
        response.status_code == 302 and response["Location"].startswith("/admin/login/")
    )


def test_every_url_of_the_control_plane_has_its_row():
    assert set(PATTERNS) == set(EXPECTED)


def test_every_action_of_a_list_has_its_row():
    request = RequestFactory().get("/")
    request.user = User(username="root", is_superuser=True, is_active=True)
    offered = {
        f"{model._meta.app_label}_{model._meta.model_name}": set(model_admin.get_actions(request))
        for model, model_admin in admin.site._registry.items()
    }
    assert offered == {name: set(actions) for name, actions in ACTIONS.items()}


@pytest.mark.parametrize("role", sorted(ALL))
def test_each_role_gets_where_it_may_and_nowhere_else(rows, people, role):
    """All URLs in one test: making one row of everything, and logging in, take longer than most of the pages."""
    client = Client()
    if user := people[role]:
        client.force_login(user)
    cookies = client.cookies.copy()
    for name in sorted(EXPECTED, key=SENDING.__contains__):  # last those that leave something behind
        for method, allowed in zip(("GET", "POST"), EXPECTED[name], strict=True):
            client.cookies = SimpleCookie(cookies)  # some pages log out
            if name in SENDING:
                response = ask(client, method, name, rows)
            else:
                with transaction.atomic():
                    response = ask(client, method, name, rows)
                    transaction.set_rollback(True)  # the next page finds everything there
            seen = (name, method, response.status_code)
            if allowed is None:
                # Staff are told that there is no such method; what others ask for is not looked at.
                assert response.status_code == 405 or (role not in STAFF and is_refused(response)), seen
            elif role not in allowed:
                assert is_refused(response) or (name == "admin:logout" and response.status_code == 405), seen
            else:
                answers = {200, 302, 422} | ({404} if name in NOTHING_THERE else set())
                assert response.status_code in answers, seen
                assert not is_refused(response), seen


@pytest.mark.parametrize(("name", "action"), [(name, action) for name in ACTIONS for action in ACTIONS[name]])
def test_each_role_runs_the_actions_that_it_may_and_no_other(rows, people, name, action):
    Alias.objects.update(enabled=False)  # what is live is not deleted
    model = next(model for model in admin.site._registry if f"{model._meta.app_label}_{model._meta.model_name}" == name)
    row = rows[name.split("_")[1]]
    if name == "aliases_bucket":
        row = model._default_manager.create(name="empty").pk  # the other has an alias
    for role, user in people.items():
        with transaction.atomic():
            client = Client()
            if user:
                client.force_login(user)
            posted = {"action": action, "_selected_action": row, "post": "yes"}
            response = client.post(reverse(f"admin:{name}_changelist"), posted)
            there = model._default_manager.filter(pk=row).exists()
            answered = response.status_code == 302 or "Content-Disposition" in response
            if answered and "location" in response:  # as if nothing had been chosen
                answered = "No action selected" not in client.get(response["Location"]).content.decode()
            done = not there if action == "delete_selected" else answered and not is_refused(response)
            transaction.set_rollback(True)
        assert done == (role in ACTIONS[name][action]), (role, response.status_code)


@pytest.mark.parametrize("name", [name for name, (_, post) in EXPECTED.items() if post])
def test_every_post_wants_its_token(rows, made, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(made("root", is_superuser=True))
    before = {model: list(model._default_manager.values()) for model in admin.site._registry}
    response = ask(client, "POST", name, rows)
    assert response.status_code == 403 or name in ("admin", "admin/auth/user/<path:object_id>/")
    assert {model: list(model._default_manager.values()) for model in admin.site._registry} == before


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


def test_who_may_only_look_follows_a_publication_and_sends_nothing(alias, made, client):
    publish(alias, None)
    client.force_login(made("viewer", "view_alias"))
    publication = Publication.objects.get()
    progress = client.get(reverse("admin:aliases_alias_progress", args=[publication.pk])).json()
    assert not progress["done"]
    assert not Outbox.objects.exclude(sent_at=None).exists()
    shown = client.get(reverse("admin:aliases_alias_publication", args=[publication.pk])).content.decode()
    assert "progress-form" not in shown
    assert "data-progress-url" in shown


def test_a_duplicate_shows_a_draft_only_to_who_may_see_it(alias, made, client):
    Alias.objects.update(notes="for our eyes only")
    url = f"{reverse('admin:aliases_alias_add')}?from={alias.pk}"
    client.force_login(made("adder", "add_alias", "view_bucket"))
    refused = client.get(url)
    assert refused.status_code == 403
    assert "our eyes" not in refused.content.decode()
    assert client.get(reverse("admin:aliases_alias_add")).status_code == 200
    client.force_login(made("both", "add_alias", "view_alias"))
    assert "our eyes" in client.get(url).content.decode()


@pytest.mark.parametrize("which", ["original", "draft"])
def test_a_form_shows_pictures_of_a_bucket_only_to_who_may_look_into_it(alias, made, client, which):
    posted = {**form_of(alias), "which": which}
    urls = (reverse("admin:aliases_alias_preview_new"), reverse("admin:aliases_alias_preview", args=[alias.pk]))
    client.force_login(made("editor", "add_alias", "change_alias"))
    assert [client.post(url, posted).status_code for url in urls] == [403, 403]
    client.force_login(made("one who looks", "add_alias", "change_alias", "view_bucket"))
    assert all(client.post(url, posted)["Content-Type"].startswith("image/") for url in urls)


def test_who_may_not_look_into_buckets_sees_the_samples_of_an_alias_and_no_other_key(alias, made, client, service):
    service.put("secret.jpg", drawn(30, 20))
    publish(alias, None)
    client.force_login(made("viewer", "view_alias"))
    for which in ("draft", "1"):
        url = reverse("admin:aliases_alias_picture", args=[alias.pk, which])
        assert client.get(url, {"key": "cat.jpg", "browser": "webp"}).status_code == 200
        assert client.get(url, {"key": "secret.jpg"}).status_code == 403
    assert "cat.jpg" in client.get(reverse("admin:aliases_alias_sheet", args=[alias.pk])).content.decode()


def test_the_original_of_a_saved_sample_is_for_who_may_look_into_buckets(alias, made, client):
    original, draft = (
        reverse("admin:aliases_alias_picture", args=[alias.pk, which]) for which in ("original", "draft")
    )
    client.force_login(made("viewer", "view_alias"))
    assert (client.get(original).status_code, client.get(draft).status_code) == (403, 200)
    assert original not in client.get(reverse("admin:aliases_alias_change", args=[alias.pk])).content.decode()
    client.force_login(made("one who looks", "view_alias", "view_bucket"))
    assert client.get(original).status_code == 200
