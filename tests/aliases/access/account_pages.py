"""Each page of django-allauth, for each role. Run by test_with_accounts.py, in a process that has these pages."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client

from aliases.access.roles import ROLES
from tests.aliases.control_plane import PATTERNS, url
from tests.aliases.forms import text_of

pytestmark = pytest.mark.django_db

LOG_IN = "/admin/account/login/"

NOT_HERE, PUBLIC, OWN = "there is no such page here", "for all, and shows nothing of anybody", "of one's own account"
PAGES = {
    **dict.fromkeys(
        (
            "account_change_password", "account_confirm_email", "account_confirm_login_code",
            "account_confirm_reauthentication_code", "account_email", "account_email_verification_sent",
            "account_request_reauthentication_code", "account_reset_password_done", "account_reset_password_from_key",
            "account_reset_password_from_key_done", "account_set_password", "account_signup",
            "admin/account/social/connections/", "admin/account/social/login/cancelled/",
            "admin/account/social/login/error/", "admin/account/social/signup/", "saml_sls",
            "socialaccount_connections", "socialaccount_signup",
        ),
        NOT_HERE,
    ),
    **dict.fromkeys(
        (
            "account_inactive", "account_login", "account_logout", "openid_connect_callback", "openid_connect_login",
            "saml_acs", "saml_finish_acs", "saml_login", "saml_metadata", "socialaccount_login_cancelled",
            "socialaccount_login_error",
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate",
            "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
            "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn", "mfa_view_recovery_codes",
        ),
        OWN,
    ),
}  # fmt: skip
#: What pages answer, by kind. 503: the provider of these tests is away; 401 and 403: its answer is none.
ANSWERS = {NOT_HERE: {404}, PUBLIC: {200, 302, 401, 403, 405, 503}, OWN: {200, 302, 404, 405}}
ROWS = {"alias": 1, "publication": 1, "change": 1}


@pytest.fixture
def ann(made: Any) -> User:
    user: User = made("ann", is_superuser=True)
    return user


def test_every_page_under_account_has_its_row_and_packages_have_none_elsewhere():
    assert set(PAGES) == {name for name in PATTERNS if not name.startswith("admin:") and "account/" in url(name, ROWS)}
    shown = {f"{model._meta.app_label}.{model.__name__}" for model in admin.site._registry}
    aliases = {f"aliases.{name}" for name in ("Alias", "Bucket", "OverruledFocus", "Outbox", "AuditEntry")}
    assert shown == {"auth.User", "auth.Group", *aliases}


@pytest.mark.parametrize("name", PAGES)
def test_each_role_finds_there_its_own_account_and_nothing_else(made, ann, name):
    factor = TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    before = list(Authenticator.objects.values())
    people = {"stranger": None, "outsider": made("outsider", is_staff=False)}
    for role in ROLES:
        people[role] = made(role)
        people[role].groups.add(Group.objects.get(name=role))
    for role, user in people.items():
        for method in ("get", "post"):
            client = Client()
            if user:
                client.force_login(user)
            answer = getattr(client, method)(url(name, {**ROWS, "alias": factor.instance.pk}))
            seen = (role, method, answer.status_code)
            assert answer.status_code in ANSWERS[PAGES[name]], seen
            if PAGES[name] == OWN and user is None:
                assert answer["Location"].startswith(LOG_IN), seen
            assert "ann" not in text_of(answer).split(), seen
    assert list(Authenticator.objects.values()) == before


@pytest.mark.parametrize("name", [name for name, kind in PAGES.items() if kind != NOT_HERE])
def test_every_post_wants_its_token(ann, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    answer = client.post(url(name, ROWS))
    if name == "saml_acs":  # posted by the provider's page; what it says is signed, and answers what was asked
        assert answer["Location"] == url("saml_finish_acs", ROWS)
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_from_elsewhere_no_page_answers(settings, ann, method):
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]
    client = Client(headers={"X-Forwarded-For": "203.0.113.1"})
    client.force_login(ann)
    for name in PAGES:
        refused = getattr(client, method)(url(name, ROWS))
        assert (refused.status_code, refused.json()["error"]) == (403, "address_not_allowed"), name


def test_an_answer_that_is_no_ones_is_not_kept():
    client = Client()
    refused = client.post(url("saml_acs", ROWS), {"SAMLResponse": "x" * 300_000})
    assert refused.status_code == 403
    assert not Session.objects.exists()


def test_nobody_removes_or_renames_a_passkey_of_another(made, ann):
    key = Authenticator.objects.create(user=ann, type="webauthn", data={"name": "Ann's key", "credential": {}})
    eve = made("eve")
    client = Client()
    client.post(LOG_IN, {"login": "eve", "password": "secret"})
    client.post("/admin/account/reauthenticate/", {"password": "secret"})
    for action in ("remove", "edit"):
        path = f"/admin/account/2fa/webauthn/keys/{key.pk}/{action}/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Eve's"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Ann's key"
    assert not Authenticator.objects.filter(user=eve).exists()
