"""S3's notifications, as S3 writes them; and the schedule."""

import json
from typing import Any

import pytest
from django.utils import timezone

from aliases import events
from aliases.models import Alias, Bucket, BucketPlace, Outbox
from aliases.publishing import sending
from aliases.publishing.publishing import publish
from rendering.pictures import derivatives
from rendering.storage.errors import Away
from rendering.storage.factory import configured
from tests.aliases.cdn import later
from tests.aliases.notifications import notification
from tests.drawings import drawn
from tests.service import Service

pytestmark = pytest.mark.django_db

KEPT = "0123456789abcdef.0123456789abcdef"


@pytest.fixture
def photos(db: None) -> Bucket:
    return bucket_at("photos", "acme-photos")


def bucket_at(name: str, location: str, prefix: str = "", environment: str = "local", **fields: Any) -> Bucket:
    bucket = Bucket.objects.create(name=name, **fields)
    BucketPlace.objects.create(
        bucket=bucket, environment=environment, kind="s3", location=location, prefix=prefix, region="eu-west-1"
    )
    return bucket


def keep(bucket: Bucket, key: str) -> str:
    """Keep a derivative of an original; its key."""
    name = f"{derivatives.folder(bucket.frozen('local'), key)}/{KEPT}"
    configured("derivatives").write(name, drawn(9, 9, "PNG"), "image/png")
    return name


def tag(bucket: Bucket, key: str) -> str:
    return f"#{derivatives.tag(bucket.frozen('local'), key)}"


def kept(service: Service) -> set[str]:
    return {path.relative_to(service.derivatives).as_posix() for path in service.kept()}


@pytest.mark.parametrize(
    "happened",
    [
        "ObjectCreated:Put",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "LifecycleExpiration:Delete",
    ],
)
def test_what_was_made_of_a_changed_original_is_forgotten_and_nothing_else(photos, service, cloud, committed, happened):
    keep(photos, "people/one.jpg")
    other = keep(photos, "people/two.jpg")
    with committed():
        events.originals_changed(notification("people/one.jpg", happened=happened), None)
    assert kept(service) == {other}
    assert [items for items, _ in cloud.told] == [[tag(photos, "people/one.jpg")]]


@pytest.mark.parametrize("happened", ["ObjectTagging:Put", "ObjectAcl:Put", "ObjectRestore:Completed", "TestEvent"])
def test_what_changes_no_bytes_forgets_nothing(photos, service, cloud, committed, happened):
    mine = keep(photos, "one.jpg")
    with committed():
        events.originals_changed(notification("one.jpg", happened=happened), None)
    assert kept(service) == {mine}
    assert cloud.told == []
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("a+b%2Bc.jpg", "a b+c.jpg"),
        ("100%25.jpg", "100%.jpg"),
        ("%2541.jpg", "%41.jpg"),
        ("%E6%97%A5%E6%9C%AC.jpg", "日本.jpg"),
        ("a/%2F/b.jpg", "a///b.jpg"),
        ("%3F%26%3D.jpg", "?&=.jpg"),
    ],
)
def test_keys_are_decoded_as_s3_encodes_them(photos, service, cloud, committed, told, key):
    keep(photos, key)
    with committed():
        events.originals_changed(notification(told), None)
    assert kept(service) == set()
    assert cloud.told[0][0] == [tag(photos, key)]


def test_every_bucket_that_lies_there_is_told_under_its_own_key(service, cloud, committed):
    whole, part = bucket_at("whole", "acme-photos"), bucket_at("part", "acme-photos", "in/")
    other = bucket_at("other", "acme-photos", "out/")
    elsewhere, staging = bucket_at("elsewhere", "acme"), bucket_at("staging", "acme-photos", environment="staging")
    for bucket, key in ((whole, "in/one.jpg"), (part, "one.jpg")):
        keep(bucket, key)
    left = {keep(bucket, key) for bucket in (other, elsewhere, staging) for key in ("one.jpg", "in/one.jpg")}
    with committed():
        events.originals_changed(notification("in/one.jpg"), None)
    assert kept(service) == left
    assert sorted(cloud.told[0][0]) == sorted([tag(whole, "in/one.jpg"), tag(part, "one.jpg")])


def test_an_upload_to_an_immutable_bucket_is_new_and_a_removal_is_not(service, cloud, committed):
    forever = bucket_at("forever", "acme-photos", immutable=True)
    mine = keep(forever, "one.jpg")
    with committed():
        events.originals_changed(notification("one.jpg"), None)
    assert (kept(service), cloud.told) == ({mine}, [])
    with committed():
        events.originals_changed(notification("one.jpg", happened="ObjectRemoved:Delete"), None)
    assert kept(service) == set()
    assert cloud.told[0][0] == [tag(forever, "one.jpg")]


def test_the_same_notification_again_does_the_same_again(photos, service, cloud, committed):
    keep(photos, "one.jpg")
    for _ in range(2):
        with committed():
            events.originals_changed(notification("one.jpg", "one.jpg"), None)
    assert kept(service) == set()
    assert [items for items, _ in cloud.told] == [[tag(photos, "one.jpg")]] * 2


def test_it_is_done_once_more_for_who_was_making_a_picture_meanwhile(photos, service, cloud, committed, settings):
    settings.CATALOGUE_MAX_AGE, settings.DEADLINE = 5, 20
    with committed():
        events.originals_changed(notification("one.jpg"), None)
    keep(photos, "one.jpg")
    assert sending.send_due(later(20)) == 0
    assert sending.send_due(later(26)) == 1
    assert kept(service) == set()
    assert len(cloud.told) == 2
    assert Outbox.objects.get().sent_at


def test_what_fails_is_tried_again_and_the_cdn_told_after_the_storage(photos, service, cloud, committed, monkeypatch):
    def away(*args: Any) -> int:
        raise Away("the storage is away")

    keep(photos, "one.jpg")
    with monkeypatch.context() as broken, committed():
        broken.setattr("rendering.storage.folders.FolderStorage.remove", away)
        events.originals_changed(notification("one.jpg"), None)
    row = Outbox.objects.get()
    assert (row.attempts, row.sends_left, cloud.told) == (1, 2, [])
    assert "Away" in row.last_error
    cloud.away = True
    assert sending.send_due(later(3)) == 0
    assert kept(service) == set()
    cloud.away = False
    assert sending.send_due(later(60)) == 1
    assert len(cloud.told) == 1


def test_it_does_not_wait_for_a_catalogue_that_cannot_be_written(photos, service, cloud, committed):
    Outbox.objects.create(kind="catalogue", due_at=later(3600))
    with committed():
        events.originals_changed(notification("one.jpg"), None)
    assert len(cloud.told) == 1


def test_pictures_with_a_changed_overlay_are_forgotten_by_their_alias(photos, cloud, committed):
    overlaid = Alias.objects.create(name="logo", bucket=photos, filters="watermark(photos/logo.png,0,0,0)")
    plain = Alias.objects.create(name="plain", bucket=photos, width=90)
    for alias in (overlaid, plain):
        publish(alias, None)
    Alias.objects.create(name="draft", bucket=photos, filters="watermark(photos/logo.png,0,0,0)")
    with committed():
        events.originals_changed(notification("logo.png"), None)
    assert Outbox.objects.get(kind="remove").tags == [tag(photos, "logo.png")[1:], "alias:logo"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": None},
        {"Records": []},
        {"Records": [None]},
        {"Records": [{"eventName": "ObjectCreated:Put"}]},
        {"Records": [{"eventName": None, "s3": {"bucket": {"name": "acme-photos"}, "object": {"key": "one.jpg"}}}]},
        {
            "Records": [
                {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "acme-photos"}, "object": {"key": 1}}}
            ]
        },
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "acme-photos"},
    ],
)
def test_what_is_no_notification_is_passed_over(photos, event):
    events.originals_changed(event, None)
    assert not Outbox.objects.exists()


def test_one_record_that_cannot_be_read_does_not_keep_the_others_back(photos, service, cloud, committed):
    keep(photos, "one.jpg")
    event = notification("one.jpg")
    event["Records"].insert(0, {"eventName": "ObjectCreated:Put"})
    with committed():
        events.originals_changed(json.loads(json.dumps(event)), None)
    assert kept(service) == set()


def test_the_schedule_sends_what_is_due(alias, cloud):
    publish(alias, None)
    events.outbox_due({"detail-type": "Scheduled Event"}, None)
    assert len(cloud.told) == 1
    Outbox.objects.update(due_at=timezone.now())
    for _ in range(2):  # twice in the same minute
        events.outbox_due({"detail-type": "Scheduled Event"}, None)
    assert len(cloud.told) == 2
