"""The desk: what needs attention, what waits, what is on its way, what changed; of each what one may see and do."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from PIL import Image

from aliases.models import Alias, Bucket, BucketPlace, Health, Outbox
from aliases.pictures import checking
from aliases.publishing.bucket_changes import record_deletion
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


def told(client: Any) -> str:
    """The page's own part, without the menu."""
    content = client.get("/admin/").content.decode()
    content = content[content.index('id="content"') : content.index("<footer")]
    text = strip_tags(f"<{content}".replace("<", " <"))
    return re.sub(r"\s+", " ", text)


def test_it_begins_with_what_is_broken_waits_or_changed_last(admin, alias, bucket):
    publish(Alias.objects.create(name="gone", bucket=bucket, sample="gone.jpg"), None, "to see")
    publish(alias, None)
    checking.check_some(5)
    Alias.objects.filter(pk=alias.pk).update(width=91)
    Alias.objects.create(name="fresh", bucket=bucket, width=50)
    said = told(admin)
    assert "One thing needs attention. Everything else is well. It was checked just now." in said
    broken, waiting, changes = said.index("gone Sample missing"), said.index("Drafts waiting 2"), said.index("Newest")
    assert "Its sample gone.jpg is not in the bucket." in said[broken:waiting]
    assert "Choose another" in said[broken:waiting]
    assert "profile-image/ios width: 90 → 91." in said[waiting:changes]
    assert "fresh Never published: 50 wide, height follows" in said[waiting:changes]
    assert "published gone , revision 1 “to see”" in said[changes:]


def test_a_bucket_that_cannot_be_read_is_one_matter_and_comes_first(admin, alias, bucket):
    publish(alias, None)
    publish(Alias.objects.create(name="second", bucket=bucket, sample="cat.jpg"), None)
    bucket.places.update(location="/nowhere")
    checking.check_some(5)
    other = Bucket.objects.create(name="other")
    BucketPlace.objects.create(bucket=other, environment="local", kind="folder", location="samples")
    publish(Alias.objects.create(name="a-first", bucket=other, sample="no.jpg"), None)
    checking.check_some(5)
    said = told(admin)
    assert said.index("Bucket unreachable") < said.index("Sample missing")
    assert "The bucket “photos” cannot be read. Pictures made before are still served; new ones fail." in said
    assert "2 aliases that read it were checked" in said
    assert said.count("Bucket unreachable") == 1


def test_ones_own_drafts_come_first(admin, alias, bucket):
    Alias.objects.create(name="of-others", bucket=bucket, width=50)
    root = User.objects.get(username="root")
    kind = ContentType.objects.get_for_model(Alias)
    LogEntry.objects.create(user=root, content_type=kind, object_id=str(alias.pk), action_flag=CHANGE)
    said = told(admin)
    assert said.index("saved by you") < said.index("of-others")
    assert "1 saved last by you" in said


def test_what_is_refused_says_what_viewers_get_and_can_be_tried_again(admin, alias, cloud, settings, committed):
    settings.CATALOGUE_MAX_AGE = 30
    with committed():
        publish(alias, None)
    assert re.search(r"Published just now. Everybody sees it in about \d+ s", told(admin))
    purge = Outbox.objects.filter(kind="invalidate")
    purge.update(attempts=3, last_error="AccessDenied", due_at=timezone.now() + timedelta(minutes=4), sent_at=None)
    said = told(admin)
    assert "Some viewers still get the old pictures: the CDN refused to drop them." in said
    assert "Try again" in said
    assert "outbox" not in said.lower()
    again = admin.post(page("alias_send_again"), follow=True)
    assert "It worked." in again.content.decode()
    assert "refused" not in told(admin)


def test_other_changes_that_cannot_be_sent_are_told(admin, alias):
    publish(alias, None)
    Outbox.objects.filter(kind="catalogue").update(sent_at=None, attempts=3, publication=None, last_error="disk full")
    assert "1 change of buckets or focus could not be handed to the servers or the CDN yet" in told(admin)


def test_all_is_well_takes_one_line(admin, alias):
    publish(alias, None)
    Outbox.objects.all().delete()
    checking.check_some(5)
    said = told(admin)
    assert "Nothing is broken. It was checked just now." in said
    assert "Nothing needs attention" in said
    assert "Drafts waiting 0" not in said
    Health.objects.update(judged_at=timezone.now() - timedelta(hours=3))
    assert "Some of it was last checked 3 hours ago." in told(admin)


def test_an_empty_service_says_how_to_begin(admin):
    assert "Begin with a bucket" in told(admin)
    Bucket.objects.create(name="photos")
    assert "Make the first alias" in told(admin)


def test_where_a_deleted_bucket_was_is_not_forgotten(admin):
    bucket = Bucket.objects.create(name="teams")
    BucketPlace.objects.create(bucket=bucket, environment="local", kind="folder", location="samples", prefix="t/")
    record_deletion(bucket, None, "moved")
    bucket.delete()
    said = told(admin)
    assert "deleted the bucket teams “moved”" in said
    assert "local: the folder “samples”, keys beginning with “t/” removed" in said


@pytest.mark.parametrize(
    ("right", "shown", "hidden"),
    [
        ("view_bucket", "deleted the bucket photos", "profile-image/ios"),
        ("view_alias", "published profile-image/ios", "photos"),
        ("view_outbox", "1 change of buckets or focus", "Newest changes"),
        ("add_bucket", "There is nothing here that you may see", "Newest changes"),
    ],
)
def test_whoever_may_not_see_a_thing_is_shown_none_of_it(client, alias, bucket, made, right, shown, hidden):
    publish(alias, None)
    Outbox.objects.all().delete()
    record_deletion(bucket, None)
    overrule(bucket, "cat.jpg", [], None)
    if right == "view_outbox":
        Outbox.objects.update(sent_at=None, attempts=1)
    else:
        Outbox.objects.all().delete()
    client.force_login(made("ann", right))
    said = told(client)
    assert shown in re.sub(r"\d changes", "1 change", said)
    assert hidden not in said


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        ("viewer", {"See the samples"}),
        ("editor", {"See the samples", "Continue", "Choose another"}),
        ("publisher", {"See the samples", "Continue", "Choose another", "Publish…"}),
    ],
)
def test_each_role_has_only_the_buttons_that_it_may_press(client, alias, bucket, made, role, buttons):
    publish(Alias.objects.create(name="gone", bucket=bucket, sample="gone.jpg"), None)
    soft = Alias.objects.create(name="soft", bucket=bucket, width=900, sample="cat.jpg", enlarging_rule="must")
    publish(soft, None)
    checking.check_some(5)
    user = made("ann")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    said = told(client)
    every = ("See the samples", "Continue", "Choose another", "Publish…")
    assert {button for button in every if button in said} == buttons
    assert "2 Need attention 1 broken, 1 breaks a rule" in said
    assert said.index("gone Sample missing") < said.index("soft Enlarged 3.0×")


def test_what_was_measured_and_is_a_warning_is_worth_a_look(admin, bucket, service):
    for name in ("soft", "softer"):
        publish(Alias.objects.create(name=name, bucket=bucket, width=900, sample="cat.jpg"), None)
    noise = BytesIO()
    Image.effect_noise((1500, 1000), 120).save(noise, "PNG")
    service.put("noise.png", noise.getvalue())
    heavy = Alias.objects.create(name="heavy", bucket=bucket, format="png", sample="noise.png")
    publish(heavy, None)
    Outbox.objects.all().delete()
    checking.check_some(20)
    said = told(admin)
    assert "Nothing needs attention" in said
    assert "2 aliases enlarge small originals soft, softer." in said
    assert re.search(r"heavy costs \d{3,4} kB a picture .* 1 samples?, for browsers with AVIF\.", said)
    shown = admin.get("/admin/").content.decode()
    assert f'href="{page("alias_changelist")}?finding=enlarging"' in shown
    Alias.objects.filter(name="softer").update(enlarging_rule="off")
    checking.check_some(20)
    assert "soft enlarges small originals Enlarged 3.0×: cat.jpg." in told(admin)


def test_more_aliases_take_no_further_query(admin, alias, bucket):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get("/admin/")
        return len(captured)

    def add(begin: str) -> None:
        for number in range(4):
            made = Alias.objects.create(name=f"{begin}-{number}", bucket=bucket, width=50, sample="gone.jpg")
            publish(made, None)
            Alias.objects.filter(pk=made.pk).update(width=60)
        checking.check_some(20)

    add("one")
    queries()
    before = queries()
    add("two")
    assert queries() == before
