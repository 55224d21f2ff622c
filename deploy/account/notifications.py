"""S3's notifications of changed originals: the entries of `events` in zappa_settings.json, and whether S3 has them.

Zappa has one notification for each bucket and function, so a second entry for a bucket replaces the first. If S3
rejects one, Zappa logs that and exits as if all were well. Each run adds another permission for S3 to call the
function, under a random name, until the function's policy reaches its maximum length.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .. import smoke
from ..stages import Refused, Stage
from .stacks import say

#: The random names that Zappa gives permissions. Other names are longer and in lower case.
RANDOM = re.compile(r"[A-Z0-9]{8}")
#: The prefix of permissions that Zappa names after a bucket.
NAMED = "s3-"
#: The ARN of a bucket. For a part of a bucket, the entry also has a `prefix`.
BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
MANUAL = "docs/running.md, “When originals change”"


def wanted(events: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """The events that the entries ask for, by bucket. Raises Refused for entries that Zappa would mishandle."""
    found: dict[str, set[str]] = {}
    for event in events:
        source = event.get("event_source") or {}
        arn = str(source.get("arn", ""))
        if ":s3:" not in arn:
            continue
        if not (named := BUCKET.fullmatch(arn)):
            raise Refused(
                f"“{arn}” in events is not the ARN of a bucket; write arn:aws:s3:::NAME, with a “prefix” beside it for "
                "a part of the bucket"
            )
        bucket = named[1]
        if bucket in found:
            raise Refused(
                f"Two events are of the bucket {bucket}, and Zappa would keep only the last; merge them into one entry "
                "with the “events” of both, and with a “prefix” that covers both or none"
            )
        found[bucket] = set(source.get("events", ("s3:ObjectCreated:*",)))
    return found


def tidy(session: Any, function: str, asked: Mapping[str, set[str]]) -> None:
    """Remove what Zappa (0.63) leaves behind: permissions with random names, and the notifications and permissions of
    buckets that `events` no longer names."""
    functions = session.client("lambda")
    try:
        policy = json.loads(functions.get_policy(FunctionName=function)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return
    for statement in policy["Statement"]:
        name = statement["Sid"]
        if statement["Principal"] != {"Service": "s3.amazonaws.com"}:
            continue
        bucket = name.removeprefix(NAMED)
        gone = name.startswith(NAMED) and bucket not in asked
        if gone:
            remove_notifications(session.client("s3"), bucket, function)
        if gone or RANDOM.fullmatch(name):
            functions.remove_permission(FunctionName=function, StatementId=name)


def remove_notifications(s3: Any, bucket: str, function: str) -> None:
    """Remove a bucket's notifications for the function, and leave those for others."""
    try:
        configured = s3.get_bucket_notification_configuration(Bucket=bucket)
        del configured["ResponseMetadata"]
        configured["LambdaFunctionConfigurations"] = [
            one for one in configured.get("LambdaFunctionConfigurations", ()) if function_of(one) != function
        ]
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configured)
        say(f"S3 no longer notifies {function} of changes in {bucket}: the bucket is not in events")
    except ClientError as error:  # the bucket may be gone
        say(f"S3 may still try to notify {function} of changes in {bucket}, without permission to: {error}")


def check(session: Any, stage: Stage, known: Mapping[str, str], catalogue: str) -> Iterator[tuple[bool, str]]:
    """For each bucket in `events`, and each published one that is not there: whether all is well, and a sentence."""
    s3 = session.client("s3")
    asked = wanted(stage.fill(stage.settings.get("events", []), known))
    for bucket, events in asked.items():
        try:
            well = events <= notified_events(s3, bucket, stage.function)
        except (ClientError, BotoCoreError) as error:
            yield False, f"whether S3 notifies {stage.function} of changes in {bucket} cannot be read: {error}"
        else:
            yield well, as_wanted(bucket, stage.function) if well else not_notified(bucket, stage.function)
    for name, location in overwritable(session, catalogue):
        if location not in asked:
            yield True, nobody_notified(name)


def as_wanted(bucket: str, function: str) -> str:
    return f"S3 notifies {function} of changes in {bucket}"


def not_notified(bucket: str, function: str) -> str:
    return (
        f"S3 does not notify {function} of changes in {bucket}; Zappa's output above says why. S3 refuses functions in "
        f"another region than the bucket's, and a second function for the same event ({MANUAL})"
    )


def nobody_notified(name: str) -> str:
    return (
        f"S3 notifies no function of changes in “{name}”: a CDN serves an overwritten original for as long as the "
        f"alias's max age says ({MANUAL})"
    )


def notified_events(s3: Any, bucket: str, function: str) -> set[str]:
    """The events of a bucket of which S3 notifies the function."""
    configured = s3.get_bucket_notification_configuration(Bucket=bucket).get("LambdaFunctionConfigurations", ())
    return {event for one in configured if function_of(one) == function for event in one["Events"]}


def function_of(configured: Mapping[str, Any]) -> str:
    """The function's name in a notification. Its ARN may end in a version."""
    return str(configured["LambdaFunctionArn"]).partition(":function:")[2].partition(":")[0]


def overwritable(session: Any, catalogue: str) -> Iterator[tuple[str, str]]:
    """The name and S3 bucket of each of the catalogue's buckets whose originals may be overwritten."""
    document = smoke.published(session, catalogue) or {"buckets": {}}
    for name, bucket in document["buckets"].items():
        place = bucket.get("place") or {}
        if place.get("kind") == "s3" and not bucket.get("immutable"):
            yield name, place["location"]
