"""With DATABASE_PAUSES the schedule asks the database only when there may be something to send, and each hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from aliases import events
from aliases.aws import waking
from aliases.models import Outbox
from aliases.publishing.publishing import publish
from rendering.storage.errors import Away
from rendering.storage.factory import configured

pytestmark = pytest.mark.django_db

QUIET = datetime(2026, 11, 30, 12, 30, tzinfo=UTC)
SCHEDULED: dict[str, Any] = {"detail-type": "Scheduled Event"}


@pytest.fixture(autouse=True)
def pausing(settings: Any, service: Any) -> None:
    settings.DATABASE_PAUSES = True


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    put(QUIET)
    return put


def test_while_nothing_is_changed_the_database_is_not_asked(at, django_assert_num_queries):
    with django_assert_num_queries(0):
        events.outbox_due(SCHEDULED, None)


def test_after_a_change_it_is_asked_until_all_is_sent_twice(alias, at, cloud, committed, django_assert_num_queries):
    with committed():
        publish(alias, None)
    assert len(cloud.told) == 1
    at(QUIET + timedelta(minutes=1))
    events.outbox_due(SCHEDULED, None)
    assert len(cloud.told) == 2
    assert not Outbox.objects.filter(sent_at=None).exists()
    at(QUIET + timedelta(minutes=15))
    with django_assert_num_queries(0):
        events.outbox_due(SCHEDULED, None)


def test_what_cannot_be_sent_keeps_it_awake(alias, at, cloud, committed):
    cloud.away = True
    with committed():
        publish(alias, None)
    for minute in range(1, 25):
        at(QUIET + timedelta(minutes=minute))
        events.outbox_due(SCHEDULED, None)
    assert not waking.may_sleep(QUIET + timedelta(minutes=25))
    assert Outbox.objects.filter(sent_at=None).get().attempts > 3


def test_in_the_first_minutes_of_each_hour_it_is_asked_in_any_case(at, alias, cloud):
    unseen = Outbox(kind=Outbox.Kind.INVALIDATE, tags=["alias:x"], why="left behind", due_at=QUIET)
    Outbox.objects.bulk_create([unseen])  # which nothing is told of
    events.outbox_due(SCHEDULED, None)
    assert cloud.told == []
    at(QUIET.replace(hour=13, minute=4))
    events.outbox_due(SCHEDULED, None)
    assert len(cloud.told) == 1


@pytest.mark.parametrize("text", [b"{}", b"[]", b"nonsense", b'{"until": "soon"}', b'{"until": 7}'])
def test_what_cannot_be_read_lets_nothing_sleep(text):
    configured("catalogue").write(waking.NAME, text, "application/json")
    assert not waking.may_sleep(QUIET)


def test_a_storage_that_is_away_lets_nothing_sleep_and_stops_no_change(monkeypatch, alias, at, caplog):
    def away(*args: Any, **more: Any) -> None:
        raise Away("the catalogue's bucket")

    monkeypatch.setattr(type(configured("catalogue")), "read", away)
    assert not waking.may_sleep(QUIET)
    monkeypatch.setattr(type(configured("catalogue")), "write", away)
    waking.stay_awake(QUIET)
    assert "awake.json not written" in caplog.text


def test_unless_it_pauses_the_database_is_asked_every_minute_and_nothing_is_written(settings, alias, at, committed):
    settings.DATABASE_PAUSES = False
    assert not waking.may_sleep(QUIET)
    with committed():
        publish(alias, None)
    settings.DATABASE_PAUSES = True
    assert waking.may_sleep(QUIET)
