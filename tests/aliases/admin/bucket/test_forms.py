"""A bucket and its places in one form, also when two editors change them at the same time."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client

from aliases.models import Bucket, BucketChange, BucketPlace
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from tests.aliases.admin.bucket.forms import opened, save
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


def test_what_another_saved_meanwhile_is_kept_in_fields_and_in_places(admin, other, bucket):
    mine, theirs = opened(admin, bucket, label="Cats"), opened(other, bucket, unsafe_allowed="on")
    save(other, bucket, {**theirs, "places-0-region": "", "places-0-prefix": "theirs/"})
    done = save(admin, bucket, mine)
    bucket.refresh_from_db()
    assert (bucket.label, bucket.unsafe_allowed, bucket.places.get().prefix) == ("Cats", True, "theirs/")
    assert "Saved meanwhile by ann" in done.content.decode()


def test_what_two_change_in_different_fields_of_one_place_is_merged(admin, other, bucket, tmp_path):
    mine, theirs = opened(admin, bucket), opened(other, bucket)
    save(other, bucket, {**theirs, "places-0-location": str(tmp_path)})
    done = save(admin, bucket, {**mine, "places-0-prefix": "originals/"})
    place = bucket.places.get()
    assert (place.location, place.prefix) == (str(tmp_path), "originals/")
    told = [str(one) for one in done.context["messages"] if "meanwhile" in str(one)]
    assert [sentence.partition(" (")[0] for sentence in told] == ["Saved meanwhile by ann"]


def test_two_that_add_a_place_for_one_environment_are_asked_whose_is_to_stay(admin, other, bucket):
    def added(client: Client, location: str) -> dict[str, Any]:
        row = {"environment": "staging", "kind": "s3", "location": location, "prefix": "", "id": ""}
        return opened(client, bucket, TOTAL_FORMS="2") | {
            "places-TOTAL_FORMS": "2",
            **{f"places-1-{name}": value for name, value in row.items()},
        }

    mine, theirs, same = added(admin, "my-photos"), added(other, "their-photos"), added(admin, "their-photos")
    save(other, bucket, theirs)
    refused = save(admin, bucket, mine)
    told = refused.content.decode()
    assert "Ann's: <strong>s3://their-photos/</strong>" in told
    assert "Yours: <strong>s3://my-photos/</strong>" in told
    assert refused.context["places"].forms[1]["location"].value() == "my-photos"
    mine["_places_opened"] = refused.context["places"].opened
    assert "whose do you keep" in save(admin, bucket, mine).content.decode()
    assert bucket.places.get(environment="staging").location == "their-photos"
    save(admin, bucket, {**mine, "_choice-places-staging": "mine"})
    assert bucket.places.get(environment="staging").location == "my-photos"
    theirs_again = BucketChange.objects.values_list("after", flat=True)[1]
    change(bucket, theirs_again or {}, None)
    assert save(admin, bucket, same).redirect_chain


def test_two_places_change_environments_with_one_another(admin, bucket):
    BucketPlace.objects.create(bucket=bucket, environment="staging", kind="folder", location="/srv/staging")
    local = bucket.places.get(environment="local").location
    save(admin, bucket, opened(admin, bucket, **{"0-environment": "staging", "1-environment": "local"}))
    # The folder of staging is not on this machine, which is told at its new environment.
    assert bucket.places.get(environment="local").location == local
    bucket.places.filter(environment="staging").update(location="samples")
    save(admin, bucket, opened(admin, bucket, **{"0-environment": "staging", "1-environment": "local"}))
    assert {place.environment: place.location for place in bucket.places.all()} == {
        "local": "samples",
        "staging": local,
    }


def test_two_rows_for_one_environment_are_told_at_the_second(admin, bucket):
    row = {"environment": "local", "kind": "folder", "location": "samples"}
    posted = {
        **opened(admin, bucket),
        "places-TOTAL_FORMS": "2",
        **{f"places-1-{name}": value for name, value in row.items()},
    }
    refused = save(admin, bucket, posted)
    assert "a bucket has one in each environment" in refused.content.decode()
    assert refused.context["places"].forms[1]["location"].value() == "samples"
    assert bucket.places.count() == 1


@pytest.mark.parametrize(("mine", "left"), [({"label": "Cats"}, 0), ({"0-prefix": "mine/"}, 1)])
def test_a_place_that_another_took_away_stays_away_unless_it_was_changed(admin, other, bucket, service, mine, left):
    service.put("mine/cat.jpg")
    BucketPlace.objects.create(bucket=bucket, environment="staging", kind="folder", location="/srv/staging")
    posted = opened(admin, bucket, **mine)
    save(other, bucket, opened(other, bucket, **{"0-DELETE": "on"}))
    answer = save(admin, bucket, posted)
    if left:
        assert "Ann's: <strong>no place</strong>" in answer.content.decode()
        chosen = {"_choice-places-local": "mine", "_places_opened": answer.context["places"].opened}
        save(admin, bucket, {**posted, **chosen})
    assert bucket.places.filter(environment="local").count() == left


def test_an_owner_makes_a_bucket_with_its_place_and_changes_it(client, made, bucket):
    user = made("olga")
    user.groups.add(Group.objects.get(name="owner"))
    client.force_login(user)
    save(client, bucket, opened(client, bucket, **{"0-prefix": "cats/"}))
    assert bucket.places.get().prefix == "cats/"
    assert 'name="places-0-location"' in client.get(page("bucket_add")).content.decode()


def test_a_place_without_a_location_is_told_so_and_nothing_else(admin, bucket):
    refused = save(admin, bucket, opened(admin, bucket, **{"0-location": "", "0-environment": ""}))
    errors = refused.context["inline_admin_formsets"][0].formset.errors
    assert errors == [{"environment": ["This field is required."], "location": ["This field is required."]}]


def test_who_may_not_change_places_changes_none_by_what_is_posted(client, made, bucket):
    client.force_login(made("editor", "change_bucket", "view_bucket", "view_bucketplace"))
    posted = opened(client, bucket, label="Cats", **{"0-prefix": "nope/", "0-DELETE": "on"})
    save(client, bucket, {**posted, "places-INITIAL_FORMS": "0"})
    save(client, bucket, posted)
    bucket.refresh_from_db()
    assert (bucket.label, bucket.places.get().prefix) == ("Cats", "")


def test_what_a_bucket_is_also_known_as_is_typed_in_lines_and_has_one_spelling(admin, bucket):
    typed = " https://CDN.acme.com/media \r\n\r\nhttps://acme-photos.s3.amazonaws.com/\r\ncdn.acme.com/media/"
    save(admin, bucket, opened(admin, bucket, known_as=typed))
    bucket.refresh_from_db()
    assert bucket.known_as == "acme-photos.s3.amazonaws.com/\ncdn.acme.com/media/"
    assert bucket.frozen("local").known_as == ("acme-photos.s3.amazonaws.com/", "cdn.acme.com/media/")
    line = BucketChange.objects.first()
    assert line
    assert line.after
    assert line.after["known_as"] == bucket.known_as
    refused = save(admin, bucket, opened(admin, bucket, known_as="photos\ncdn.acme.com/?x=1"))
    errors = refused.context["adminform"].form.errors["known_as"]
    assert [error.partition(":")[0] for error in errors] == [
        "“photos” is no beginning of an address",
        "“cdn.acme.com/?x=1” is no beginning of an address",
    ]


def test_an_address_stands_for_one_bucket(admin, bucket):
    brand = Bucket.objects.create(name="brand", known_as="a.example/\ncdn.acme.com/media/")
    refused = save(admin, bucket, opened(admin, bucket, known_as="https://cdn.acme.com/media"))
    (error,) = refused.context["adminform"].form.errors["known_as"]
    assert error.startswith("The bucket “brand” is known as cdn.acme.com/media/ already, and an address stands for one")
    save(admin, bucket, opened(admin, bucket, known_as="https://cdn.acme.com/media/within/"))
    bucket.refresh_from_db()
    assert bucket.known_as == "cdn.acme.com/media/within/"
    # A state of the history may hold what is another's by now.
    with pytest.raises(ValidationError, match=r"known as a\.example/ already"):
        change(bucket, {**state_of(bucket), "known_as": "a.example/"}, None)
    brand.full_clean()
