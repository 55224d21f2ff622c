"""The admin's first page: what needs somebody, and what changed last; of each only what whoever looks may see."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.utils.html import strip_tags

from aliases.models import Alias, Bucket, BucketPlace, Outbox
from aliases.pictures import health
from aliases.publishing.bucket_changes import record_deletion
from aliases.publishing.publishing import publish

pytestmark = pytest.mark.django_db


def told(client: Any) -> str:
    """The page's own part, in front of the list of all there is."""
    content = client.get("/admin/").content.decode()
    return re.sub(r"\s+", " ", strip_tags(content[content.index("content-main") :]))


def test_it_begins_with_what_is_broken_waits_or_changed_last(admin, alias, bucket):
    gone = Alias.objects.create(name="gone", bucket=bucket, sample="gone.jpg")
    publish(gone, None, "to see")
    health.look_at_some(5)
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=91)
    Alias.objects.create(name="fresh", bucket=bucket)
    said = told(admin)
    broken, waiting, changes = said.index("Viewers get no picture"), said.index("Drafts that are"), said.index("Newest")
    assert "gone There is no such original" in said[broken:waiting]
    assert "profile-image/ios differs from revision 1" in said[waiting:changes]
    assert "fresh never published" in said[waiting:changes]
    assert "gone: published revision 1" in said[changes:]
    assert "“to see”" in said[changes:]


def test_it_says_what_cannot_be_sent(admin, alias):
    assert "Not sent yet" not in told(admin)
    publish(alias, None)
    Outbox.objects.filter(kind="catalogue").update(sent_at=None, attempts=3, last_error="the disk is full")
    said = told(admin)
    assert "1 change could not be sent to the storage or to the CDN, and is tried again." in said
    assert "the disk is full" in said


def test_where_a_deleted_bucket_was_is_not_forgotten(admin):
    bucket = Bucket.objects.create(name="teams")
    BucketPlace.objects.create(bucket=bucket, environment="local", kind="folder", location="samples", prefix="t/")
    record_deletion(bucket, None, "moved")
    bucket.delete()
    said = told(admin)
    assert "bucket teams: deleted" in said
    assert "local: the folder “samples”, keys beginning with “t/” removed" in said


@pytest.mark.parametrize(
    ("right", "shown", "hidden"),
    [
        ("view_bucket", "bucket photos", "profile-image/ios"),
        ("view_alias", "profile-image/ios: published", "bucket photos"),
        ("view_outbox", "Changes to send", "Newest changes"),
    ],
)
def test_whoever_may_not_see_a_thing_is_shown_none_of_it(client, alias, bucket, right, shown, hidden):
    publish(alias, None)
    record_deletion(bucket, None)
    ann = User.objects.create_user("ann", is_staff=True)
    ann.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(ann)
    said = told(client)
    assert shown in said
    assert hidden not in said
