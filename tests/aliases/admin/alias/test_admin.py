"""The admin's pages of aliases: lists, forms, publishing, history. Whatever is typed, no page fails."""

import json
import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from django.utils.html import escape

from aliases.models import Alias, BucketPlace, Outbox, Publication
from aliases.publishing.progress import progress
from aliases.publishing.publishing import publish, set_enabled
from rendering.storage.errors import Away
from tests.aliases.examples import WRONG_ALIASES
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db


def test_the_empty_lists_tell_the_first_steps(admin):
    assert "Three steps to your first" in admin.get(page("alias_changelist")).content.decode()
    assert "manage.py add_bucket" in admin.get(page("bucket_changelist")).content.decode()
    assert "Make a bucket first" in admin.get(page("alias_add")).content.decode()


def test_the_list_shows_each_alias_with_its_state_its_picture_and_its_url(admin, alias, bucket):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=91)
    Alias.objects.create(name="new", bucket=bucket)
    set_enabled(Alias.objects.create(name="off", bucket=bucket), False, None)
    Outbox.objects.all().delete()  # everything is everywhere
    listed = admin.get(page("alias_changelist")).content.decode()
    assert f'src="{page("alias_thumbnail", alias.pk)}?v=' in listed
    assert 'data-copy="/profile-image/ios/cat.jpg"' in listed
    assert "Live, draft differs" in listed
    assert "Never published" in listed
    for state, count in {"live": 1, "differs": 1, "never": 2, "disabled": 1}.items():
        found = admin.get(page("alias_changelist"), {"state": state})
        assert found.context["cl"].result_count == count, state


@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG_ALIASES)
def test_every_error_of_an_alias_stands_in_the_form_beside_its_field(admin, bucket, fields, field, sentence):
    alias = Alias(name="fine", bucket=bucket, width=90, height=90)
    response = admin.post(page("alias_add"), {**form_of(alias, **fields), "_continue": "1"})
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not Alias.objects.exists()


def test_a_saved_draft_stays_in_the_form_and_publishes_nothing(admin, bucket):
    alias = Alias(name="hero", bucket=bucket, width=90)
    response = admin.post(page("alias_add"), {**form_of(alias), "_continue": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == page("alias_change", Alias.objects.get().pk)
    assert "Viewers get it when it is published" in response.content.decode()
    assert not Publication.objects.exists()
    assert LogEntry.objects.count() == 1


def test_the_form_says_what_viewers_get_and_leads_to_the_picture(admin, alias):
    def said(pk):
        return admin.get(page("alias_change", pk)).content.decode()

    assert "until it is published." in said(alias.pk)
    publish(alias, None)
    Outbox.objects.all().delete()  # everything is everywhere
    Alias.objects.filter(pk=alias.pk).update(width=91)
    shown = said(alias.pk)
    assert "Live, draft differs" in shown
    assert "Viewers get revision 1." in shown
    assert "http://testserver/profile-image/ios/cat.jpg" in shown


def test_a_name_that_shadows_another_is_taken_with_a_warning_both_ways(admin, alias, bucket):
    below = Alias(name="profile-image/ios/small", bucket=bucket)
    told = admin.post(page("alias_add"), {**form_of(below), "_continue": "1"}, follow=True).content.decode()
    assert "takes over the URLs of “profile-image/ios” whose key begins with “small/”" in told
    above = Alias(name="profile-image", bucket=bucket)
    told = admin.post(page("alias_add"), {**form_of(above), "_continue": "1"}, follow=True).content.decode()
    assert "“profile-image/ios” takes over the URLs of “profile-image” whose key begins with “ios/”" in told


def test_a_duplicate_starts_from_the_others_draft(admin, alias):
    form = admin.get(page("alias_add"), {"from": alias.pk}).context["adminform"].form
    assert (form["name"].value(), form["width"].value()) == ("profile-image/ios-2", 90)
    assert admin.get(page("alias_add"), {"from": "1" * 30}).status_code == 404
    assert admin.get(page("alias_add"), {"from": "x"}).status_code == 200


@pytest.mark.parametrize("object_id", ["0", "999", "x", "1" * 40, "1/2"])
def test_objects_that_do_not_exist_lead_back_and_never_fail(admin, alias, object_id):
    for name in ("alias_change", "alias_history", "bucket_change"):
        assert admin.get(page(name, object_id)).status_code == 302
    for name in ("publish", "enable", "preview", "publication"):
        assert admin.get(f"/admin/aliases/alias/{object_id}/{name}/").status_code in (302, 404, 405)


def test_the_publish_page_tells_what_will_happen_and_its_post_does_it(admin, alias, made, committed):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=60, filters="grayscale()")
    shown = admin.get(page("alias_publish", alias.pk))
    text = shown.content.decode()
    assert "width: 90 → 60" in text
    assert "filters: added grayscale()" in text
    assert "alias:profile-image/ios" in text
    assert 'data-draft-url="/admin/aliases/alias/1/picture/draft/"'.replace("/1/", f"/{alias.pk}/") in text
    assert '"key": "cat.jpg"' in text
    with committed():
        posted = admin.post(
            page("alias_publish", alias.pk), {"why": "greyer", "seen": shown.context["form"]["seen"].value()}
        )
    publication = Publication.objects.latest("pk")
    assert publication.by
    assert posted["Location"] == page("alias_publication", publication.pk)
    assert (publication.why, publication.by.username) == ("greyer", "root")
    told = admin.get(posted["Location"]).content.decode()
    assert "The catalogue is written; its serial is now 1" in told
    assert "/profile-image/ios/cat.jpg?v=2" in told


def test_a_draft_saved_while_the_page_was_open_is_not_published_unseen(admin, alias):
    seen = admin.get(page("alias_publish", alias.pk)).context["form"]["seen"].value()
    Alias.objects.filter(pk=alias.pk).update(width=60)
    response = admin.post(page("alias_publish", alias.pk), {"seen": seen})
    assert response.status_code == 200
    assert "changed while you looked at it" in response.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.parametrize("fields", [{"filters": "gone()"}, {"crop": "focal"}, {"width": 90000}, {"sample": "gone.jpg"}])
def test_the_publish_page_of_a_draft_that_is_wrong_is_a_page(admin, alias, fields):
    Alias.objects.filter(pk=alias.pk).update(**fields)
    assert admin.get(page("alias_publish", alias.pk)).status_code == 200
    assert admin.post(page("alias_publish", alias.pk), {"why": "x" * 400}).status_code == 200
    assert admin.get(page("alias_change", alias.pk)).status_code == 200
    assert admin.get(page("alias_changelist")).status_code == 200
    assert not Publication.objects.exists()


def test_without_a_place_here_the_publish_page_says_what_is_missing(admin, alias):
    BucketPlace.objects.all().delete()
    assert "has no place in the environment “local”" in admin.get(page("alias_publish", alias.pk)).content.decode()


def test_progress_sends_what_is_due_until_nothing_is_left(admin, alias, settings):
    settings.DEADLINE = 0.3
    publish(alias, None)
    url = page("alias_progress", Publication.objects.get().pk)
    first = admin.post(url).json()
    assert first["live"]
    time.sleep(0.4)  # the second invalidation is due once no request goes on that began before
    second = admin.post(url).json()
    assert second["done"]
    assert all(step["done"] for step in second["steps"])
    assert not Outbox.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("distribution", ["", "E2EXAMPLE"])
def test_a_publication_tells_only_a_cdn_that_there_is(admin, alias, settings, distribution):
    settings.CLOUDFRONT_DISTRIBUTION_ID = distribution
    publish(alias, None)
    Outbox.objects.filter(kind="invalidate").update(sends_left=1)
    told = " ".join(step.text for step in progress(Publication.objects.get()).steps)
    assert ("The CDN is asked to purge alias:profile-image/ios." in told) == bool(distribution)
    assert ("Asked again" in told) == bool(distribution)
    assert ("No CDN that could be purged is set up here" in told) == (not distribution)


def test_progress_of_what_nobody_had_to_be_told_is_done(admin, alias):
    set_enabled(alias, False, None)
    assert admin.post(page("alias_progress", Publication.objects.get().pk)).json()["done"]


def test_progress_says_that_the_catalogue_cannot_be_written_and_when_it_is_tried_again(admin, alias, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise Away("the disk is full")

    monkeypatch.setattr(type(storages["catalogue"]), "write", fail)
    publish(alias, None)
    publication = Publication.objects.get()
    progress = admin.post(page("alias_progress", publication.pk)).json()
    assert not progress["live"]
    assert not progress["done"]
    assert (
        "could not be written yet. It failed 1 times (Away: the disk is full) and is tried again in 2 s"
        in json.dumps(progress)
    )
    assert admin.get(page("alias_publication", publication.pk)).status_code == 200


def test_the_history_tells_who_what_and_why_and_leads_back(admin, alias, made, committed):
    publish(alias, made("ann"), "first avatars")
    Alias.objects.filter(pk=alias.pk).update(width=60)
    publish(alias, None)
    history = admin.get(page("alias_history", alias.pk)).content.decode()
    for told in (
        "Published revision 2",
        "width: 90 → 60",
        "ann",
        "first avatars",
        "Roll back…",
        "Copy into draft",
    ):
        assert told in history
    back = page("alias_roll_back", alias.pk, 1)
    assert back in history
    assert "width: 60 → 90" in admin.get(back).content.decode()
    admin.post(back, {"why": "too small"})
    alias.refresh_from_db()
    assert (alias.live.number, alias.width) == (1, 60)
    admin.post(page("alias_copy", alias.pk, 1), {"sure": "1"})
    alias.refresh_from_db()
    assert alias.width == 90
    assert not alias.differs()
    assert LogEntry.objects.latest("pk").change_message == "Revision 1 copied into the draft."
    assert "Nothing differs" in admin.get(page("alias_publish", alias.pk)).content.decode()


@pytest.mark.parametrize("number", ["0", "99", "9999999999"])
def test_revisions_that_do_not_exist_are_not_found(admin, alias, number):
    publish(alias, None)
    assert admin.get(f"/admin/aliases/alias/{alias.pk}/roll-back/{number}/").status_code == 404
    assert admin.post(f"/admin/aliases/alias/{alias.pk}/copy/{number}/").status_code == 404
    assert admin.get(f"/admin/aliases/alias/{alias.pk}/picture/{number}/").status_code == 404


def test_disabling_asks_first_and_a_live_alias_is_not_deleted(admin, alias):
    publish(alias, None)
    assert "is live, so it cannot be deleted" in admin.get(page("alias_delete", alias.pk)).content.decode()
    admin.post(page("alias_delete", alias.pk), {"post": "yes"})
    assert "will get 404 until it is enabled again" in admin.get(page("alias_disable", alias.pk)).content.decode()
    admin.post(page("alias_disable", alias.pk), {"why": "gone"})
    alias.refresh_from_db()
    assert not alias.enabled
    admin.post(page("alias_delete", alias.pk), {"post": "yes"})
    assert not Alias.objects.exists()


def test_what_staff_write_is_shown_and_never_run(admin, bucket):
    script = "<script>alert(1)</script>"
    alias = Alias.objects.create(name="a", bucket=bucket, label=script, notes=script, filters="", sample=script)
    publish(alias, None, script)
    for name in ("alias_changelist", "bucket_changelist"):
        assert script not in admin.get(page(name)).content.decode()
    for name in ("alias_change", "alias_history", "alias_publish"):
        assert script not in admin.get(page(name, alias.pk)).content.decode()
    assert escape(script) in admin.get(page("alias_history", alias.pk)).content.decode()
    assert script not in admin.get("/").content.decode()


def test_the_pages_forbid_what_is_not_their_own(admin, alias):
    for url in (page("alias_change", alias.pk), page("alias_changelist"), "/"):
        response = admin.get(url)
        assert "default-src 'self'" in response["Content-Security-Policy"]
        text = response.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert "onclick" not in text
