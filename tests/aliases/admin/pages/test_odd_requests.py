"""Requests that no page of the admin has sent: each is answered with a page or a redirect, never with a fault."""

import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError
from django.urls import reverse

from aliases.admin.alias.admin import AliasAdmin
from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(admin):
    """As a browser sees it: a fault is a 500, and no exception."""
    admin.raise_request_exception = False
    return admin


HUGE = "9" * 30
VALUES = ["x", HUGE, "1\0"]
#: What strangers, scanners and old bookmarks put into a list's query.
PARAMETERS = [
    "q", "p", "o", "e", "all", "state", "bucket", "bucket__id__exact", "format__exact", "name__regex",
    "name__nothing", "id__in", "pk", "live__content__x", "live_bucket__places__role_arn__startswith",
    "created__year", "created__range", "enabled__exact", "bucket__isnull", "_to_field", "_popup", "_saveasnew",
    "_changelist_filters", "sent_at__isempty", "kind__exact", "__", "is_staff__exact", "groups__id__exact",
    "password__startswith", "page", "from", "key", "box", "choice", "_facets",
]  # fmt: skip
LISTS = [
    "admin:aliases_alias_changelist",
    "admin:aliases_bucket_changelist",
    "admin:aliases_outbox_changelist",
    "admin:aliases_overruledfocus_changelist",
    "admin:auth_user_changelist",
    "admin:auth_group_changelist",
    "admin:index",
]


def pages(alias: Alias) -> list[str]:
    return [
        "/",
        *(reverse(name) for name in LISTS),
        page("alias_add"),
        page("alias_change", alias.pk),
        page("alias_history", alias.pk),
        page("alias_delete", alias.pk),
        page("alias_publish", alias.pk),
        page("alias_roll_back", alias.pk, 1),
        page("bucket_add"),
        page("bucket_change", alias.bucket.pk),
        page("bucket_history", alias.bucket.pk),
        page("bucket_focus", alias.bucket.pk),
        page("bucket_keys", alias.bucket.pk),
        reverse("admin:auth_user_add"),
        reverse("admin:jsi18n"),
        reverse("admin:autocomplete"),
    ]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_no_query_takes_a_page_down(value, alias, admin):
    publish(alias, None)
    lists = [reverse(name) for name in LISTS[:4]]
    wrong = [
        path
        for place, one in enumerate(pages(alias))
        # Lists take all of them; other pages, which are slower, a part.
        for parameter in (PARAMETERS if one in lists else PARAMETERS[place % 9 :: 9])
        if admin.get(path := f"{one}?{parameter}={quote(value)}").status_code >= 500
    ]
    assert not wrong


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_no_number_in_a_path_takes_a_page_down(value, alias, admin):
    publish(alias, None)
    for kind in (
        "aliases/alias",
        "aliases/bucket",
        "aliases/outbox",
        "aliases/overruledfocus",
        "auth/user",
        "auth/group",
    ):
        for rest in (
            "change/",
            "history/",
            "delete/",
            "publish/",
            "roll-back/1/",
            "copy/1/",
            "focus/",
            "keys/",
            "picture/?key=a",
            "picture/1/",
            "original/",
            "",
        ):
            for method in (admin.get, admin.post):
                assert method(f"/admin/{kind}/{quote(value)}/{rest}").status_code < 500, (kind, rest)
    for rest in ("roll-back", "copy", "picture"):
        assert admin.get(f"/admin/aliases/alias/{alias.pk}/{rest}/{quote(value)}/").status_code < 500


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_no_action_on_nonsense_takes_a_list_down(value, alias, admin):
    Group.objects.create(name="editors")
    for name in LISTS[:-1]:
        for action in ("delete_selected", "", value):
            for more in ({"post": "yes"}, {"select_across": value, "index": value}):
                data = {"action": action, "_selected_action": [value, str(alias.pk)], **more}
                response = admin.post(reverse(name), data)
                assert response.status_code < 500, (name, action, more)


@pytest.mark.parametrize(
    ("button", "value"), [("_saveasnew", "1"), ("_popup", "x"), ("_to_field", HUGE), ("_to_field", "")]
)
def test_no_button_that_there_is_not_takes_a_form_down(button, value, alias, admin):
    for one, fields in (
        (page("alias_change", alias.pk), form_of(alias)),
        (page("alias_add"), form_of(alias, name="another")),
        (page("alias_add"), {}),
        (page("bucket_change", alias.bucket.pk), {"name": "photos"}),
        (page("bucket_add"), {"places-TOTAL_FORMS": value, "places-INITIAL_FORMS": value}),
        (page("alias_delete", alias.pk), {}),
    ):
        response = admin.post(one, {**fields, button: value})
        assert response.status_code < 500, one
        assert admin.post(f"{one}?{button}={quote(value)}", fields).status_code < 500, one


@pytest.mark.parametrize("count", [41, 2000, int(HUGE)])
def test_more_places_than_environments_are_not_even_drawn(count, alias, admin):
    for one in (page("bucket_change", alias.bucket.pk), page("bucket_add")):
        response = admin.post(one, {"name": "photos", "places-TOTAL_FORMS": count, "places-INITIAL_FORMS": 0})
        assert response.status_code == 200
        assert "at most 40 forms" in response.content.decode()
        assert len(re.findall(r'name="places-\d+-location"', response.content.decode())) == 40


@pytest.mark.parametrize("count", [31, 1200, 4000])
def test_a_search_for_more_words_than_a_database_takes_is_told_of(count, alias, admin):
    searched = 0
    for name in LISTS[:-1]:
        response = admin.get(reverse(name), {"q": "x " * count})
        assert response.status_code == 200, name
        if response.context["cl"].search_fields:
            assert "a search has at most 30 words" in response.content.decode(), name
            assert not response.context["cl"].result_list
            searched += 1
    assert searched
    assert list(admin.get(page("alias_changelist"), {"q": "profile " * 30}).context["cl"].result_list) == [alias]


def test_a_lookup_beside_the_filters_finds_nothing_out(alias, admin):
    listing = page("alias_changelist")
    for lookup in (
        "name__startswith=p",
        "live_bucket__places__role_arn__startswith=a",
        "bucket__places__external_id=x",
    ):
        response = admin.get(f"{listing}?{lookup}")
        assert (response.status_code, response.headers.get("Location")) == (302, f"{listing}?e=1")
    assert admin.get(f"{listing}?bucket__id__exact={alias.bucket.pk}").status_code == 200
    assert admin.get(f"{listing}?format__exact=png").status_code == 200


@pytest.mark.parametrize("key", [HUGE, "9" * 400, "x", "-1"])
def test_no_tick_of_a_row_that_there_cannot_be_takes_a_form_down(key, alias, admin):
    group = Group.objects.create(name="editors")
    user = admin.get(reverse("admin:index")).wsgi_request.user
    for one, fields in (
        (reverse("admin:auth_user_change", args=[user.pk]), {"username": "root", "groups": key}),
        (reverse("admin:auth_user_change", args=[user.pk]), {"username": "root", "user_permissions": key}),
        (reverse("admin:auth_group_change", args=[group.pk]), {"name": "editors", "permissions": key}),
        (page("bucket_change", alias.bucket.pk), {"overlays_from": key}),
    ):
        response = admin.post(one, fields)
        assert response.status_code == 200, one
        assert any(name in response.context["adminform"].form.errors for name in fields), one


@pytest.mark.parametrize("fault", [IntegrityError("doubled"), DatabaseError("no rows"), Bucket.DoesNotExist()])
def test_a_save_that_another_came_between_is_tried_again_and_told_by_what_is_there_then(
    fault, alias, admin, monkeypatch
):
    faults = [fault]
    save = AliasAdmin.save_model

    def come_between(*args):
        if faults:
            raise faults.pop()
        save(*args)

    monkeypatch.setattr(AliasAdmin, "save_model", come_between)
    assert admin.post(page("alias_change", alias.pk), form_of(alias, label="new")).status_code == 302
    assert Alias.objects.get().label == "new"
