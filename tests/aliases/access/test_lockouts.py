"""The lock on the log-in: who fails too often waits, whoever it is, and no attacker keeps an owner out."""

import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from rendering.trace import JsonFormatter
from tests.aliases.forms import text_of

pytestmark = pytest.mark.django_db
OWN, OTHERS = "203.0.113.1", "198.51.100.7"


def log_in(name: str, password: str = "secret", address: str = OWN, **headers: str) -> Any:
    posted = {"username": name, "password": password, "next": "/admin/"}
    return Client(REMOTE_ADDR=address, headers=headers).post("/admin/login/", posted)


def fail(name: str, times: int, address: str = OTHERS) -> list[int]:
    return [log_in(name, f"wrong {number}", address).status_code for number in range(times)]


@pytest.fixture(autouse=True)
def ann(made, settings):
    settings.LOGIN_ATTEMPTS = 3
    return made("ann", is_superuser=True)


def test_after_too_many_failures_the_right_password_waits_too():
    assert fail("ann", 4) == [200, 200, 429, 429]
    refused = log_in("ann", address=OTHERS)
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    said = text_of(refused)
    assert "Try again after" in said
    assert "manage.py axes_reset_username" in said
    assert log_in("ann").status_code == 302  # from elsewhere


@pytest.mark.parametrize("name", ["ann", "nobody", "ann ", "ＡＮＮ"])
def test_what_is_said_does_not_depend_on_whether_there_is_such_an_account(name):
    said = [log_in(name, "wrong", OTHERS) for _ in range(4)]
    ones = [log_in("somebody", "wrong", OWN) for _ in range(4)]
    assert [one.status_code for one in said] == [one.status_code for one in ones]
    assert "Please enter the correct username and password" in text_of(said[0])
    for mine, other in zip(said, ones, strict=True):
        assert text_of(mine) == text_of(other)


def test_a_lock_ends_by_itself_and_trying_meanwhile_does_not_make_it_longer(settings):
    fail("ann", 4)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(seconds=settings.LOGIN_LOCK - 30))
    assert log_in("ann", address=OTHERS).status_code == 429
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(seconds=31))
    assert log_in("ann", address=OTHERS).status_code == 302


def test_no_client_chooses_its_own_address():
    for number in range(4):
        log_in("ann", "wrong", OTHERS, **{"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"})
    assert log_in("ann", address=OTHERS).status_code == 429


def test_addresses_of_one_customers_ipv6_count_as_one():
    for number in range(4):
        log_in("ann", "wrong", f"2001:db8::{number}")
    assert log_in("ann", address="2001:db8::ffff").status_code == 429


def test_an_address_that_tries_many_accounts_is_locked(settings):
    for number in range(4 * settings.LOGIN_ATTEMPTS):
        log_in(f"name {number}", "wrong", OTHERS)
    assert log_in("ann", address=OTHERS).status_code == 429
    assert log_in("ann").status_code == 302


def test_an_account_that_is_tried_from_many_addresses_is_locked_but_where_it_logged_in_before(settings):
    assert log_in("ann").status_code == 302
    for number in range(10 * settings.LOGIN_ATTEMPTS):
        log_in("ann", "wrong", f"192.0.2.{number}")
    assert log_in("ann", address=OTHERS).status_code == 429
    assert log_in("ann").status_code == 302


def test_a_log_in_forgets_the_failures_of_that_account_there_and_of_no_other(made):
    made("mallory")
    fail("ann", 2)
    log_in("mallory", address=OTHERS)
    assert fail("ann", 1) == [429]
    fail("ann", 2, OWN)
    assert log_in("ann").status_code == 302
    assert fail("ann", 2, OWN) == [200, 200]


@pytest.mark.parametrize("command", [("axes_reset",), ("axes_reset_username", "ann"), ("axes_reset_ip", OTHERS)])
def test_an_owner_unlocks(command):
    fail("ann", 4)
    call_command(*command)
    assert log_in("ann", address=OTHERS).status_code == 302


def test_the_owner_reads_of_each_lock_once_in_the_log_and_no_password_that_was_typed_as_a_name(caplog):
    fail("ann", 5)
    fail("my secret passphrase", 5, "192.0.2.1")
    lines = [json.loads(JsonFormatter().format(one)) for one in caplog.records if one.levelno >= logging.ERROR]
    assert [(one["message"], one.get("account"), one["address"]) for one in lines] == [
        ("log-in locked", "ann", OTHERS),
        ("log-in locked", None, "192.0.2.1"),
    ]
    assert "passphrase" not in caplog.text


def test_the_schedule_removes_sessions_that_ended_and_log_ins_of_long_ago(made):
    made("bob")
    log_in("ann")
    log_in("bob")
    Session.objects.filter(pk=Session.objects.values_list("pk", flat=True)[0]).update(expire_date=timezone.now())
    AccessLog.objects.filter(username="ann").update(attempt_time=timezone.now() - timedelta(days=91))
    call_command("send_outbox", stdout=io.StringIO())
    assert Session.objects.count() == 1
    assert AccessLog.objects.get().username == "bob"


def test_a_log_in_with_a_next_of_another_site_leads_to_the_admin():
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""):
        response = Client().post("/admin/login/", {"username": "ann", "password": "secret", "next": elsewhere})
        assert response["Location"] == "/admin/"
