"""S3's notifications of changed originals: the entries of `events` in zappa_settings.json, and whether S3 has them.

Zappa keeps one notification for each bucket and function, under the function's name, so a second entry for a bucket
takes the first one's place. When S3 refuses one, Zappa logs that and ends as if all were well. And each time it lets S3
call the function once more, under a name that it makes up, until the function's policy is as long as it may be.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .. import smoke
from ..stages import Refused, Stage
from .stacks import say

#: Names that Zappa makes up for permissions; those that have a meaning are longer and in small letters.
MADE_UP = re.compile(r"[A-Z0-9]{8}")
#: How those begin that it names after a bucket.
NAMED = "s3-"
#: A bucket, whole: parts of one are named by the entry's `prefix`.
BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
MANUAL = "docs/running.md, “When originals change”"


def wanted(events: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """What the entries want to be told of, by bucket. Raises Refused for what Zappa would get wrong."""
    found: dict[str, set[str]] = {}
    for event in events:
        source = event.get("event_source") or {}
        arn = str(source.get("arn", ""))
        if ":s3:" not in arn:
            continue
        if not (named := BUCKET.fullmatch(arn)):
            raise Refused(
                f"“{arn}” in events is no bucket; write arn:aws:s3:::NAME, and “prefix” beside it for a part of one"
            )
        bucket = named[1]
        if bucket in found:
            raise Refused(
                f"Two events are of the bucket {bucket}, and Zappa would keep the last alone; make them one, with all "
                "of its “events”, and with a “prefix” that covers both or with none"
            )
        found[bucket] = set(source.get("events", ("s3:ObjectCreated:*",)))
    return found


def tidied(session: Any, function: str, asked: Mapping[str, set[str]]) -> None:
    """Take away what Zappa (0.63) leaves: permissions for S3 under made-up names, of which it gives a new one each
    time, and the notifications of buckets that are asked for no more. Those that are keep the permission named after
    them."""
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
            silenced(session.client("s3"), bucket, function)
        if gone or MADE_UP.fullmatch(name):
            functions.remove_permission(FunctionName=function, StatementId=name)


def silenced(s3: Any, bucket: str, function: str) -> None:
    """Have S3 tell the function nothing more of a bucket, and others what it told them."""
    try:
        configured = s3.get_bucket_notification_configuration(Bucket=bucket)
        del configured["ResponseMetadata"]
        configured["LambdaFunctionConfigurations"] = [
            one for one in configured.get("LambdaFunctionConfigurations", ()) if function_of(one) != function
        ]
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configured)
        say(f"S3 tells {function} of changes in {bucket} no more: it is not in events")
    except ClientError as error:  # a bucket that is gone tells nobody anything
        say(f"S3 may still want to tell {function} of changes in {bucket}, and may not any more: {error}")


def looked(session: Any, stage: Stage, known: Mapping[str, str], catalogue: str) -> Iterator[tuple[bool, str]]:
    """(whether it is as it should be, what was found) for each bucket that is to tell the stage's function of its
    changes, and for each of the published catalogue's that does not tell it."""
    s3 = session.client("s3")
    asked = wanted(stage.filled(stage.settings.get("events", []), known))
    for bucket, events in asked.items():
        try:
            well = events <= told_of(s3, bucket, stage.function)
        except (ClientError, BotoCoreError) as error:
            yield False, f"whether S3 tells {stage.function} of changes in {bucket} cannot be seen: {error}"
        else:
            yield well, told(bucket, stage.function) if well else untold(bucket, stage.function)
    for name, location in overwritable(session, catalogue):
        if location not in asked:
            yield True, untold_of(name)


def told(bucket: str, function: str) -> str:
    return f"S3 tells {function} of changes in {bucket}"


def untold(bucket: str, function: str) -> str:
    return (
        f"S3 does not tell {function} of changes in {bucket}; what Zappa printed above says why. S3 refuses a function "
        f"in another region than the bucket's, and a second one for the same events ({MANUAL})"
    )


def untold_of(name: str) -> str:
    return (
        f"S3 tells nobody of changes in “{name}”: what is overwritten there, CDNs show for as long as its aliases say "
        f"({MANUAL})"
    )


def told_of(s3: Any, bucket: str, function: str) -> set[str]:
    """The events of a bucket that S3 tells a function of."""
    configured = s3.get_bucket_notification_configuration(Bucket=bucket).get("LambdaFunctionConfigurations", ())
    return {event for one in configured if function_of(one) == function for event in one["Events"]}


def function_of(configured: Mapping[str, Any]) -> str:
    """The function's name in a notification: its ARN may have a version behind it."""
    return str(configured["LambdaFunctionArn"]).partition(":function:")[2].partition(":")[0]


def overwritable(session: Any, catalogue: str) -> Iterator[tuple[str, str]]:
    """The catalogue's buckets whose originals may change under their keys: name, and bucket of S3."""
    document = smoke.published(session, catalogue) or {"buckets": {}}
    for name, bucket in document["buckets"].items():
        place = bucket.get("place") or {}
        if place.get("kind") == "s3" and not bucket.get("immutable"):
            yield name, place["location"]
