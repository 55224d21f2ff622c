"""The sample sets of buckets: what is pinned stays, and what was found makes room for it."""

from typing import Any

import pytest

from aliases.models import OriginalFacts, Sample
from aliases.pictures import samples
from aliases.pictures.samples import MOST, BadSample
from tests.values import KEYS, NO_KEYS

pytestmark = pytest.mark.django_db


def keys_of(bucket: Any) -> list[str]:
    return [sample.key for sample in samples.of(bucket)]


@pytest.mark.parametrize("key", KEYS)
def test_any_key_can_be_pinned_and_taken_out(bucket, made, key):
    ann = made("ann")
    samples.pin(bucket, [key, key], ann)
    samples.pin(bucket, [key], None)
    (sample,) = samples.of(bucket)
    assert (sample.key, sample.pinned, sample.by, sample.why, sample.facts) == (key, True, ann, "pinned", None)
    assert samples.take_out(bucket, key)
    assert not samples.take_out(bucket, key)
    assert samples.of(bucket) == []


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_is_refused_with_all_that_came_with_it(bucket, key):
    with pytest.raises(BadSample, match="This is no key of an original"):
        samples.pin(bucket, ["one.jpg", key], None)
    assert samples.of(bucket) == []


def test_found_ones_make_room_the_last_first_and_pinned_ones_never(bucket):
    samples.replace(bucket, [], {f"{number}.jpg": ["ordinary"] for number in range(MOST + 3)})
    assert keys_of(bucket) == [f"{number}.jpg" for number in range(MOST)]
    samples.pin(bucket, ["new.jpg", "15.jpg"], None)
    assert keys_of(bucket) == ["15.jpg", "new.jpg", *(f"{number}.jpg" for number in range(MOST - 2))]
    assert Sample.objects.count() == MOST
    samples.pin(bucket, [f"pin{number}.jpg" for number in range(MOST - 2)], None)
    assert all(sample.pinned for sample in samples.of(bucket))
    with pytest.raises(BadSample, match="has at most 16 pictures; 16 are pinned"):
        samples.pin(bucket, ["one-more.jpg"], None)


def test_what_is_known_of_a_file_stays_when_the_set_is_replaced(bucket):
    found = {"type": "image/png", "width": 30, "height": 20, "bytes": 400, "alpha": True}
    Sample.objects.create(bucket=bucket, key="a.png", found=found)
    samples.replace(bucket, ["b.png"], {"a.png": ["transparent", "smallest"]})
    pinned, other = samples.of(bucket)
    assert (pinned.key, other.key, other.why) == ("b.png", "a.png", "transparent, smallest")
    assert other.facts == OriginalFacts("image/png", 30, 20, 400, alpha=True)
