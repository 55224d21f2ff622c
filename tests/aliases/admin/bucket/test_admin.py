"""The admin's pages of buckets: saving is live at once, testing tells what is wrong."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import storages
from django.utils.html import escape

from aliases.models import Alias, Bucket, BucketChange, Outbox
from tests.aliases.examples import RIGHT_PLACES, WRONG_PLACES
from tests.aliases.forms import page
from tests.drawings import opened

pytestmark = pytest.mark.django_db


def place_form(**fields: Any) -> dict[str, Any]:
    place = {"environment": "local", "kind": "folder", "location": "samples", "prefix": "", **fields}
    return {
        "name": "pictures",
        "places-TOTAL_FORMS": "1",
        "places-INITIAL_FORMS": "0",
        **{f"places-0-{name}": value for name, value in place.items()},
    }


@pytest.mark.parametrize(("fields", "field", "sentence"), [wrong for wrong in WRONG_PLACES if wrong[1] != "__all__"])
def test_every_error_of_a_place_stands_in_the_form(admin, settings, fields, field, sentence):
    settings.ENVIRONMENT = "staging"
    response = admin.post(page("bucket_add"), place_form(**{"environment": "staging", **fields}))
    assert response.status_code == 200
    assert field in response.context["inline_admin_formsets"][0].formset.errors[0]
    assert not Bucket.objects.exists()


@pytest.mark.parametrize("fields", RIGHT_PLACES, ids=str)
def test_a_place_is_saved_as_it_was_typed(admin, fields):
    response = admin.post(page("bucket_add"), place_form(**{"environment": "staging", "kind": "s3", **fields}))
    assert response.status_code == 302
    place = Bucket.objects.get().places.get()
    assert {name: getattr(place, name) for name in fields} == fields


def test_a_saved_bucket_is_live_at_once_and_a_changed_label_tells_nobody(admin, committed):
    with committed():
        response = admin.post(page("bucket_add"), place_form(), follow=True)
    bucket = Bucket.objects.get()
    assert response.redirect_chain[-1][0] == page("bucket_change", bucket.pk)
    bucket = Bucket.objects.get()
    assert "The bucket “pictures” works." in response.content.decode()
    assert f'<a href="{page("bucket_test", bucket.pk)}">Test this bucket</a>' in response.content.decode()
    assert "pictures" in json.loads(storages["catalogue"].read("catalogue.json").content)["buckets"]  # type: ignore[attr-defined]
    place = bucket.places.get()
    change = {**place_form(id=place.pk, bucket=bucket.pk), "label": "Pictures", "places-INITIAL_FORMS": "1"}
    Outbox.objects.all().delete()
    admin.post(page("bucket_change", bucket.pk), change)
    assert not Outbox.objects.exists()
    said = [line.change_message for line in LogEntry.objects.order_by("pk")]
    assert said == ["", "Saved; the bucket's own history says what changed."]
    admin.post(page("bucket_change", bucket.pk), {**change, "unsafe_allowed": "on"})
    assert [row.tags for row in Outbox.objects.order_by("pk")] == [[], ["bucket:pictures"]]


def test_a_bucket_in_use_is_not_deleted_and_a_free_one_leaves_the_catalogue(admin, alias, bucket):
    assert "is needed, so it cannot be deleted" in admin.get(page("bucket_delete", bucket.pk)).content.decode()
    admin.post(page("bucket_delete", bucket.pk), {"post": "yes"})
    assert Bucket.objects.exists()
    alias.delete()
    admin.post(page("bucket_delete", bucket.pk), {"post": "yes"})
    assert not Bucket.objects.exists()
    assert Outbox.objects.filter(kind="invalidate", tags=["bucket:photos"]).exists()


def test_the_page_to_delete_a_bucket_of_many_aliases_names_some_and_leads_to_all(admin, bucket):
    Alias.objects.bulk_create(Alias(name=f"team/{number:02}", bucket=bucket) for number in range(20))
    told = admin.get(page("bucket_delete", bucket.pk)).content.decode()
    assert "team/11" in told
    assert "team/12" not in told
    assert "And 8 more." in told
    leads = f"{page('alias_changelist')}?bucket__id__exact={bucket.pk}"
    assert leads in told
    assert "20 aliases" in admin.get(leads).content.decode()


def test_the_list_says_in_which_folder_of_its_place_a_bucket_is(admin, bucket):
    bucket.places.update(prefix="team-40/")
    assert f"{bucket.places.get().location}/team-40/" in admin.get(page("bucket_changelist")).content.decode()


def test_a_bucket_whose_pictures_are_laid_over_others_is_not_deleted(admin, bucket):
    brand = Bucket.objects.create(name="brand")
    bucket.overlays_from.add(brand)
    told = admin.post(page("bucket_delete", brand.pk), {"post": "yes"}).content.decode()
    assert "Bucket “photos” lays pictures of “brand” over its own" in told
    assert Bucket.objects.filter(name="brand").exists()


def test_the_test_of_a_bucket_shows_what_is_in_it_or_says_what_is_wrong(admin, bucket, service):
    told = admin.post(page("bucket_test", bucket.pk)).content.decode()
    assert "It works." in told
    assert "cat.jpg" in told
    picture = admin.get(page("bucket_picture", bucket.pk), {"key": "cat.jpg"})
    assert opened(picture).size == (300, 200)
    for key in ("", "gone.jpg", "../x", "\0", "a" * 2000):
        assert admin.get(page("bucket_picture", bucket.pk), {"key": key}).status_code == 422
    bucket.places.update(location="samples/nowhere")
    told = admin.post(page("bucket_test", bucket.pk)).content.decode()
    assert "It does not work yet." in told
    assert "samples/nowhere on this machine" in told
    bucket.places.all().delete()
    assert "no place in the environment" in admin.post(page("bucket_test", bucket.pk)).content.decode()


@pytest.mark.parametrize("why", ["a\0b", "because\x07", "x" * 301])
def test_a_bucket_is_not_deleted_for_a_reason_that_cannot_be_kept_and_asks_for_another(why, admin, db):
    made = Bucket.objects.create(name="pictures")
    asked = admin.post(page("bucket_delete", made.pk), {"post": "yes", "why": why})
    assert asked.status_code == 200
    assert Bucket.objects.filter(pk=made.pk).exists()
    (error,) = asked.context["reason"].errors
    assert escape(why) in asked.content.decode()
    assert escape(error) in asked.content.decode()
    assert admin.post(page("bucket_delete", made.pk), {"post": "yes", "why": "not used"}).status_code == 302
    assert BucketChange.objects.get().why == "not used"


def test_many_buckets_are_deleted_whatever_reason_is_forged(admin, db):
    made = Bucket.objects.create(name="pictures")
    data = {"action": "delete_selected", "_selected_action": str(made.pk), "post": "yes", "why": "a\0b"}
    assert admin.post(page("bucket_changelist"), data).status_code == 302
    assert BucketChange.objects.get().why == ""


@pytest.mark.parametrize("second", ["staging", "STAGING"])
def test_two_new_places_are_not_for_one_environment_however_it_is_written(second, admin, db):
    data = {**place_form(environment="staging", location="/srv"), "places-TOTAL_FORMS": "2"}
    data |= {"places-1-environment": second, "places-1-kind": "folder", "places-1-location": "/other"}
    refused = admin.post(page("bucket_add"), data)
    assert refused.status_code == 200
    assert f"There is a place for “{second}” above already" in refused.content.decode()
    assert not Bucket.objects.exists()


def test_a_form_without_its_places_is_refused_in_words_for_people(admin, db):
    said = admin.post(page("bucket_add"), {"name": "pictures"}).content.decode()
    assert "The form came without its places" in said
    assert "bug report" not in said
