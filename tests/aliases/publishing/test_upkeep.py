"""Health is checked and samples are found by one process at a time, a minute apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aliases.models import Alias, DraftHealth, Health, Sample, Upkeep
from aliases.pictures import health
from aliases.pictures.health import State, known
from aliases.publishing import upkeep
from aliases.publishing.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(alias: Alias) -> Alias:
    publish(alias, None)
    return alias


def forget() -> None:
    """As if nobody had ever looked."""
    Health.objects.all().delete()


def test_live_aliases_and_drafts_are_checked_and_samples_found(live, bucket):
    Alias.objects.create(name="waits", bucket=bucket, width=50, sample="cat.jpg")
    assert upkeep.look_after() == ["Samples of photos: 1 found"]
    assert known(health.served().get()).state is State.WELL
    assert DraftHealth.objects.get().alias.name == "waits"
    assert Sample.objects.get().key == "cat.jpg"


def test_what_is_broken_and_what_breaks_a_rule_is_named(live, service):
    Alias.objects.update(enlarging_rule="must", most_enlarged=1.1, width=450, height=300)
    publish(Alias.objects.get(), None)
    assert upkeep.look_after()[1] == "Rules: profile-image/ios: cat.jpg: Enlarged 1.5×"
    (service.originals / "cat.jpg").unlink()
    forget()
    assert upkeep.look_after(at_once=True)[0].startswith("Broken: profile-image/ios: There is no such original")


def test_after_a_turn_a_server_waits_a_minute_and_a_command_does_not(live):
    upkeep.look_after()
    forget()
    upkeep.look_after()
    assert known(health.served().get()).state is State.UNKNOWN
    upkeep.look_after(at_once=True)
    assert known(health.served().get()).state is State.WELL
    forget()
    Upkeep.objects.update(done_at=timezone.now() - timedelta(seconds=61))
    upkeep.look_after()
    assert known(health.served().get()).state is State.WELL


@pytest.mark.parametrize("at_once", [True, False])
def test_while_another_process_has_its_turn_nothing_is_done_unless_it_died(live, at_once):
    Upkeep.objects.create(pk=1, claimed_until=timezone.now() + timedelta(minutes=1))
    assert upkeep.look_after(at_once=at_once) == []
    assert known(health.served().get()).state is State.UNKNOWN
    Upkeep.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    upkeep.look_after(at_once=at_once)
    assert known(health.served().get()).state is State.WELL
    assert Upkeep.objects.get().claimed_until is None


def test_a_turn_that_fails_ends_all_the_same(live, monkeypatch):
    monkeypatch.setattr(upkeep, "check_some", None)
    with pytest.raises(TypeError):
        upkeep.look_after()
    assert Upkeep.objects.get().claimed_until is None
    assert not upkeep.claim(timezone.now(), at_once=False)
