"""What a process that has just started imports for its first picture, and must not: all of it is waited for."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.rendering.moto_server import MotoServer
from tests.running import ROOT

#: Asks the application, as servers do, and tells the status and every module there is.
CODE = """
import json, sys
from imageservice import api_gateway
from imageservice.wsgi import application
answer = api_gateway.answer(application, {"httpMethod": "GET", "path": "/pictures/one.jpg", "headers": {}})
print(json.dumps([answer["statusCode"], sorted(sys.modules)]))
"""

#: What no picture needs: the admin and its database, and what others would bring along with what we use of them.
NEVER = (
    "aliases", "django.contrib.admin", "django.contrib.auth", "django.contrib.sessions", "sqlite3", "psycopg", "csp",
    "whitenoise", "zappa", "werkzeug",
    "numpy", "onnxruntime", "pi_heif", "blurhash", "prometheus_client",
    "rendering.http.descriptions.info", "rendering.pictures.rekognition", "rendering.dialects.image_handler",
)  # fmt: skip
#: What only making a picture needs: whatever opens, decodes, converts and encodes.
MAKING = (
    "rendering.imaging.pipeline.render", "rendering.imaging.pipeline.sight",
    "PIL._webp", "PIL._avif", "PIL._imagingcms",
    "PIL.AvifImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin",
)  # fmt: skip
ALIAS = Alias("pictures", 1, "photos", Recipe(Geometry(width=50), Encoding(format="webp")))


@dataclass(frozen=True)
class Process:
    """Where a process that is yet to start finds its things."""

    environment: dict[str, str]

    def answer(self) -> tuple[int, list[str]]:
        status, modules = json.loads(self.says(CODE))
        return status, modules

    def says(self, code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PLANE": "images", **self.environment},
            capture_output=True,
            text=True,
            check=True,
        ).stdout


def document(place: Place) -> bytes:
    return Catalogue.of(1, [Bucket("photos", place)], [ALIAS]).encode()


@pytest.fixture
def folders(tmp_path: Path) -> Process:
    (tmp_path / "one.jpg").write_bytes(drawn())
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue/catalogue.json").write_bytes(document(Place("folder", str(tmp_path))))
    places = {"CATALOGUE_URL": tmp_path / "catalogue", "DERIVATIVES_URL": tmp_path / "derivatives"}
    uris = {name: path.as_uri() for name, path in places.items()}
    return Process({**uris, "FOLDER_ROOTS": str(tmp_path)})


@pytest.fixture
def buckets() -> Iterator[Process]:
    server = MotoServer()
    credentials = {"aws_access_key_id": "own", "aws_secret_access_key": "secret", "region_name": "eu-west-1"}
    s3 = boto3.client("s3", endpoint_url=server.url, **credentials)  # type: ignore[call-overload]  # spelled out above
    s3.create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="ours", Key="originals/one.jpg", Body=drawn())
    s3.put_object(Bucket="ours", Key="catalogue.json", Body=document(Place("s3", "ours", "originals/")))
    yield Process(
        {
            "CATALOGUE_URL": "s3://ours",
            "DERIVATIVES_URL": "s3://ours/derivatives",
            "AWS_ENDPOINT_URL": server.url,
            **{name.replace("region_name", "aws_default_region").upper(): value for name, value in credentials.items()},
        }
    )
    server.stop()


def found(modules: list[str], unwanted: tuple[str, ...]) -> list[str]:
    return [name for name in modules if any(f"{name}.".startswith(f"{one}.") for one in unwanted)]


@pytest.mark.parametrize("storage", ["folders", "buckets"])
def test_the_service_itself_loads_nothing_that_makes_pictures(storage, request):
    process: Process = request.getfixturevalue(storage)
    for _ in ("rendered", "stored"):
        status, modules = process.answer()
        assert (status, found(modules, NEVER + MAKING)) == (200, [])


def test_a_laptops_folders_need_no_client_of_aws(folders):
    assert found(folders.answer()[1], ("botocore", "urllib3")) == []


def test_garbage_is_looked_for_again_once_the_process_has_started(folders):
    code = "from imageservice.wsgi import application; import gc; print(gc.isenabled(), gc.get_freeze_count() > 0)"
    assert folders.says(code).split() == ["True", "True"]
