"""A change of a bucket that viewers would see: decided on a page, kept in a history, undone."""

from typing import Any

import pytest

from aliases.admin.bucket import impact
from aliases.models import Alias, Bucket, BucketChange, BucketPlace, Outbox
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.publishing import publish, set_enabled
from rendering.pictures import derivatives
from rendering.storage.errors import TooLate
from rendering.storage.interface import Probe
from tests.aliases.admin.bucket.forms import decision, moved, opened, save
from tests.aliases.forms import page
from tests.drawings import drawn

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("changes", [{"unsafe_allowed": "on"}, {"immutable": "on"}, {"svg_allowed": "on"}])
def test_rules_are_decided_upon_too_with_no_pictures_to_look_at(admin, bucket, live, changes):
    asked = save(admin, bucket, opened(admin, bucket, **changes))
    assert "Every picture stays as it is." in asked.content.decode()
    save(admin, bucket, decision(asked))
    bucket.refresh_from_db()
    assert bucket.unsafe_allowed == ("unsafe_allowed" in changes)
    assert bucket.immutable == ("immutable" in changes)
    assert bucket.svg_allowed == ("svg_allowed" in changes)


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
