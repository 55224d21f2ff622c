"""What is due is done by the service itself: changes are sent, which /readyz says while they are not, and health and
samples are looked after."""

import runpy
from datetime import timedelta
from threading import Event

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from aliases import background
from aliases.models import Alias, Outbox, Sample
from aliases.pictures import health as health_of_aliases
from aliases.publishing import sending
from aliases.publishing.publishing import publish
from rendering.http import health
from rendering.storage.factory import configured
from tests.tracked import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def left_behind(alias: Alias) -> Outbox:
    """A row that a publisher left behind when it died."""
    row = Outbox.objects.create(kind="catalogue", why="published a 1", aliases=[alias.name], due_at=timezone.now())
    Outbox.objects.filter(pk=row.pk).update(made_at=timezone.now() - timedelta(minutes=2))
    return row


def test_what_a_dead_publisher_left_behind_is_sent(left_behind):
    background.look()
    left_behind.refresh_from_db()
    assert left_behind.sent_at
    assert configured("catalogue").read("catalogue.json")


def test_a_thread_looks_until_it_is_stopped_whatever_fails(monkeypatch, left_behind):
    stop = Event()
    looks: list[int] = []

    def fail() -> None:
        looks.append(len(looks))
        if len(looks) == 3:
            stop.set()
        raise DatabaseError("gone") if len(looks) == 1 else ZeroDivisionError

    monkeypatch.setattr(background, "send_due", fail)
    monkeypatch.setattr(background, "PERIOD", 0)
    background.look_again_and_again(stop)
    assert looks == [0, 1, 2]


@pytest.mark.parametrize("switched_on", [True, False])
def test_health_and_samples_are_looked_after_where_that_is_switched_on(alias, settings, switched_on):
    settings.UPKEEP = switched_on
    publish(alias, None)
    background.look()
    state = health_of_aliases.known(health_of_aliases.served().get()).state
    assert state == ("samples fine" if switched_on else "not checked yet")
    assert Sample.objects.exists() == switched_on


def test_that_the_database_is_away_is_said_once(monkeypatch, caplog):
    stop, looks = Event(), list[int]()

    def fail() -> None:
        looks.append(len(looks))
        if len(looks) == 5:
            stop.set()
        if len(looks) != 4:
            raise DatabaseError("gone")

    monkeypatch.setattr(background, "send_due", fail)
    monkeypatch.setattr(background, "look_after", list)
    monkeypatch.setattr(background, "PERIOD", 0)
    background.look_again_and_again(stop)
    # Gone three times, there once, and gone again.
    assert [record.message for record in caplog.records if "gone" in record.message] == [
        "the database did not answer when asked what is due; trying again: gone"
    ] * 2


@pytest.mark.parametrize(("plane", "started"), [("images", 0), ("admin", 1), ("all", 1)])
def test_each_worker_of_the_control_plane_looks(settings, monkeypatch, plane, started):
    settings.PLANE, starts = plane, []
    monkeypatch.setattr(background, "start", lambda: starts.append(plane))
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["post_worker_init"](None)
    assert len(starts) == started


def test_readyz_says_that_the_catalogue_is_older_than_the_database(left_behind, client: Client, monkeypatch):
    monkeypatch.setitem(health.MORE, "publications", sending.unwritten)  # as AliasesConfig does
    health.forget()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "behind: the catalogue is older than the database since" in response.json()["checks"]["publications"]
    sending.send_due()
    health.forget()
    assert client.get("/readyz").json()["checks"]["publications"] == "ok"


def test_what_was_published_just_now_is_not_said_to_be_behind(alias, client: Client):
    Outbox.objects.create(kind="catalogue", aliases=[alias.name], due_at=timezone.now())
    assert sending.unwritten() == "ok"
