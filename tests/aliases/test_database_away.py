"""What staff and monitors are told while the database does not answer."""

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from aliases import apps

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch):
    """A database that refuses every query, as one that was renamed away."""

    def refuse(*args, **kwargs):
        raise OperationalError('database "images" does not exist')

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)


@pytest.mark.parametrize("path", ["/admin/", "/admin/aliases/alias/", "/"])
def test_the_admin_says_so_and_when_to_come_back(made, client, path, away):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "s" * 32
    response = client.get(path)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert "The database does not answer" in response.content.decode()


def test_scripts_are_told_in_json(client, away):
    client = Client(raise_request_exception=False, headers={"accept": "application/json"})
    client.cookies["sessionid"] = "s" * 32
    response = client.get("/admin/", headers={"accept": "application/json"})
    assert (response.status_code, "database" in response.json().values()) == (503, True)


def test_readyz_asks_the_database_where_there_is_one(away):
    assert apps.database_state().startswith("away")


def test_a_database_that_answers_is_ok():
    assert apps.database_state() == "ok"
