"""A change of a bucket that viewers would see: decided on a page, kept in a history, undone."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from aliases.admin.bucket import impact
from aliases.models import Alias, Bucket, BucketChange, BucketPlace, Outbox
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.publishing import publish, set_enabled
from rendering.pictures import derivatives
from rendering.storage.errors import TooLate
from rendering.storage.interface import Probe
from tests.aliases.admin.bucket.forms import decision, opened, save
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(alias: Alias) -> Alias:
    publish(alias, None)
    Outbox.objects.all().delete()
    return alias


@pytest.fixture
def other(made) -> Client:
    """Another editor's browser."""
    client = Client()
    client.force_login(made("ann", is_superuser=True))
    return client


def moved(service: Service, content: bytes | None = None) -> None:
    service.put("elsewhere/cat.jpg", drawn(300, 200) if content is None else content)


def test_nothing_is_live_before_it_was_decided_and_the_page_shows_what_would_be(admin, bucket, live, service):
    moved(service, drawn(300, 200, mode="L"))
    asked = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"}))
    told = asked.content.decode()
    assert "1 live alias reads from this bucket" in told
    assert "local, prefix: empty → “elsewhere/”" in told
    assert "The new place works." in told
    assert "<code>cat.jpg</code>: " in told
    assert "a different picture there" in told
    assert told.count("data:image/webp;base64,") == 2
    assert "Save anyway" not in told
    assert "was changed successfully" not in told
    assert not Outbox.objects.exists()
    assert not BucketChange.objects.exists()
    assert bucket.places.get().prefix == ""
    done = admin.post(page("bucket_change", bucket.pk), {**decision(asked), "why": "they moved"}, follow=True)
    assert "is written, serial" in done.content.decode() or Outbox.objects.exists()
    assert bucket.places.get().prefix == "elsewhere/"
    assert BucketChange.objects.values_list("by__username", "why").get() == ("root", "they moved")
    assert {tag for row in Outbox.objects.all() for tag in row.tags} == {"bucket:photos"}


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [("nope/", "The new place does not work."), ("full/", "Of 1 sample found now, 1 would be missing.")],
)
def test_where_samples_would_be_missing_it_is_done_only_when_that_is_meant(
    admin, bucket, live, service, prefix, sentence
):
    service.put("full/dog.jpg")
    asked = save(admin, bucket, opened(admin, bucket, **{"0-prefix": prefix}))
    assert sentence in asked.content.decode()
    assert "Save anyway" in asked.content.decode()
    posted = decision(asked)
    refused = save(admin, bucket, posted)
    assert "tick the box to confirm" in refused.content.decode()
    assert bucket.places.get().prefix == ""
    save(admin, bucket, {**decision(refused), "anyway": "on"})
    assert bucket.places.get().prefix == prefix


def test_a_place_that_may_not_be_listed_and_gives_the_samples_is_told_of_and_is_no_danger(
    admin, bucket, live, service, monkeypatch
):
    moved(service)
    monkeypatch.setattr(impact, "probe", lambda place: Probe(False, "Access denied: it lacks s3:ListBucket"))
    told = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"})).content.decode()
    assert "Samples can be read at the new place, but not all is well." in told
    assert "lacks s3:ListBucket" in told
    assert "Save and make it live" in told


@pytest.mark.parametrize("sample", ["", "gone.jpg"])
def test_an_empty_place_is_a_danger_also_where_no_sample_can_tell(admin, bucket, live, service, sample):
    Alias.objects.filter(pk=live.pk).update(sample=sample)
    (service.originals / "empty").mkdir()
    told = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "empty/"})).content.decode()
    assert "Nothing is found at the new place." in told
    assert "Save anyway" in told


def test_a_place_out_of_reach_is_waited_for_once(admin, bucket, live, monkeypatch):
    for number in range(4):
        publish(Alias.objects.create(name=f"a{number}", bucket=bucket, width=50, sample="cat.jpg"), None)
    asked = []

    def away(bucket: Any, key: str, *args: Any) -> Any:
        if bucket.place.prefix:
            asked.append(key)
            raise TooLate("no answer")
        return render(bucket, key, *args)

    render = derivatives.render
    monkeypatch.setattr(derivatives, "render", away)
    told = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "nope/"})).content.decode()
    assert "Of 5 samples found now, 5 would be missing." in told
    assert len(asked) == 1


def test_without_a_place_in_this_environment_nothing_would_be_found(admin, bucket, live):
    told = save(admin, bucket, opened(admin, bucket, **{"0-environment": "staging"})).content.decode()
    assert "no place in this environment" in told
    assert "Save anyway" in told


@pytest.mark.parametrize("odd", ["9" * 40, "x", "-1", "1.5", "", "999"])
def test_what_is_no_bucket_is_no_choice_for_overlays(admin, bucket, odd):
    refused = save(admin, bucket, opened(admin, bucket, overlays_from=[odd]))
    assert "overlays_from" in refused.context["adminform"].form.errors


def test_the_way_back_shows_the_form_with_what_was_typed(admin, bucket, live):
    asked = save(admin, bucket, opened(admin, bucket, label="Cats", **{"0-prefix": "nope/"}))
    form = save(admin, bucket, {**decision(asked), "_edit": "1"})
    assert "Nothing is saved yet" in form.content.decode()
    assert form.context["adminform"].form["label"].value() == "Cats"
    assert form.context["places"].forms[0]["prefix"].value() == "nope/"
    assert state_of(bucket)["label"] == ""


def test_what_viewers_do_not_see_is_saved_at_once(admin, bucket, live):
    BucketPlace.objects.create(bucket=bucket, environment="staging", kind="s3", location="staging-photos")
    posted = opened(admin, bucket, label="Cats", notes="ask ann", **{"1-location": "other-photos"})
    done = save(admin, bucket, posted)
    assert done.redirect_chain
    assert bucket.places.get(environment="staging").location == "other-photos"
    assert not Outbox.objects.exists()
    assert BucketChange.objects.values_list("after__label", flat=True).get() == "Cats"
    told = admin.get(page("bucket_history", bucket.pk)).content.decode()
    assert "label: empty → “Cats”" in told
    assert "staging, location: “staging-photos” → “other-photos”" in told


@pytest.mark.parametrize("changes", [{"unsafe_allowed": "on"}, {"immutable": "on"}])
def test_rules_are_decided_upon_too_with_no_pictures_to_look_at(admin, bucket, live, changes):
    asked = save(admin, bucket, opened(admin, bucket, **changes))
    assert "Every picture stays as it is." in asked.content.decode()
    save(admin, bucket, decision(asked))
    bucket.refresh_from_db()
    assert bucket.unsafe_allowed == ("unsafe_allowed" in changes)
    assert bucket.immutable == ("immutable" in changes)


def test_a_bucket_that_no_live_alias_reads_is_saved_at_once_and_tested(admin, bucket, alias, service):
    moved(service)
    done = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"}))
    assert "The bucket “photos” works." in done.content.decode()
    done = save(admin, bucket, opened(admin, bucket, **{"0-prefix": "nope/"}))
    assert "The bucket “photos” does not work yet." in done.content.decode()
    publish(alias, None)
    set_enabled(alias, False, None)
    assert save(admin, bucket, opened(admin, bucket, **{"0-prefix": ""})).redirect_chain


def test_a_bucket_whose_pictures_are_laid_over_live_ones_is_touched_too(admin, bucket, live, service, committed):
    brand = Bucket.objects.create(name="brand")
    BucketPlace.objects.create(bucket=brand, environment="local", kind="folder", location=str(service.originals))
    bucket.overlays_from.add(brand)
    Alias.objects.filter(pk=live.pk).update(filters="watermark(brand/cat.jpg,0,0,50)")
    with committed():
        publish(live, None)
    asked = save(admin, brand, opened(admin, brand, **{"0-prefix": "nope/"}))
    assert "1 live alias reads from this bucket" in asked.content.decode()
    assert "Of 1 sample found now, 1 would be missing." in asked.content.decode()
    untick = opened(admin, bucket, overlays_from=[])
    assert "there now, and would be missing" in save(admin, bucket, untick).content.decode()


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


def test_a_decision_counts_for_what_was_shown_alone(admin, bucket, live, service):
    moved(service)
    posted = decision(save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"})))
    change(bucket, {**state_of(bucket), "immutable": True}, None)
    again = save(admin, bucket, {**posted, "why": "x"})
    assert "changed while you looked at it" in again.content.decode()
    assert 'value="x"' in again.content.decode()
    for forged in ("", "x", posted["seen"][:-1]):
        assert "Look again" in save(admin, bucket, {**posted, "seen": forged}).content.decode()
    assert bucket.places.get().prefix == ""
    save(admin, bucket, decision(again))
    bucket.refresh_from_db()
    assert (bucket.places.get().prefix, bucket.immutable) == ("elsewhere/", True)


def test_in_a_popup_it_is_asked_too_and_the_popup_closes(admin, bucket, live, service):
    moved(service)
    url = page("bucket_change", bucket.pk) + "?_popup=1"
    asked = admin.post(url, opened(admin, bucket, _popup="1", **{"0-prefix": "elsewhere/"}))
    assert 'id="header"' not in asked.content.decode()
    done = admin.post(url, decision(asked))
    assert "popup_response" in done.content.decode()
    assert bucket.places.get().prefix == "elsewhere/"


def test_a_reason_too_long_is_told_and_nothing_is_lost(admin, bucket, live, service):
    moved(service)
    posted = decision(save(admin, bucket, opened(admin, bucket, **{"0-prefix": "elsewhere/"})))
    again = save(admin, bucket, {**posted, "why": "x" * 301})
    assert "at most 300" in again.content.decode()
    assert "x" * 301 in again.content.decode()
    assert bucket.places.get().prefix == ""


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


# --- Two editors


def test_what_another_saved_meanwhile_is_kept_in_fields_and_in_places(admin, other, bucket):
    mine, theirs = opened(admin, bucket, label="Cats"), opened(other, bucket, unsafe_allowed="on")
    save(other, bucket, {**theirs, "places-0-region": "", "places-0-prefix": "theirs/"})
    done = save(admin, bucket, mine)
    bucket.refresh_from_db()
    assert (bucket.label, bucket.unsafe_allowed, bucket.places.get().prefix) == ("Cats", True, "theirs/")
    assert "Saved meanwhile by ann" in done.content.decode()


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


def test_who_may_not_change_places_changes_none_by_what_is_posted(client, made, bucket):
    client.force_login(made("editor", "change_bucket", "view_bucket", "view_bucketplace"))
    posted = opened(client, bucket, label="Cats", **{"0-prefix": "nope/", "0-DELETE": "on"})
    save(client, bucket, {**posted, "places-INITIAL_FORMS": "0"})
    save(client, bucket, posted)
    bucket.refresh_from_db()
    assert (bucket.label, bucket.places.get().prefix) == ("Cats", "")
