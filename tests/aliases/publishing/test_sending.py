"""The outbox's sender: the catalogue first, each invalidation twice, nothing lost, no older catalogue on top."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import OperationalError
from django.utils import timezone

from aliases.models import Alias, CatalogueState, Outbox
from aliases.publishing import sending
from aliases.publishing.progress import progress
from aliases.publishing.publishing import publish, roll_back, together
from rendering.storage.errors import Away
from rendering.storage.factory import configured
from rendering.storage.s3 import clients
from tests.aliases.cdn import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch):
    """A catalogue that cannot be written, until the returned function mends it."""
    write = type(configured("catalogue")).write

    def fail(*args: Any, **kwargs: Any) -> None:
        raise Away("the catalogue's storage is away")

    monkeypatch.setattr(type(configured("catalogue")), "write", fail)
    return lambda: monkeypatch.setattr(type(configured("catalogue")), "write", write)


def stored() -> dict[str, Any]:
    kept = configured("catalogue").read("catalogue.json")
    assert kept
    document: dict[str, Any] = json.loads(kept.content)
    return document


def test_an_invalidation_goes_after_the_catalogue_and_again_when_nobody_can_hold_the_old_one(alias, cloud, settings):
    settings.CATALOGUE_MAX_AGE, settings.DEADLINE = 5, 20
    publish(alias, None)
    assert sending.send_due() == 2
    assert stored()["serial"] == 1
    assert [items for items, _ in cloud.told] == [["#alias:profile-image/ios"]]
    row = Outbox.objects.get(kind="invalidate")
    assert row.sends_left == 1
    assert 24 < (row.due_at - timezone.now()).total_seconds() <= 25
    assert sending.send_due(later(20)) == 0
    assert sending.send_due(later(26)) == 1
    row.refresh_from_db()
    assert row.sent_at
    assert sending.send_due(later(1000)) == 0
    assert len(cloud.told) == 2
    assert len({reference for _, reference in cloud.told}) == 2


def test_while_the_catalogue_cannot_be_written_nothing_is_invalidated_and_nothing_is_lost(alias, cloud, broken):
    publish(alias, None)
    assert sending.send_due() == 0
    row = Outbox.objects.get(kind="catalogue")
    assert (row.attempts, row.sent_at, row.last_error) == (1, None, "Away: the catalogue's storage is away")
    assert row.due_at > timezone.now()
    assert cloud.told == []
    assert "could not be written yet (Away: the catalogue's storage is away)" in sending.catalogue_in_words()
    assert sending.send_due(later(3)) == 0
    assert Outbox.objects.get(kind="catalogue").attempts == 2
    broken()
    assert sending.send_due(later(10)) == 2
    assert stored()["aliases"]
    assert len(cloud.told) == 1


def test_a_publication_takes_those_along_whose_catalogue_could_not_be_written(alias, bucket, broken):
    publish(alias, None)
    sending.send_due()
    broken()
    publish(Alias.objects.create(name="b", bucket=bucket), None)
    sending.send_due()
    assert not Outbox.objects.filter(kind="catalogue", sent_at=None).exists()
    assert set(stored()["aliases"]) == {"b", "profile-image/ios"}


def test_an_invalidation_that_fails_is_tried_again_ever_more_slowly_until_it_succeeds(alias, cloud):
    cloud.away = True
    publish(alias, None)
    assert sending.send_due() == 1
    pauses = []
    for _ in range(10):
        row = Outbox.objects.get(kind="invalidate")
        pauses.append(round((row.due_at - timezone.now()).total_seconds()))
        sending.send_due(row.due_at)
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert "EndpointConnectionError" in row.last_error
    cloud.away = False
    assert sending.send_due(later(301)) == 1
    row.refresh_from_db()
    assert (row.attempts, row.last_error, row.sends_left) == (0, "", 1)


def test_a_publisher_killed_between_commit_and_catalogue_is_made_good_by_the_next_sender(alias, cloud, bucket):
    publish(alias, None)  # nothing is sent: the process is dead
    assert not storages["catalogue"].exists("catalogue.json")
    sending.send_due()
    assert list(stored()["aliases"]) == ["profile-image/ios"]
    assert len(cloud.told) == 1


def test_a_publisher_killed_between_writing_and_commit_costs_only_a_serial(alias):
    publish(alias, None)
    sending.send_due()
    # The storage has what the database has not noted.
    document = stored()
    configured("catalogue").write("catalogue.json", json.dumps({**document, "serial": 2}).encode(), "application/json")
    sending.write_catalogue()
    assert stored()["serial"] == 3


def test_a_database_restored_from_a_backup_writes_a_higher_serial_than_the_stored_one(alias):
    publish(alias, None)
    sending.send_due()
    CatalogueState.objects.update(serial=0)
    configured("catalogue").write("catalogue.json", b'{"serial": 41}', "application/json")
    assert sending.write_catalogue() == 42
    assert stored()["serial"] == 42
    assert CatalogueState.objects.get().serial == 42


def test_a_stored_catalogue_that_is_nonsense_is_replaced(alias):
    publish(alias, None)
    configured("catalogue").write("catalogue.json", b"not json", "application/json")
    assert sending.write_catalogue() == 1
    assert stored()["serial"] == 1


def test_rewriting_needs_nothing_pending_and_sending_writes_only_when_something_is(alias):
    publish(alias, None)
    sending.send_due()
    assert sending.write_catalogue(only_if_pending=True) is None
    assert sending.write_catalogue() == 2


def test_the_catalogue_written_after_a_roll_back_says_the_old_revision_under_a_higher_serial(alias):
    publish(alias, None)
    sending.send_due()
    Alias.objects.filter(pk=alias.pk).update(width=120)
    publish(alias, None)
    sending.send_due()
    roll_back(alias, alias.revisions.get(number=1), None)
    sending.send_due()
    assert (stored()["serial"], stored()["aliases"]["profile-image/ios"]["revision"]) == (3, 1)


def test_without_a_cdn_an_invalidation_is_a_line_in_the_log(alias, caplog):
    publish(alias, None)
    with caplog.at_level("INFO", "aliases.publishing.sending"):
        sending.send_due()
    assert "tags to invalidate, were there a CDN: alias:profile-image/ios" in caplog.text


def test_places_of_other_environments_stay_out_of_the_catalogue(alias, bucket):
    bucket.places.create(environment="production", kind="s3", location="acme-secret")
    publish(alias, None)
    sending.send_due()
    assert "acme-secret" not in json.dumps(stored())


def test_what_is_said_of_the_catalogue_is_what_is_there(alias, committed, settings, tmp_path):
    with committed():
        publish(alias, None)
    assert "is written, serial 1" in sending.catalogue_in_words()
    new = {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": str(tmp_path / "elsewhere")}}
    settings.STORAGES = {**settings.STORAGES, "catalogue": new}
    said = sending.catalogue_in_words()
    assert "is not written" in said
    assert "CATALOGUE_URL has none that can be read" in said
    sending.write_catalogue()
    assert "is written, serial 2" in sending.catalogue_in_words()


def test_a_catalogue_that_is_only_to_be_written_did_not_fail(alias):
    publish(alias, None)
    assert "is still to be written" in sending.catalogue_in_words()


def test_a_catalogue_that_cannot_be_looked_at_is_not_said_to_be_written(alias, committed, settings):
    with committed():
        publish(alias, None)
    settings.STORAGES = {
        **settings.STORAGES,
        "catalogue": {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": "s3://no-such-place"}},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        clients.forget()
        assert "could not be looked up (Away" in sending.catalogue_in_words()
    clients.forget()


NO_CATALOGUES = (b"", b"{", b"[]", b"[" * 100_000, b'{"serial": 1e999}', b'{"serial": null}', b"\xff")


@pytest.mark.parametrize("content", NO_CATALOGUES, ids=lambda content: repr(content[:20]))
def test_what_is_no_catalogue_is_written_over(alias, committed, content):
    configured("catalogue").write("catalogue.json", content, "application/json")
    with committed():
        publish(alias, None)
    assert stored()["aliases"]


def test_what_is_published_together_is_purged_in_few_calls_twice(bucket, cloud, settings):
    aliases = Alias.objects.bulk_create(Alias(name=f"a{number:03}", bucket=bucket) for number in range(400))
    with together("all of them"):
        for alias in aliases:
            publish(alias, None)
    assert Outbox.objects.count() == 4
    sending.send_due()
    sending.send_due(later(sending.oldest_catalogue().total_seconds() + 1))
    assert [len(items) for items, _ in cloud.told] == 2 * [150, 150, 100]
    assert {item for items, _ in cloud.told[:3] for item in items} == {f"#alias:{alias.name}" for alias in aliases}
    assert len({reference for _, reference in cloud.told}) == 6
    publications = [alias.publications.get() for alias in aliases]
    assert all(progress(one).done for one in publications)
    assert len(stored()["aliases"] or stored()["parts"]) > 1


def test_rows_that_are_due_at_the_same_time_go_in_one_call_and_fail_together(bucket, cloud):
    cloud.away = True
    for name in ("a", "b", "c"):
        publish(Alias.objects.create(name=name, bucket=bucket), None)
    assert sending.send_due() == 1
    assert {row.attempts for row in Outbox.objects.filter(kind="invalidate")} == {1}
    cloud.away = False
    assert sending.send_due(later(10)) == 3
    assert [items for items, _ in cloud.told] == [["#alias:a", "#alias:b", "#alias:c"]]


def test_together_all_is_published_or_nothing(bucket, cloud):
    def publish_and_fail() -> None:
        with together("two of them"):
            publish(Alias.objects.create(name="a", bucket=bucket), None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_and_fail()
    assert not Outbox.objects.exists()
    publish(Alias.objects.create(name="b", bucket=bucket), None)  # on its own again
    assert Outbox.objects.filter(kind="catalogue").get().aliases == ["b"]


def test_the_longest_wait_is_since_a_change_was_due_or_since_it_was_made_where_sending_failed():
    now = timezone.now()
    assert sending.longest_wait() == timedelta()
    waiting = Outbox.objects.create(kind="catalogue", due_at=now + timedelta(minutes=1))
    assert sending.longest_wait() == timedelta()
    Outbox.objects.filter(pk=waiting.pk).update(due_at=now - timedelta(minutes=3))
    assert timedelta(minutes=3) <= sending.longest_wait() < timedelta(minutes=4)
    # It is tried again later and later; it has been waiting all the while.
    later, made = now + timedelta(minutes=5), now - timedelta(minutes=20)
    Outbox.objects.filter(pk=waiting.pk).update(due_at=later, made_at=made, attempts=4)
    assert timedelta(minutes=20) <= sending.longest_wait() < timedelta(minutes=21)
    Outbox.objects.filter(pk=waiting.pk).update(sent_at=now)
    assert sending.longest_wait() == timedelta()


def test_what_is_unsent_is_read_with_the_metrics_and_left_out_while_the_database_is_away(client, settings, monkeypatch):
    settings.PROMETHEUS_NETWORKS = ["127.0.0.0/8"]
    now = timezone.now()
    Outbox.objects.create(kind="catalogue", due_at=now - timedelta(minutes=3))
    Outbox.objects.create(kind="invalidate", due_at=now + timedelta(minutes=3))

    def read() -> dict[str, float]:
        lines = client.get("/-/metrics").content.decode().splitlines()
        told = [line.split() for line in lines if line.startswith("imageservice_outbox_")]
        return {name: float(value) for name, value in told}

    found = read()
    assert found["imageservice_outbox_unsent"] == 2
    assert 180 <= found["imageservice_outbox_age_seconds"] < 240

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(Outbox.objects, "filter", away)
    assert read() == {}
