"""The tutorial from its first to its last command, on a checkout of its own and an S3 of its own."""

import time
from io import BytesIO

import boto3
import pytest
from PIL import Image

from tests.docs import markdown
from tests.docs.checkout import Site, cloned
from tests.rendering.moto_server import MotoServer
from tests.tracked import ROOT

PAGE = "docs/tutorial.md"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}


@pytest.fixture
def s3(monkeypatch):
    """What the two commands of the AWS CLI would leave behind."""
    server = MotoServer()
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=server.url)
    client.create_bucket(Bucket="acme-photos", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.upload_file(str(ROOT / "samples/pets/chelsea.jpg"), "acme-photos", "pets/chelsea.jpg")
    yield server
    client.delete_object(Bucket="acme-photos", Key="pets/chelsea.jpg")
    client.delete_bucket(Bucket="acme-photos")
    server.stop()


def get_when_live(site: Site, path: str) -> bytes:
    """A picture of an alias that was published while the service ran: it reads the catalogue every five seconds."""
    deadline = time.monotonic() + 60
    while (answer := site.get(path)).status == 404 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert answer.status == 200, answer.body
    return answer.body


def test_each_step_of_the_tutorial_has_the_picture_that_it_promises(tmp_path, s3):
    checkout = cloned(tmp_path / "imageservice")
    environment = {"AWS_ENDPOINT_URL": s3.url, **CREDENTIALS}
    with checkout.serving("make run", **environment) as served:
        for block in markdown.fenced("sh"):
            if block.page != PAGE or block.reason:
                continue
            for command in (one for one in block.commands if one not in markdown.SERVE):
                done = checkout.run(command, **environment)
                assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        sizes = {
            path: Image.open(BytesIO(get_when_live(served, path))).size
            for path in ("/square/pets/chelsea.jpg", "/square@2x/pets/chelsea.jpg", "/cloud/pets/chelsea.jpg")
        }
    assert sizes == {
        "/square/pets/chelsea.jpg": (300, 300),
        "/square@2x/pets/chelsea.jpg": (600, 600),
        "/cloud/pets/chelsea.jpg": (300, 200),
    }
