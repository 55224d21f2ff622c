"""The sample set on the page of a bucket's originals: pinning, taking out, and finding it anew with its progress."""

import pytest

from aliases.admin.bucket import sample_set
from aliases.models import SampleSearch
from aliases.pictures import samples
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.values import KEYS

pytestmark = pytest.mark.django_db


def test_several_are_pinned_at_once_and_one_is_taken_out(admin, bucket):
    url = page("bucket_samples", bucket.pk)
    said = admin.post(url, {"pin": list(KEYS[:6])}).json()
    assert [(one["key"], one["why"]) for one in said["samples"]] == [(key, "pinned") for key in KEYS[:6]]
    assert {str(one.by) for one in samples.of(bucket)} == {"root"}
    said = admin.post(url, {"out": KEYS[2]}).json()
    assert [one["key"] for one in said["samples"]] == [key for key in KEYS[:6] if key != KEYS[2]]
    assert admin.get(url).json() == said


def test_too_many_are_refused_with_a_sentence(admin, bucket):
    answer = admin.post(page("bucket_samples", bucket.pk), {"pin": [f"{number}.jpg" for number in range(17)]})
    assert (answer.status_code, "at most 16" in answer.json()["message"]) == (422, True)
    assert samples.of(bucket) == []


def test_the_address_of_a_search_leads_to_the_originals_for_who_opens_it(admin, bucket):
    answer = admin.get(page("bucket_search", bucket.pk))
    assert (answer.status_code, answer["Location"]) == (302, page("bucket_browse", bucket.pk))
    assert not SampleSearch.objects.exists()


def test_a_search_says_how_far_it_has_got_until_it_has_ended(admin, bucket, service, monkeypatch):
    for number in range(5):
        service.put(f"{number}.jpg", drawn(60 + number, 40))
    monkeypatch.setattr(sample_set, "STEP", 0)
    url = page("bucket_search", bucket.pk)
    assert admin.post(url).json()["searching"] is False  # nobody asked for one
    begun = admin.post(url, {"new": "1"}).json()
    assert (begun["searching"], begun["done"], begun["of"]) == (True, 0, 6)
    monkeypatch.setattr(sample_set, "STEP", 30)
    ended = admin.post(url).json()
    assert (ended["searching"], ended["done"], ended["found"]) == (False, 6, "found just now")
    assert len(ended["samples"]) == 6
    assert SampleSearch.objects.get().finished_at


def test_whoever_may_only_look_sees_the_set_and_changes_nothing(client, bucket, made):
    client.force_login(made("ann", "view_bucket"))
    url = page("bucket_samples", bucket.pk)
    assert client.get(url).json()["samples"] == []
    assert client.post(url, {"pin": "cat.jpg"}).status_code == 403
    assert client.post(page("bucket_search", bucket.pk), {"new": "1"}).status_code == 403
    assert '"pins": false' in client.get(page("bucket_browse", bucket.pk)).content.decode()
