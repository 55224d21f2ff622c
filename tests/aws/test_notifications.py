"""S3's notifications by Zappa: what docs/running.md shows, from `zappa deploy` to a picture that is forgotten.

The tests share one account and run in order. S3 calls the function as on AWS: what the bucket's configuration says, if
the function's policy lets it.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from deploy import stages
from deploy.account import notifications
from rendering.catalogue.catalogue import Bucket
from rendering.pictures import derivatives
from rendering.storage.place import Place
from tests.aliases.cdn import DISTRIBUTION
from tests.aws import stacks
from tests.aws.account import ACCOUNT, BUCKET, DRAFTS, FUNCTIONS, invoke, manage, run
from tests.aws.cloud import Cloud
from tests.aws.rest_api import ask
from tests.aws.sandbox import ROOT, Sandbox
from tests.aws.stage import CREDENTIALS, SECRETS, client, environment
from tests.drawings import drawn

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")

FUNCTION = FUNCTIONS["production_admin"]
ORIGINALS = "acme-photos"
KEY = "people/ada lovelace+1.jpg"
PATH = "/portraits/people/ada%20lovelace%2B1.jpg"
#: What the bucket's owners had configured before.
THEIRS = {"Id": "theirs", "QueueArn": "arn:aws:sqs:eu-west-1:123456789012:theirs", "Events": ["s3:ObjectTagging:*"]}


def documented() -> list[dict[str, Any]]:
    """The entries that docs/running.md shows."""
    (shown,) = re.findall(r"```json\n(\"events\": .*?)```", (ROOT / "docs/running.md").read_text(), re.DOTALL)
    return list(json.loads(f"{{{shown}}}")["events"])


def configured(folder: Path, events: list[dict[str, Any]]) -> str:
    """zappa_settings.json with these events in the admin's stage; its path."""
    settings = json.loads(stages.FILE.read_text())
    settings["production_admin"]["events"] = events
    path = folder / "settings.json"
    path.write_text(json.dumps(settings))
    return str(path)


@pytest.fixture(scope="module")
def distribution(cloud: Cloud) -> Iterator[str]:
    """The distribution of the environment's edge."""
    made = client("cloudfront", cloud.url).create_distribution(DistributionConfig=DISTRIBUTION)["Distribution"]["Id"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(stacks.OUTPUTS["edge"], "DistributionId", made)
        cloud.stacks.stacks["imageservice-production-edge"] = stacks.Stack("CREATE_COMPLETE")
        yield made


@pytest.fixture(scope="module")
def settings(cloud: Cloud, database: str, distribution: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The admin, deployed with the events of the documentation, and an alias of the bucket published."""
    s3 = client("s3", cloud.url)
    for name in (BUCKET, ORIGINALS):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_notification_configuration(
        Bucket=ORIGINALS, NotificationConfiguration={"QueueConfigurations": [THEIRS]}
    )
    s3.put_object(Bucket=ORIGINALS, Key=KEY, Body=drawn())
    secret = json.dumps(SECRETS | {"DATABASE_URL": database, "ADMIN_PASSWORD": "a long password of the admin"})
    for plane in ("images", "admin"):
        client("secretsmanager", cloud.url).create_secret(Name=f"imageservice/production/{plane}", SecretString=secret)
    folder = tmp_path_factory.mktemp("settings")
    path = configured(folder, documented())
    run(cloud, "deploy", "production_admin", "-s", path)
    run(cloud, "manage", "production_admin", "migrate --noinput", "-s", path)
    drafts = folder / "aliases.json"
    drafts.write_text(json.dumps(DRAFTS))
    manage(cloud, database, "add_bucket", "photos", f"s3://{ORIGINALS}")
    manage(cloud, database, "import_aliases", str(drafts))
    manage(cloud, database, "publish", "--all")
    return path


@pytest.fixture
def told(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What S3 told the function from here on. moto would call it in Docker."""
    told: list[dict[str, Any]] = []

    def call(account: str, event: dict[str, Any], arn: str, region: str) -> None:
        if ORIGINALS in sources(cloud):
            told.append(event)
            invoke(cloud, arn.rpartition(":")[2], event)

    monkeypatch.setattr("moto.s3.notifications._invoke_awslambda", call)
    return told


@pytest.fixture(scope="module")
def pictures(cloud: Cloud, settings: str, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The function that serves pictures, in the same account."""
    sandbox = Sandbox(package, tmp_path_factory.mktemp("pictures"), **environment("production", cloud.url, BUCKET))
    yield sandbox
    sandbox.close()


def notified(cloud: Cloud) -> dict[str, Any]:
    """The bucket's configuration."""
    found = client("s3", cloud.url).get_bucket_notification_configuration(Bucket=ORIGINALS)
    found.pop("ResponseMetadata")
    return dict(found)


def sources(cloud: Cloud) -> list[str]:
    """The buckets for which S3 may call the function, by its policy."""
    functions = client("lambda", cloud.url)
    try:
        policy = functions.get_policy(FunctionName=FUNCTION)["Policy"]
    except functions.exceptions.ResourceNotFoundException:
        return []
    return [
        statement["Condition"]["ArnLike"]["AWS:SourceArn"].rpartition(":")[2]
        for statement in json.loads(policy)["Statement"]
        if statement["Principal"] == {"Service": "s3.amazonaws.com"}
    ]


def kept(cloud: Cloud) -> list[str]:
    """What is kept of the original."""
    folder = derivatives.folder(Bucket("photos", Place("s3", ORIGINALS)), KEY)
    listed = client("s3", cloud.url).list_objects_v2(Bucket=BUCKET, Prefix=f"-/d/{folder}/")
    return [one["Key"] for one in listed.get("Contents", ())]


def purged(cloud: Cloud, distribution: str) -> list[str]:
    """What the CDN was told to forget, in all."""
    cloudfront = client("cloudfront", cloud.url)
    listed = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"].get("Items", ())
    batches = [cloudfront.get_invalidation(DistributionId=distribution, Id=one["Id"]) for one in listed]
    return [path for one in batches for path in one["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]]


def get(pictures: Sandbox) -> Any:
    return ask(pictures, PATH, X_Origin_Secret=SECRETS["ORIGIN_SECRET"])


EXPECTED = {
    "Id": FUNCTION,
    "LambdaFunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{FUNCTION}",
    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
}


def test_deploying_has_s3_tell_the_function_beside_whom_it_told_before(cloud, settings):
    assert notified(cloud) == {"LambdaFunctionConfigurations": [EXPECTED], "QueueConfigurations": [THEIRS]}
    assert set(sources(cloud)) == {ORIGINALS}


@pytest.mark.parametrize("again", [("schedule",), ("update", "--no-upload", "yes")])
def test_scheduling_and_updating_leave_it_as_it_was(cloud, settings, again):
    before = sources(cloud)
    run(cloud, again[0], "production_admin", *again[1:], "-s", settings)
    assert notified(cloud) == {"LambdaFunctionConfigurations": [EXPECTED], "QueueConfigurations": [THEIRS]}
    assert sources(cloud) == before


def test_an_overwritten_original_is_forgotten_and_the_next_request_has_the_new_one(
    cloud, settings, pictures, distribution, told
):
    first = get(pictures)
    assert first.status == 200
    (derivative,) = kept(cloud)
    client("s3", cloud.url).put_object(Bucket=ORIGINALS, Key=KEY, Body=drawn(200, 300))
    assert [one["eventName"] for event in told for one in event["Records"]] == ["ObjectCreated:Put"]
    assert kept(cloud) == []
    (tag,) = [tag for tag in first["x-amz-meta-cache-tag"].split(",") if tag.startswith("image:")]
    assert f"#{tag}" in purged(cloud, distribution)
    second = get(pictures)
    assert second.status == 200
    assert second.body != first.body
    assert kept(cloud) != [derivative]


def test_a_removed_original_is_forgotten(cloud, settings, pictures, distribution, told):
    assert get(pictures).status == 200
    assert kept(cloud)
    before = purged(cloud, distribution)
    client("s3", cloud.url).delete_object(Bucket=ORIGINALS, Key=KEY)
    assert [one["eventName"] for event in told for one in event["Records"]] == ["ObjectRemoved:Delete"]
    assert kept(cloud) == []
    assert len(purged(cloud, distribution)) > len(
        before
    )  # by how much: the second sending of the one before is due soon
    assert get(pictures).status == 404


def test_what_s3_sends_when_it_is_configured_is_no_notification(cloud, settings):
    asked = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": ORIGINALS}
    assert invoke(cloud, FUNCTION, asked) is None


def test_what_zappa_would_get_wrong_is_refused_before_anything_is_changed(cloud, settings, tmp_path):
    entries = documented()
    for wrong, words in ((entries[1], "Two events are of the bucket acme-photos"), ({}, "arn:aws:s3:::NAME")):
        more = wrong or {**entries[1], "event_source": {"arn": "arn:aws:s3:::acme-photos/*"}}
        path = configured(tmp_path, [*entries, more])
        assert words in run(cloud, "update", "production_admin", "-s", path, expected=1)
    assert notified(cloud)["LambdaFunctionConfigurations"] == [EXPECTED]


def test_a_bucket_that_s3_refuses_to_configure_is_told_though_zappa_ends_well(
    cloud, settings, database, tmp_path, monkeypatch
):
    missing = {**documented()[1], "event_source": {"arn": "arn:aws:s3:::acme-missing", "events": EXPECTED["Events"]}}
    path = configured(tmp_path, [*documented(), missing])
    assert "Problem creating" in run(cloud, "schedule", "production_admin", "-s", path)
    manage(cloud, database, "add_bucket", "others", "s3://acme-others")
    manage(cloud, database, "write_catalogue")

    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.url)
    stage = stages.stage("production_admin", stages.read(Path(path)))
    found = list(notifications.check(boto3.Session(), stage, {"account": ACCOUNT}, f"s3://{BUCKET}/catalogue"))
    assert (True, f"S3 notifies {FUNCTION} of changes in {ORIGINALS}") in found
    ((_, wrong),) = [one for one in found if not one[0]]
    assert "acme-missing" in wrong
    (others,) = [said for well, said in found if well and "others" in said]
    assert "docs/running.md, “When originals change”" in others


def test_an_entry_that_is_taken_out_ends_the_notification_too(cloud, settings, tmp_path, told):
    path = configured(tmp_path, documented()[:1])
    said = run(cloud, "schedule", "production_admin", "-s", path)
    assert f"S3 no longer notifies {FUNCTION} of changes in {ORIGINALS}" in said
    assert notified(cloud) == {"QueueConfigurations": [THEIRS]}
    assert sources(cloud) == []
    run(cloud, "schedule", "production_admin", "-s", settings)
    assert notified(cloud)["LambdaFunctionConfigurations"] == [EXPECTED]


def test_unscheduling_takes_away_ours_and_leaves_theirs(cloud, settings, told):
    run(cloud, "unschedule", "production_admin", "-s", settings)
    assert notified(cloud) == {"QueueConfigurations": [THEIRS]}
    assert sources(cloud) == []
    client("s3", cloud.url).put_object(Bucket=ORIGINALS, Key=KEY, Body=drawn())
    assert told == []
