"""States in the history of buckets as other versions of the service wrote them: older ones, which say less; newer ones,
which say what is not known here. `tests/stored` has what was written; a later version adds to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from aliases.models import Bucket, BucketChange
from aliases.publishing.bucket_changes import change, write
from aliases.publishing.bucket_state import State, differences, state_of, with_defaults
from rendering.storage.place import Place
from tests.aliases.drafts.stored_json import changed, members
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db

STATES: dict[str, State] = json.loads((Path(__file__).parents[2] / "stored/bucket-states.json").read_text("utf-8"))
RICH = STATES["everything"]
MEMBERS = list(members(RICH))
STRANGE: tuple[Any, ...] = ({"a newer": "thing"}, "orbit", 7, None, [], [None], True)


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_read_as_it_was_meant(name, bucket):
    Bucket.objects.create(name="brand")
    assert with_defaults(STATES[name]) == STATES[name]
    write(bucket, with_defaults(STATES[name]))
    assert state_of(Bucket.objects.get(pk=bucket.pk)) == STATES[name]
    assert differences(STATES[name], with_defaults(STATES[name])) == []


def test_what_a_bucket_says_in_production_is_what_its_state_says(bucket):
    write(bucket, with_defaults(RICH))
    place = Bucket.objects.get(pk=bucket.pk).frozen("production").place
    assert place == Place(
        "s3",
        "acme-photos",
        " originals /",
        "eu-west-1",
        role_arn="arn:aws:iam::123456789012:role/reads",
        external_id="42",
        requester_pays=True,
        kms_key="arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    )


def taken_back(admin: Client, bucket: Bucket, state: State) -> None:
    """Look at the history of a bucket that was once in that state, and make it so again."""
    line = BucketChange.objects.create(bucket=bucket, name=bucket.name, before=state, after=state_of(bucket))
    BucketChange.objects.create(bucket=bucket, name=bucket.name, before=None, after=state)
    assert admin.get(page("bucket_history", bucket.pk)).status_code == 200
    undo = page("bucket_undo", bucket.pk, line.pk)
    assert admin.get(undo).status_code in (200, 302)
    assert admin.post(undo).status_code in (200, 302)
    assert admin.get(page("bucket_change", bucket.pk)).status_code == 200


@pytest.mark.parametrize("path", MEMBERS, ids=".".join)
def test_a_state_that_does_not_say_something_yet_has_its_default(path, admin, bucket):
    change(bucket, {**state_of(bucket), "label": "now"}, None)
    taken_back(admin, bucket, changed(RICH, path))


@pytest.mark.parametrize(
    ("path", "strange"),
    [(path, STRANGE[number % len(STRANGE)]) for number, path in enumerate(MEMBERS)],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_state_that_says_something_strange_takes_no_page_down(path, strange, admin, bucket):
    taken_back(admin, bucket, changed(RICH, path, strange))


@pytest.mark.parametrize("path", [(), ("places",), ("places", "local")], ids=".".join)
def test_what_a_newer_version_says_of_a_bucket_is_passed_over(path, admin, bucket):
    taken_back(admin, bucket, changed(RICH, (*path, "of_tomorrow"), True))


def test_what_changes_of_a_place_is_told_with_what_was_there(bucket):
    old = state_of(bucket)
    place = bucket.places.get()
    place.prefix = "cats/"
    place.save()
    new = state_of(Bucket.objects.get())
    assert differences(old, new) == [f"{place.environment}, prefix: empty → “cats/”"]
    assert differences(new, old) == [f"{place.environment}, prefix: “cats/” → empty"]
