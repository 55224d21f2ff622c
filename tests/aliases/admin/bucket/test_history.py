"""The history of a bucket, and undoing a change of it."""

from io import StringIO

import pytest
from django.core.management import call_command

from aliases.models import Bucket, BucketChange
from aliases.publishing.bucket_state import state_of
from tests.aliases.admin.bucket.forms import decision, moved, opened, save
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


def test_a_change_is_undone_through_the_same_page(admin, bucket, live, service):
    moved(service)
    save(admin, bucket, decision(save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"}))))
    undo = page("bucket_undo", bucket.pk, BucketChange.objects.get().pk)
    assert undo in admin.get(page("bucket_history", bucket.pk)).content.decode()
    asked = admin.get(undo)
    assert "local, prefix: “elsewhere/” → empty" in asked.content.decode()
    assert "the same picture" in asked.content.decode()
    admin.post(undo, {**decision(asked), "why": "back"})
    assert bucket.places.get().prefix == ""
    assert [line.why for line in BucketChange.objects.all()] == ["back", ""]
    assert admin.get(undo)["Location"] == page("bucket_history", bucket.pk)


def test_what_an_older_version_wrote_of_a_place_is_taken_back_to_with_todays_defaults(admin, bucket, live):
    old = state_of(bucket)
    before = {**old, "overlays_from": ["gone"], "places": {"local": {**old["places"]["local"]}}}
    del before["places"]["local"]["external_id"]
    line = BucketChange.objects.create(bucket=bucket, name="photos", before=before, after=old)
    undone = admin.get(page("bucket_undo", bucket.pk, line.pk), follow=True)
    assert "is as it was before that change" in undone.content.decode()


def test_the_history_begins_with_the_bucket_and_outlives_it(admin, service):
    posted = {
        "name": "pictures",
        "places-TOTAL_FORMS": "1",
        "places-INITIAL_FORMS": "0",
        "places-0-environment": "local",
        "places-0-kind": "folder",
        "places-0-location": str(service.originals),
    }
    admin.post(page("bucket_add"), posted)
    made = Bucket.objects.get()
    admin.post(page("bucket_delete", made.pk), {"post": "yes", "why": "not used"})
    assert [str(line) for line in BucketChange.objects.all()] == ["deleted pictures", "added pictures"]
    assert [line.bucket for line in BucketChange.objects.filter(by__username="root")] == [None, None]


def test_a_command_writes_the_history_too_by_nobody(service):
    call_command("add_bucket", "photos", str(service.originals), stdout=StringIO())
    call_command("add_bucket", "photos", "s3://photos", environment="staging", stdout=StringIO())
    call_command("add_bucket", "photos", "s3://photos", environment="staging", stdout=StringIO())
    lines = BucketChange.objects.order_by("pk")
    assert [(str(line), line.by, line.why) for line in lines] == [
        ("added photos", None, "manage.py add_bucket"),
        ("changed photos", None, "manage.py add_bucket"),
    ]
    assert lines[1].before == lines[0].after
