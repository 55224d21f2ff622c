"""The stacks of edge/, made by CloudFormation, with a viewer in front of CloudFront and the running service behind it.

The emulator's CloudFront keeps no cache, and cannot reach API Gateway: its addresses are replaced by the service's.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from edge.templates import template
from rendering.http.headers import picture_headers
from tests.aws.ministack import Ministack
from tests.aws.origins import CHROME, Origin, firewall, publish, reaching
from tests.drawings import noise
from tests.running import Running

SECRET = "a-secret-of-at-least-thirty-two-characters"


@dataclass
class Edge:
    """The whole of it."""

    aws: Ministack
    service: Running
    images: Origin
    admin: Origin
    bucket: str
    domain: str
    distribution: str

    def get(self, raw: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.aws.ask(self.domain, raw, method, b"", x_forwarded_proto="https", **headers)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    aws = Ministack(tmp_path_factory.mktemp("aws"))
    yield aws
    aws.stop()


@pytest.fixture(scope="module")
def edge(aws: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    named = {"Project": "imageservice", "Environment": "production"}
    storage = aws.create("storage", template("storage"), **named)
    world = aws.create("global", firewall(), "us-east-1", **named)
    publish(aws, storage["BucketName"])
    place = f"s3://{storage['BucketName']}"
    service = Running(
        tmp_path_factory.mktemp("service"),
        **aws.environment,
        CATALOGUE_URL=f"{place}/catalogue",
        DERIVATIVES_URL=f"{place}/-/d",
        CACHE_TAG_HEADER="x-amz-meta-cache-tag",
        MAX_RESPONSE_BYTES="6000000",
        MAX_FRAMES="2",
    )
    images, admin = Origin(service), Origin()
    made = aws.create(
        "edge",
        reaching(images=images, admin=admin),
        **named,
        **world,
        BucketName=storage["BucketName"],
        OriginShieldRegion="eu-central-1",
        ImagesApiId="0123456789",
        AdminApiId="abcdefghij",
        OriginSecret=SECRET,
        AlarmEmail="alarms@example.com",
    )
    aws.create("alarm", firewall(), "us-east-1", DistributionId=made["DistributionId"], **named)
    yield Edge(aws, service, images, admin, storage["BucketName"], made["DomainName"], made["DistributionId"])
    service.kill()
    images.stop()
    admin.stop()


def test_a_viewer_gets_what_the_service_says(edge: Edge):
    status, headers, body = edge.get("/ios/people/one%20(1).jpg", accept=CHROME)
    direct = edge.service.get("/ios/people/one%20(1).jpg", accept=CHROME)
    assert (status, headers["content-type"]) == (200, "image/avif")
    assert body == direct[2]
    for name in (*picture_headers(), "ETag", "Cache-Control", "Vary"):
        assert headers[name.lower()] == direct[1][name.lower()], name
    # CloudFront reads the tags, and does not pass on what names our buckets and aliases.
    assert "x-amz-meta-cache-tag" in direct[1]
    assert "x-amz-meta-cache-tag" not in headers
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_all_that_the_service_hears_of_a_viewer_is_the_path_and_one_of_three_accepts(edge: Edge):
    edge.get(
        "/ios/people/one%20%281%29.jpg?utm=1",
        accept=CHROME,
        cookie="a=b",
        user_agent="Mozilla/5.0",
        x_viewer_host="evil.example",
        x_origin_secret="guessed",
        x_request_id="12345678",
    )
    heard = edge.images.last()
    assert heard.path == "/production/ios/people/one%20(1).jpg"
    assert heard.headers["host"].startswith("localhost")
    assert heard.headers["accept"] == "image/avif,image/webp"
    assert heard.headers["x-origin-secret"] == SECRET
    assert not {"cookie", "x-viewer-host", "x-request-id"} & set(heard.headers)
    assert heard.headers["user-agent"] == "Amazon CloudFront"


@pytest.mark.parametrize(("accept", "kind"), [("image/webp,*/*", "webp"), ("*/*", "jpeg"), ("image/avif;q=0", "jpeg")])
def test_the_picture_follows_the_browser_through_the_edge(edge: Edge, accept, kind):
    assert edge.get("/ios/people/one%20(1).jpg", accept=accept)[1]["content-type"] == f"image/{kind}"


def test_a_picture_of_thirty_megabytes_comes_straight_from_s3(edge: Edge):
    status, headers, body = edge.get("/large/large.png")
    assert (status, body, headers["cache-control"]) == (302, b"", "no-store")
    assert headers["location"].startswith("/-/d/photos/")
    asked = len(edge.images.heard)
    status, headers, body = edge.get(headers["location"])
    assert len(edge.images.heard) == asked  # the service had nothing to do with it
    assert (status, headers["content-type"]) == (200, "image/png")
    assert len(body) > 30_000_000
    assert Image.open(io.BytesIO(body)).size == (3200, 3200)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "x-amz-meta-cache-tag" not in headers
    for name, value in picture_headers().items():
        assert headers[name.lower()] == value, name


def test_an_animation_that_s3_shows_as_its_first_frame_says_so_as_the_service_would(edge: Edge):
    frames = [Image.open(io.BytesIO(noise(1300, 1300))).rotate(angle) for angle in (0, 90, 180)]
    animation = io.BytesIO()
    frames[0].save(animation, "PNG", save_all=True, append_images=frames[1:], duration=100)
    edge.aws.client("s3").put_object(Bucket="acme-photos", Key="animation.png", Body=animation.getvalue())
    status, headers, _ = edge.get("/large/animation.png")
    assert status == 302
    status, headers, body = edge.get(headers["location"])
    assert (status, getattr(Image.open(io.BytesIO(body)), "n_frames", 1)) == (200, 1)
    assert headers["x-first-frame-only"] == "The animation has more than 2 frames"
    assert "x-amz-meta-note" not in headers


def test_pages_of_other_sites_may_read_a_picture_from_s3(edge: Edge):
    where = edge.get("/large/large.png")[1]["location"]
    assert edge.get(where, origin="https://a.example")[1]["access-control-allow-origin"] == "*"


def test_nothing_else_of_the_bucket_is_served(edge: Edge):
    document = edge.aws.client("s3").get_object(Bucket=edge.bucket, Key="catalogue/catalogue.json")["Body"].read()
    for raw in (
        "/catalogue/catalogue.json",
        "/-/d/../catalogue/catalogue.json",
        "/-/d/../../catalogue/catalogue.json",
        "/-/d/%2e%2e/%2e%2e/catalogue/catalogue.json",
        "/static/../catalogue/catalogue.json",
        "/-/d/",
        "/static/",
    ):
        status, _, body = edge.get(raw)
        assert status >= 400, raw
        assert document not in body


def test_static_files_come_from_the_bucket(edge: Edge):
    edge.aws.client("s3").put_object(
        Bucket=edge.bucket, Key="static/admin.0123.css", Body=b"body{}", ContentType="text/css"
    )
    status, headers, body = edge.get("/static/admin.0123.css?v=1")
    assert (status, headers["content-type"], body) == (200, "text/css", b"body{}")


def test_the_admin_hears_all_that_the_browser_says_and_its_host_beside_it(edge: Edge):
    for raw in ("/admin", "/admin/", "/admin/aliases/alias/?q=%2fa+b&q=c"):
        status, _, body = edge.get(raw, cookie="sessionid=1", accept="text/html", x_viewer_host="evil.example")
        heard = edge.admin.last()
        assert (status, body, heard.path) == (200, b"ok", f"/production_admin{raw}")
        assert heard.headers["x-viewer-host"] == edge.domain
        assert heard.headers["host"].startswith("localhost")
        assert heard.headers["x-origin-secret"] == SECRET
        assert (heard.headers["cookie"], heard.headers["accept"]) == ("sessionid=1", "text/html")


def test_the_admin_takes_forms_and_pictures_do_not(edge: Edge):
    form = {"x_forwarded_proto": "https", "content_type": "application/x-www-form-urlencoded"}
    assert edge.aws.ask(edge.domain, "/admin/login/", "POST", b"a=1", **form)[0] == 200
    assert (edge.admin.last().method, edge.admin.last().body) == ("POST", b"a=1")
    asked = len(edge.images.heard)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert edge.get("/ios/people/one%20(1).jpg", method)[0] == 403
    assert len(edge.images.heard) == asked


def test_without_tls_a_viewer_is_sent_to_it(edge: Edge):
    status, headers, _ = edge.aws.ask(edge.domain, "/ios/people/one%20(1).jpg")
    assert (status, headers["location"]) == (301, f"https://{edge.domain}/ios/people/one%20(1).jpg")


def test_a_refusal_arrives_as_the_service_words_it(edge: Edge):
    status, headers, body = edge.get("/nobody/one.jpg")
    assert (status, headers["cache-control"]) == (404, "public, max-age=10")
    assert json.loads(body)["error"] == "unknown_alias"


def test_the_buckets_are_made_as_the_template_says(edge: Edge):
    s3: Any = edge.aws.client("s3")
    private = s3.get_public_access_block(Bucket=edge.bucket)["PublicAccessBlockConfiguration"]
    assert set(private.values()) == {True}
    policy = json.loads(s3.get_bucket_policy(Bucket=edge.bucket)["Policy"])
    assert policy["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(edge.distribution)


def test_the_stacks_can_be_deleted_and_leave_what_holds_data(edge: Edge):
    """Last: it takes the edge away."""
    for name in ("edge", "storage"):
        edge.aws.delete(name)
    kept = edge.aws.client("s3").get_object(Bucket=edge.bucket, Key="catalogue/catalogue.json")["Body"].read()
    assert json.loads(kept)["serial"] == 1
    assert edge.get("/ios/people/one%20(1).jpg")[0] >= 400
