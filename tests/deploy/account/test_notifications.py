"""The entries of `events` that Zappa would get wrong; tests/aws has what S3 and Zappa make of right ones."""

from typing import Any

import pytest

from deploy.account import notifications
from deploy.stages import Refused


def entry(arn: str, **more: Any) -> dict[str, Any]:
    return {"function": "aliases.events.originals_changed", "event_source": {"arn": arn, **more}}


def test_each_bucket_has_the_events_of_its_entry():
    schedule = {"function": "aliases.events.outbox_due", "expression": "rate(1 minute)"}
    topic = entry("arn:aws:sns:eu-west-1:123456789012:topic", events=["sns:Publish"])
    some, all_created = ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"], ["s3:ObjectCreated:*"]
    found = notifications.wanted(
        [schedule, topic, entry("arn:aws:s3:::one", events=some), entry("arn:aws-cn:s3:::two.b-c")]
    )
    assert found == {"one": set(some), "two.b-c": set(all_created)}


@pytest.mark.parametrize("arn", ["arn:aws:s3:::acme-photos/*", "arn:aws:s3:::", "arn:aws:s3:eu-west-1:1:acme"])
def test_what_is_no_bucket_is_refused(arn):
    with pytest.raises(Refused, match="arn:aws:s3:::NAME"):
        notifications.wanted([entry(arn)])


def test_two_entries_of_a_bucket_are_refused_since_the_last_alone_would_count():
    two = [entry("arn:aws:s3:::acme-photos", prefix=prefix) for prefix in ("in/", "out/")]
    with pytest.raises(Refused, match="Two events are of the bucket acme-photos"):
        notifications.wanted(two)
