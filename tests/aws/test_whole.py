"""All of it at once: a viewer, CloudFront made from edge/, the package under Lambda's runtime client, and S3."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from edge.templates import template
from tests.aws.cloudfront import Front
from tests.aws.ministack import Ministack
from tests.aws.origins import CHROME, publish, reaching
from tests.aws.sandbox import Sandbox
from tests.aws.stage import SECRETS, environment


@pytest.fixture(scope="module")
def get(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks as a viewer does."""
    aws = Ministack(tmp_path_factory.mktemp("aws"))
    named = {"Project": "imageservice", "Environment": "production"}
    storage = aws.create("storage", template("storage"), **named)
    publish(aws, storage["BucketName"])
    manager = aws.client("secretsmanager")
    manager.create_secret(Name="imageservice/production/images", SecretString=json.dumps(SECRETS))
    variables = {
        name: value.replace("://service/", f"://{storage['BucketName']}/")
        for name, value in environment("production", aws.url).items()
    }
    sandbox = Sandbox(package, tmp_path_factory.mktemp("sandbox"), **variables | aws.environment)
    front = Front(sandbox.invoke)
    given = {"ImagesApiId": "0123456789", "AdminApiId": "abcdefghij", "OriginSecret": SECRETS["ORIGIN_SECRET"]}
    given["BucketName"] = storage["BucketName"]
    made = aws.create("edge", reaching(images=front, admin=front), **named, **given)

    def get(raw: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        return aws.ask(made["DomainName"], raw, method, b"", x_forwarded_proto="https", **headers)

    yield get
    front.stop()
    sandbox.close()
    aws.stop()


def test_a_viewer_gets_a_picture_from_the_package_through_the_edge(get):
    status, headers, body = get("/ios/people/one%20(1).jpg?utm=1", accept=CHROME, cookie="a=b")
    assert (status, headers["content-type"]) == (200, "image/avif")
    with Image.open(io.BytesIO(body)) as picture:
        assert picture.size == (90, 90)
    status, again, nothing = get("/ios/people/one%20(1).jpg", accept=CHROME, if_none_match=headers["etag"])
    assert (status, again["content-type"], nothing) == (304, "image/avif", b"")


def test_a_picture_too_large_for_lambda_comes_from_s3_through_the_same_edge(get):
    status, headers, _ = get("/large/large.png")
    assert status == 302
    status, headers, body = get(headers["location"])
    assert (status, headers["content-type"]) == (200, "image/png")
    assert len(body) > 20_000_000
    with Image.open(io.BytesIO(body)) as picture:
        assert picture.size == (3200, 3200)


def test_an_error_of_the_package_arrives_in_its_words(get):
    status, _, body = get("/ios/missing.jpg")
    assert (status, json.loads(body)["error"]) == (404, "unknown_original")
