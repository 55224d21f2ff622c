"""Removing somebody's second factors. Run by test_with_accounts.py, in a process that has them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.test import Client

from aliases.access.roles import ROLES
from aliases.models import AuditEntry
from tests.aliases.forms import text_of

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def people(made):
    """Somebody of each role, a superuser, and a stranger: clients by name."""
    clients = {"stranger": Client()}
    for role in ROLES:
        user = made(role)
        user.groups.add(Group.objects.get(name=role))
        clients[role] = Client()
        clients[role].force_login(user)
    clients["superuser"] = Client()
    clients["superuser"].force_login(made("root", is_superuser=True))
    return clients


def with_factors(user):
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return f"/admin/auth/user/{user.pk}/second_factors/"


def test_an_owner_removes_the_factors_of_who_has_lost_them(people, made):
    ann = made("ann")
    page = with_factors(ann)
    assert page in people["owner"].get(f"/admin/auth/user/{ann.pk}/change/").text
    shown = text_of(people["owner"].get(page))
    assert "an app that shows codes" in shown
    assert "recovery codes" in shown
    assert Authenticator.objects.filter(user=ann).count() == 2
    AuditEntry.objects.all().delete()
    said = text_of(people["owner"].post(page, follow=True))
    assert "The second factors of “ann” are removed" in said
    assert not Authenticator.objects.filter(user=ann).exists()
    lines = AuditEntry.objects.values_list("by__username", "action", "subject").order_by("subject")
    assert list(lines) == [
        ("owner", "authenticator deleted", "Recovery codes of ann"),
        ("owner", "authenticator deleted", "TOTP Authenticator of ann"),
    ]
    assert "ann has no second factor" in text_of(people["owner"].get(page))
    assert Client().post("/admin/account/login/", {"login": "ann", "password": "secret"})["Location"] == "/admin/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_does_nor_an_owner_those_of_somebody_with_more_rights(people, made, method):
    ann, chief = made("ann"), made("chief", is_superuser=True)
    pages = {name: with_factors(user) for name, user in (("ann", ann), ("chief", chief))}
    for role, client in people.items():
        for name, page in pages.items():
            allowed = role == "superuser" or (role == "owner" and name == "ann")
            answer = getattr(client, method)(page)
            assert answer.status_code == (302 if (role, method) == ("stranger", "get") else 403) or allowed, (
                role,
                name,
            )
            if method == "post":
                left = Authenticator.objects.filter(user__username=name).count()
                assert left == (0 if allowed else 2), (role, name)
                if allowed:
                    with_factors({"ann": ann, "chief": chief}[name])


def test_a_forged_post_changes_nothing(made):
    page, root = with_factors(made("ann")), made("root", is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(root)
    assert client.post(page).status_code == 403
    assert Authenticator.objects.count() == 2


def test_a_user_who_is_not_there_is_a_404(people):
    assert people["owner"].get("/admin/auth/user/999999/second_factors/").status_code == 404
