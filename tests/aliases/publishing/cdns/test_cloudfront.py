"""Invalidations as boto3 really sends them, to a CloudFront that answers over HTTP; and buckets that are in S3."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from aliases.models import Bucket, BucketPlace, Outbox
from aliases.publishing import sending
from aliases.publishing.cdns import cloudfront
from aliases.publishing.publishing import publish
from tests.aliases.cdn import DISTRIBUTION
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.rendering.moto_server import MotoServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoServer]:
    server = MotoServer()
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    server.reset()  # what it emulates is one for the whole process
    cloudfront.client.cache_clear()
    yield server
    cloudfront.client.cache_clear()
    server.stop()


def test_cloudfront_is_told_to_forget_the_tags_and_the_same_reference_twice_is_one(alias, aws, settings):
    client: Any = boto3.client("cloudfront")
    settings.CLOUDFRONT_DISTRIBUTION_ID = client.create_distribution(DistributionConfig=DISTRIBUTION)["Distribution"][
        "Id"
    ]
    publish(alias, None)
    assert sending.send_due() == 2
    listed = client.list_invalidations(DistributionId=settings.CLOUDFRONT_DISTRIBUTION_ID)["InvalidationList"]["Items"]
    assert len(listed) == 1
    batch = client.get_invalidation(DistributionId=settings.CLOUDFRONT_DISTRIBUTION_ID, Id=listed[0]["Id"])
    assert batch["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] == ["#alias:profile-image/ios"]


def test_a_distribution_that_does_not_exist_is_noted_and_tried_again(alias, aws, settings):
    settings.CLOUDFRONT_DISTRIBUTION_ID = "ENOSUCH"
    publish(alias, None)
    assert sending.send_due() == 1
    assert "NoSuchDistribution" in Outbox.objects.get(kind="invalidate").last_error


def test_the_test_of_a_bucket_in_s3_tells_what_is_wrong_and_shows_its_originals(admin, aws, db):
    bucket = Bucket.objects.create(name="photos")
    BucketPlace.objects.create(bucket=bucket, environment="local", kind="s3", location="acme-photos", prefix="in/")
    assert "acme-photos" in admin.post(page("bucket_test", bucket.pk)).content.decode()
    assert "It does not work yet." in admin.post(page("bucket_test", bucket.pk)).content.decode()
    client: Any = boto3.client("s3")
    client.create_bucket(Bucket="acme-photos", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_object(Bucket="acme-photos", Key="in/cat.jpg", Body=drawn())
    told = admin.post(page("bucket_test", bucket.pk)).content.decode()
    assert "It works." in told
    assert "<code>cat.jpg</code>" in told
    assert admin.get(page("bucket_picture", bucket.pk), {"key": "cat.jpg"}).status_code == 200
