"""What the tests of a deployment share: the package that Zappa makes, an AWS on this machine, and a sandbox."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from rendering.catalogue.catalogue import Alias, Bucket, Caching, Catalogue
from rendering.imaging.encoding import NEGOTIATED, Encoding
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.aws.cloud import Cloud
from tests.aws.sandbox import TOOLS, UNMOUNTED, Sandbox, namespace
from tests.aws.stage import SECRETS, client, environment, packaged
from tests.rendering.moto_server import MotoServer


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not namespace():
        terminalreporter.write_line(UNMOUNTED)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of production."""
    assert (TOOLS / "ready").exists(), "make test-aws installs the tools; run that"
    return packaged("production", tmp_path_factory.mktemp("package") / "production.zip")


@pytest.fixture(scope="module")
def s3() -> Iterator[MotoServer]:
    server = MotoServer()
    forget(server.url)
    yield server
    server.stop()


def forget(url: str) -> None:
    """All of moto's servers in a process are one AWS; begin with an empty one."""
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()


@pytest.fixture(scope="module")
def cloud(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An empty account."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"))
    forget(cloud.url)
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'db.sqlite3'}"


def alias(name: str, recipe: Recipe, **more: Any) -> Alias:
    return Alias(name, 1, "photos", recipe, **more)


ALIASES = [
    alias("pictures", Recipe(Geometry(width=90, height=90), Encoding(format="png"))),
    alias("profile-image/ios", Recipe(Geometry(width=60), Encoding(format="webp")), caching=Caching(max_age=7)),
    alias("open", Recipe(Geometry(width=60), Encoding(format=NEGOTIATED))),
    alias("jpeg", Recipe(Geometry(width=64), Encoding(format="jpeg"))),
    alias("avif", Recipe(Geometry(width=64), Encoding(format="avif"))),
    alias("whole", Recipe(Geometry(), Encoding(format="png"))),
    alias("moving", Recipe(Geometry(width=400), Encoding(format="webp"))),
    alias("faces", Recipe(Geometry(width=90, height=30, smart=Smart()), Encoding(format="png"))),
    # begins like the stage's name, which API Gateway's URLs begin with
    alias("productions", Recipe(Geometry(width=30), Encoding(format="png"))),
]


@pytest.fixture(scope="module")
def stored(s3: MotoServer) -> Any:
    """The buckets of production, with a catalogue; tests put their originals."""
    storage = client("s3", s3.url)
    for name in ("originals", "service"):
        storage.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    bucket = Bucket("photos", Place("s3", "originals"))
    document = Catalogue.of(1, [bucket], ALIASES).encode()
    storage.put_object(Bucket="service", Key="catalogue/catalogue.json", Body=document)
    manager = client("secretsmanager", s3.url)
    manager.create_secret(Name="imageservice/production/images", SecretString=json.dumps(SECRETS))
    return storage


@pytest.fixture(scope="module")
def sandbox(package: Path, s3: MotoServer, stored: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The function that serves pictures, configured as zappa_settings.json does it."""
    sandbox = Sandbox(package, tmp_path_factory.mktemp("sandbox"), **environment("production", s3.url))
    yield sandbox
    sandbox.close()
