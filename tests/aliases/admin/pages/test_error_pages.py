"""The admin's pages for what cannot be done: they name what is missing, lead back, and hold what was typed."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from aliases.models import Alias, Publication
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page, text_of
from tests.values import TEXTS

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def held(response: Any) -> dict[str, str]:
    """What the page's form would send again."""
    return dict(response.context["held"])


def token(response: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', response.content.decode())
    assert found
    return found[1]


@pytest.fixture
def browser(made) -> Client:
    """A client as strict with tokens as browsers find the service, logged in."""
    made("root", is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    log_in(client)
    return client


def log_in(client: Client) -> None:
    """By the page, which makes the browser's cookie another."""
    form = client.get("/admin/login/")
    posted = {"username": "root", "password": "secret", "csrfmiddlewaretoken": token(form), "next": "/admin/"}
    assert client.post("/admin/login/", posted).status_code == 302


def end_session() -> None:
    Session.objects.all().delete()


@pytest.mark.parametrize("text", [*TEXTS, "two\nlines & <b>marks</b>\t'\""])
def test_a_session_that_ends_while_one_edits_loses_nothing(browser, alias, text):
    url = page("alias_change", alias.pk)
    form = browser.get(url)
    end_session()
    posted = {**form_of(alias, notes=text, width=77), "_continue": "1", "csrfmiddlewaretoken": token(form)}
    refused = browser.post(url, posted)
    assert refused.status_code == 403
    assert "Your session has ended" in text_of(refused)
    assert 'target="_blank">Log in in a new tab' in refused.content.decode()
    assert held(refused)["notes"] == text
    # Without JavaScript, after the log-in in another tab: the token is not the cookie's any more.
    log_in(browser)
    again = browser.post(url, {**held(refused), "csrfmiddlewaretoken": token(refused)})
    assert again.status_code == 403
    assert "Nothing is lost" in text_of(again)
    assert held(again) == held(refused)
    assert browser.post(url, {**held(again), "csrfmiddlewaretoken": token(again)}).status_code == 302
    alias.refresh_from_db()
    assert (alias.notes, alias.width) == (text, 77)


def test_with_the_cookie_of_now_in_the_form_what_is_held_is_done_at_once(browser, alias):
    form = browser.get(page("alias_publish", alias.pk))
    end_session()
    posted = {"why": "because", "seen": form.context["form"]["seen"].value(), "csrfmiddlewaretoken": token(form)}
    refused = browser.post(page("alias_publish", alias.pk), posted)
    log_in(browser)
    # What session.js puts into the form.
    cookie = browser.cookies["csrftoken"].value
    done = browser.post(page("alias_publish", alias.pk), {**held(refused), "csrfmiddlewaretoken": cookie})
    assert done.status_code == 302
    assert Publication.objects.get().why == "because"


@pytest.mark.parametrize("name", ["alias_preview", "alias_publish", "bucket_test"])
def test_without_its_cookie_a_form_is_held_and_the_page_brings_a_new_one(browser, alias, name):
    url = page(name, alias.bucket_id if name.startswith("bucket") else alias.pk)
    del browser.cookies["csrftoken"]
    refused = browser.post(url, {"why": "because", "csrfmiddlewaretoken": "x" * 32})
    assert refused.status_code == 403
    assert "Please send this again" in text_of(refused)
    assert held(refused) == {"why": "because"}
    assert browser.cookies["csrftoken"].value
    again = browser.post(url, {**held(refused), "csrfmiddlewaretoken": token(refused)})
    assert again.status_code in (200, 302, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://evil.example/x"},
    ],
)
def test_what_another_site_sent_is_not_offered_to_be_sent_again(browser, alias, headers):
    refused = browser.post(page("alias_disable", alias.pk), {"why": "evil"}, headers=headers)
    assert refused.status_code == 403
    assert "Send again" not in refused.content.decode()
    assert not Publication.objects.exists()


def test_who_is_logged_out_is_offered_no_way_that_is_closed(client, alias):
    refused = client.post(page("alias_publish", alias.pk), {"why": "because"}).content.decode()
    assert "nav-filter" not in refused
    assert "Log out" not in refused


def test_passwords_are_never_held_and_a_stale_log_in_page_leads_to_a_new_one(browser, made):
    refused = browser.post("/admin/login/", {"username": "root", "password": "secret"})
    assert "This log-in page was out of date" in text_of(refused)
    assert "secret" not in refused.content.decode()
    end_session()
    changed = {
        "username": "new",
        "password1": "hush",
        "password2": "hush",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"].value,
    }
    refused = browser.post("/admin/auth/user/add/", changed)
    assert held(refused) == {"username": "new"}
    assert "hush" not in refused.content.decode()


@pytest.mark.parametrize("name", ["alias_preview", "alias_progress", "alias_measure_progress"])
def test_scripts_are_told_that_the_session_ended_and_that_the_cookie_is_another(browser, wall, name):
    publish(Alias.objects.create(name="x", bucket=wall.bucket), None)
    row = Publication.objects.get().pk if name == "alias_progress" else wall.pk
    url = page(name, row)
    asked = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, **form_of(wall)}
    accept = {"Accept": "image/webp,application/json"}
    stale = browser.post(url, {**asked, "csrfmiddlewaretoken": "x" * 32}, headers=accept)
    assert (stale.status_code, stale.json()["code"]) == (403, "csrf")
    end_session()
    ended = browser.post(url, asked, headers=accept)
    assert (ended.status_code, ended.json()["code"]) == (403, "logged_out")
    log_in(browser)
    asked["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    assert browser.post(url, asked, headers=accept).status_code == 200


def test_pictures_of_the_focus_page_tell_scripts_as_well(client, alias):
    url = f"{page('bucket_crop', alias.bucket_id, alias.pk)}?key=cat.jpg&choice=now"
    assert client.get(url, headers={"Accept": "application/json"}).json()["code"] == "logged_out"
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("alias_publish", "“Can publish, roll back, enable and disable aliases” (aliases.publish_alias)"),
        ("alias_changelist", "“Can view alias” (aliases.view_alias)"),
        ("alias_change", "“Can view alias” (aliases.view_alias)"),
        ("alias_add", "“Can add alias” (aliases.add_alias)"),
        ("alias_delete", "“Can delete alias” (aliases.delete_alias)"),
        ("alias_history", "“Can view alias” (aliases.view_alias)"),
        ("bucket_change", "“Can view bucket” (aliases.view_bucket)"),
        ("bucket_focus", "“Can view bucket” (aliases.view_bucket) or “Can change bucket” (aliases.change_bucket)"),
        ("outbox_changelist", "“Can view outbox” (aliases.view_outbox)"),
    ],
)
def test_a_page_that_one_may_not_see_names_the_missing_right_and_a_way_back(client, made, alias, name, right):
    client.force_login(made("ann"))
    rows = [] if name.endswith(("list", "add")) else [alias.bucket_id if name.startswith("bucket") else alias.pk]
    refused = client.get(page(name, *rows), headers={"Referer": "http://testserver/admin/somewhere/"})
    assert refused.status_code == 403
    assert f"This needs the permission {right}, which “ann” does not have." in text_of(refused)
    assert 'href="/admin/somewhere/">Back' in refused.content.decode()


def test_what_one_may_not_send_any_more_is_held(client, made, alias):
    client.force_login(made("ann", "view_alias"))
    refused = client.post(page("alias_change", alias.pk), {**form_of(alias, notes="mine"), "_continue": "1"})
    assert "“Can change alias” (aliases.change_alias)" in text_of(refused)
    assert held(refused)["notes"] == "mine"


@pytest.mark.parametrize("path", ["/admin/nothing/", "/admin/aliases/alias/999/publish/", "/admin/aliases/nothing/1/"])
def test_what_is_not_there_is_a_page_that_leads_back(admin, path):
    missing = admin.get(path)
    assert missing.status_code == 404
    assert "There is no such page" in text_of(missing)
    assert 'href="/admin/aliases/alias/"' in missing.content.decode()


def test_what_was_typed_for_an_alias_that_is_deleted_meanwhile_can_still_be_read(admin, alias):
    url, posted = page("alias_change", alias.pk), {**form_of(alias, notes="mine, all mine"), "_continue": "1"}
    alias.delete()
    missing = admin.post(url, posted)
    assert missing.status_code == 404
    assert "was deleted while you were editing it" in text_of(missing)
    assert "mine, all mine" in text_of(missing)
    assert "Send again" not in missing.content.decode()


def test_what_was_typed_for_anything_else_that_is_deleted_meanwhile_can_still_be_read(admin, bucket):
    for url, name in (
        (page("bucket_change", bucket.pk + 1), "bucket"),
        (reverse("admin:auth_group_change", args=[999]), "group"),
        (reverse("admin:auth_user_change", args=[999]), "user"),
    ):
        missing = admin.post(url, {"label": "mine, all mine", "_continue": "1"})
        assert missing.status_code == 404
        assert f"The {name} was deleted while you were editing it" in text_of(missing)
        assert "mine, all mine" in text_of(missing)
        assert admin.get(url).status_code == 302


def test_a_failure_of_ours_is_told_as_ours_with_what_was_typed_and_logged(admin, alias, monkeypatch, caplog):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("at the sky")

    admin.raise_request_exception = False
    monkeypatch.setattr("aliases.publishing.publishing.publish", fail)
    failed = admin.post(page("alias_publish", alias.pk), {"why": "because"})
    assert failed.status_code == 500
    told = failed.content.decode()
    assert "The service failed. This is not your fault" in told
    assert ("why", "because") in HIDDEN.findall(told)
    assert failed["X-Request-Id"] in told
    (raised,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert raised.exc_info
    caplog.clear()
    assert admin.get("/admin/nothing/at/all/").status_code == 404
    assert not [record for record in caplog.records if record.name == "django.request"]
    assert "sky" not in told


def test_what_cannot_be_read_at_all_is_told_in_a_page_too(admin, alias, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    refused = admin.post(page("alias_change", alias.pk), form_of(alias))
    assert refused.status_code == 400
    assert "cannot be read" in text_of(refused)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_data_planes_paths_have_its_own_errors(client, db, service, method):
    service.publish()
    answer = getattr(client, method)("/nothing/here.jpg")
    assert answer["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("next_page", ["//evil.example/", "\0", "http://[", "\r\nX-Evil: 1", ""])
def test_who_logs_in_with_no_page_of_ours_to_go_on_to_comes_to_the_first_one(next_page, client, made):
    made("ann")
    answer = client.post(reverse("admin:login"), {"username": "ann", "password": "secret", "next": next_page})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
