"""Second factors: their secrets and codes. Run by test_with_accounts.py, in a process with such settings."""

import json
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from aliases.access.factor_secrets import MARK
from aliases.models import AuditEntry
from tests.aliases.access.site import code
from tests.aliases.forms import text_of

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOG_IN, GIVE = "/admin/account/login/", "/admin/account/2fa/authenticate/"


def stored() -> str:
    """The table of second factors, as a backup has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY id")
        return str(cursor.fetchall())


@pytest.fixture
def ann(made: Any) -> User:
    user: User = made("ann", is_superuser=True)
    return user


@pytest.fixture
def factor(ann: User) -> TOTP:
    return TOTP.activate(ann, SECRET)


def half(name: str = "ann", **headers: str) -> Client:
    """Somebody who gave the right password and is asked for the second factor."""
    client = Client(**headers)  # type: ignore[arg-type]  # of the environment
    asked = client.post(LOG_IN, {"login": name, "password": "secret"})
    assert asked["Location"].startswith(GIVE)
    return client


# --- Secrets


def test_secrets_are_stored_encrypted(ann, factor):
    codes = RecoveryCodes.activate(ann)
    assert SECRET not in stored()
    assert all(value.startswith(MARK) for row in Authenticator.objects.all() for value in row.data.values() if value)
    assert factor.validate_code(code(SECRET))
    assert codes.validate_code(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()[0])


def test_what_was_stored_before_is_encrypted_by_migrate_and_works_before_and_after(ann):
    Authenticator.objects.create(user=ann, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(user=ann, type="recovery_codes", data={"seed": "5eed" * 20, "used_mask": 1})
    seeds = [Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()]
    assert SECRET in stored()
    AuditEntry.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert SECRET not in stored()
    assert "5eed" not in stored()
    once = stored()
    call_command("migrate", verbosity=0)
    assert stored() == once
    assert not AuditEntry.objects.exists()  # nobody changed a factor
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code(SECRET))
    seeds.append(Authenticator.objects.get(type="recovery_codes").wrap().generate_codes())
    assert seeds[0] == seeds[1]
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 1


def test_the_key_is_replaced_with_the_former_one_beside_it_until_migrate(settings, factor):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    settings.SECRET_KEY_FALLBACKS = [former]
    assert factor.validate_code(code(SECRET))
    call_command("migrate", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    cache.clear()
    assert Authenticator.objects.get().wrap().validate_code(code(SECRET))


def test_without_the_key_no_code_is_right_and_the_page_says_whose_fault_it_is(settings, ann, factor, caplog):
    RecoveryCodes.activate(ann)
    settings.SECRET_KEY = "lost" * 20
    call_command("migrate", verbosity=0)  # leaves what it cannot read
    client = half()
    for typed in (code(SECRET), "000000", "00000000"):
        said = client.post(GIVE, {"code": typed})
        assert said.status_code == 200
        assert "SECRET_KEY was replaced. It is not your fault" in text_of(said)
    assert "_auth_user_id" not in client.session
    assert "SECRET_KEY_FALLBACKS" in str([getattr(one, "facts", "") for one in caplog.records])
    inside = Client()
    inside.force_login(ann)
    given(inside, ann)
    assert inside.get("/admin/account/2fa/").status_code == 200
    inside.post("/admin/account/reauthenticate/", {"password": "secret"})
    led = inside.get("/admin/account/2fa/recovery-codes/", follow=True)
    assert led.redirect_chain == [("/admin/account/2fa/", 302)]
    assert "SECRET_KEY was replaced" in text_of(led)


def given(client: Client, user: User) -> None:
    """As if the factor had been given in this session."""
    request = type("Request", (), {"session": client.session})()
    record_authentication(request, user, "mfa")
    request.session.save()


# --- Codes


def test_a_code_works_once_also_in_another_process(factor):
    assert half().post(GIVE, {"code": code(SECRET)})["Location"] == "/admin/"
    cache.clear()  # which each process has for itself
    again = half()
    assert "Incorrect code" in text_of(again.post(GIVE, {"code": code(SECRET)}))
    assert again.post(GIVE, {"code": code(SECRET, 1)})["Location"] == "/admin/"


def test_wrong_codes_lock_the_account_there_as_wrong_passwords_do(settings, factor):
    settings.LOGIN_ATTEMPTS = 3
    AuditEntry.objects.all().delete()
    for _ in range(2):
        assert half().post(GIVE, {"code": "000000"}).status_code == 200  # a new session each time
        cache.clear()
    client = half()
    assert client.post(GIVE, {"code": "000000"}).status_code == 429
    assert client.post(GIVE, {"code": code(SECRET)}).status_code == 429
    assert Client().post(LOG_IN, {"login": "ann", "password": "secret"}).status_code == 429
    assert half(REMOTE_ADDR="203.0.113.9").post(GIVE, {"code": code(SECRET)})["Location"] == "/admin/"
    said = list(AuditEntry.objects.order_by("pk").values_list("action", "subject", "why"))
    assert [one for one in said if one[0] == "log-in failed"] == [("log-in failed", "ann", "wrong code")] * 3
    assert ("log-in locked", "ann", "") in said


def test_a_session_from_before_there_was_a_factor_is_asked_for_it(ann):
    client = Client()
    client.post(LOG_IN, {"login": "ann", "password": "secret"})
    assert client.get("/admin/").status_code == 200
    TOTP.activate(ann, SECRET)
    RecoveryCodes.activate(ann)
    asks = "/admin/account/2fa/reauthenticate/"
    for path in (
        "/admin/",
        "/admin/account/2fa/",
        "/admin/account/2fa/recovery-codes/",
        "/admin/account/2fa/totp/deactivate/",
    ):
        assert client.get(path)["Location"].startswith(asks), path
    client.post("/admin/account/reauthenticate/", {"password": "secret"})
    assert client.post("/admin/account/2fa/totp/deactivate/")["Location"].startswith(asks)
    assert client.post(f"{asks}?next=/admin/", {"code": code(SECRET)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_session_that_sets_a_factor_up_goes_on(ann):
    client = Client()
    client.post(LOG_IN, {"login": "ann", "password": "secret"})
    client.post("/admin/account/reauthenticate/", {"password": "secret"})
    client.get("/admin/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/admin/account/2fa/totp/activate/", {"code": code(secret)})
    assert Authenticator.objects.filter(user=ann, type="totp").exists()
    assert client.get("/admin/").status_code == 200
    assert "mfa.totp.secret" not in client.session  # nor in the table of sessions
    assert secret not in str([one.get_decoded() for one in Session.objects.all()])


def test_the_log_has_no_secret_of_a_factor_that_is_added_used_and_removed(ann, factor):
    RecoveryCodes.activate(ann)
    secrets = [
        SECRET,
        *(value for row in Authenticator.objects.all() for value in row.data.values() if isinstance(value, str)),
    ]
    half().post(GIVE, {"code": code(SECRET)})
    Authenticator.objects.all().delete()
    entries = list(AuditEntry.objects.filter(action__startswith="authenticator").order_by("pk"))
    assert [one.action for one in entries] == ["authenticator added"] * 2 + ["authenticator deleted"] * 2
    assert {one.subject for one in entries} == {"TOTP Authenticator of ann", "Recovery codes of ann"}
    said = json.dumps([[one.before, one.after] for one in entries])
    assert not [secret for secret in secrets if secret in said]
