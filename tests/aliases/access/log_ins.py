"""Logging in by django-allauth, as an attacker would. Run by test_with_accounts.py, in a process that has its pages."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from rendering.http.caching import RETRY_AFTER
from tests.aliases.forms import text_of

pytestmark = pytest.mark.django_db

LOG_IN, GIVE = "/admin/account/login/", "/admin/account/2fa/authenticate/"


@pytest.fixture
def ann(made: Any) -> User:
    user: User = made("ann", is_superuser=True)
    return user


@pytest.mark.parametrize("name", ["ANN", "Ann", "ａｎｎ", "ann\u200b", "ann@", "aｎn"])
def test_a_name_that_is_spelt_otherwise_is_no_name_of_the_account(ann, name):
    """Else each spelling would have attempts of its own."""
    client = Client()
    assert client.post(LOG_IN, {"login": name, "password": "secret"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_what_is_said_does_not_depend_on_whether_there_is_such_an_account(ann, settings):
    settings.LOGIN_ATTEMPTS = 3
    User.objects.create_user("gone", password="secret", is_active=False)
    said: dict[str, list[tuple[int, str]]] = {}
    for number, name in enumerate(("ann", "gone", "nobody")):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        answers = [client.post(LOG_IN, {"login": name, "password": "wrong"}) for _ in range(4)]
        said[name] = [(one.status_code, re.sub(r"[0-9]+:[0-9]+ UTC", "then", text_of(one))) for one in answers]
    assert [status for status, _ in said["ann"]] == [200, 200, 429, 429]
    assert said["ann"] == said["gone"] == said["nobody"]


def test_a_long_name_is_refused_as_any_other(ann):
    for name in ("a" * 100_000, "a\x00b", "𝒂" * 300):
        assert Client().post(LOG_IN, {"login": name, "password": "x"}).status_code == 200


def test_a_log_in_costs_as_many_hashes_whether_there_is_such_an_account(ann, settings, monkeypatch):
    """And so as much time, from which one could tell."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    ann.set_password("secret")
    ann.save()
    User.objects.create_user("gone", password="secret", is_active=False)
    counted: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def count(self: Any, *args: Any, **kwargs: Any) -> str:
        counted.append(1)
        return encode(self, "x", "salt", 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", count)
    costs = []
    for name in ("ann", "gone", "nobody"):
        counted.clear()
        Client().post(LOG_IN, {"login": name, "password": "wrong"})
        costs.append(len(counted))
    assert costs == [1, 1, 1]


@pytest.mark.parametrize("page", [LOG_IN, "/admin/login/"])
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(ann, page, elsewhere):
    client = Client()
    led = client.get(page, {"next": elsewhere}, follow=True)
    assert all("evil" not in to.split("?")[0] for to, _ in led.redirect_chain)
    done = client.post(LOG_IN, {"login": "ann", "password": "secret", "next": elsewhere})
    assert done["Location"] == "/admin/"
    again = client.post(f"/admin/account/reauthenticate/?next={elsewhere}", {"password": "secret", "next": elsewhere})
    assert again.get("Location", "") in ("", "/admin/")


def test_a_session_of_before_is_not_the_one_that_is_logged_in(ann):
    client = Client()
    client.cookies["sessionid"] = "a" * 32  # a fixed one
    client.post(LOG_IN, {"login": "ann", "password": "secret"})
    assert client.cookies["sessionid"].value != "a" * 32
    first = client.session.session_key
    client.post("/admin/account/logout/")
    assert not Session.objects.filter(session_key=first).exists()


def test_a_log_in_from_another_site_is_refused(ann):
    client = Client(enforce_csrf_checks=True)
    for path in (
        LOG_IN,
        "/admin/account/oidc/sso/login/",
        "/admin/account/saml/sso/login/",
        "/admin/account/2fa/webauthn/login/",
    ):
        assert client.post(path, {"login": "ann", "password": "secret"}).status_code == 403, path
    assert "_auth_user_id" not in client.session


def test_the_callback_takes_no_answer_that_this_browser_did_not_ask_for(ann):
    for state in ("", "&state=forged"):
        refused = Client().get(f"/admin/account/oidc/sso/login/callback/?code=abc{state}")
        assert refused.status_code == 403
        assert "cannot be used, so you are not logged in" in text_of(refused)


def test_a_provider_that_is_away_is_told_as_such(ann, caplog):
    for dialect in ("oidc", "saml"):
        answer = Client().post(f"/admin/account/{dialect}/sso/login/")
        assert (answer.status_code, answer["Retry-After"]) == (503, RETRY_AFTER)
        assert "identity provider does not answer" in text_of(answer)
        assert "identity provider away" in {one.message for one in caplog.records}
        caplog.clear()


@pytest.mark.parametrize("path", [LOG_IN, GIVE, "/admin/account/2fa/", "/admin/"])
def test_a_host_that_is_not_ours_is_refused_on_each_page(ann, path):
    assert Client().get(path, headers={"Host": "evil.example"}).status_code == 400
