"""A service whose originals, derivatives and catalogue are in a played S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import LazySettings
from msgspec.structs import replace

from rendering.catalogue.catalogue import Alias, Bucket
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from tests.drawings import drawn
from tests.rendering.played_s3 import PlayedS3
from tests.service import Service, forget

OWN, OURS = "physical-originals", "physical-things"
PLACE = Place("s3", OWN, region="eu-west-1")
RECIPE = Recipe(Geometry(width=90, height=90), Encoding(format="png"))
ONE, NONE, SMALL = "/own/one.jpg", "/own/nobody.jpg", "/bare/nobody.jpg"
SIGNED_BY = "a key of sixteen letters or more"


@dataclass
class World:
    """A service whose originals, derivatives and catalogue are in a played S3."""

    service: Service
    s3: PlayedS3
    settings: LazySettings
    monkeypatch: pytest.MonkeyPatch
    immutable: bool = False

    def publish(self, *more: Alias, place: Place | None = PLACE) -> None:
        own = Alias("own", 1, "photos", RECIPE, fallback="fallback.jpg")
        bucket = Bucket("photos", place, immutable=self.immutable, unsafe_allowed=True)
        self.service.publish(own, replace(own, name="bare", fallback=""), *more, buckets=(bucket,))
        self.s3.asked.clear()

    def get(self, raw: str, **headers: str) -> Any:
        return self.service.get(raw, **headers)

    def refuse(self, code: str, status: int, *methods: str, bucket: str = OWN, message: str = "played") -> None:
        self.s3.refuse(code, status, bucket, *methods, message=message)

    def refused(self, code: str, status: int, *, url: str = ONE, bucket: str = OWN, message: str = "") -> Any:
        self.refuse(code, status, bucket=bucket, message=message)
        return self.get(url)


def credentials(server: PlayedS3) -> dict[str, str]:
    """The environment of a process that asks this S3."""
    return {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }


@contextmanager
def played_s3() -> Iterator[PlayedS3]:
    """A played S3, which the processes of this environment ask until the end of the block."""
    server = PlayedS3()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in credentials(server).items():
            environment.setenv(name, value)
        yield server
    clients.forget()
    server.stop()


@contextmanager
def at_work(
    server: PlayedS3, service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch, *, immutable: bool
) -> Iterator[World]:
    """The world, as a process finds it that has just started."""
    server.__dict__.update(
        kept={}, asked=[], refusing=lambda asked: None, etags="strong", lengths=True, moments=True,
        conditions="kept", paid=set(), cuts=False, checksums=False, fault=lambda asked: "", seen={},
    )  # fmt: skip
    for name in ("derivatives", "catalogue"):
        settings.STORAGES = {
            **settings.STORAGES,
            name: {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": f"s3://{OURS}/{name}"}},
        }
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = SIGNED_BY, True
    forget()
    for key in ("one.jpg", "fallback.jpg"):
        server.put(OWN, key, drawn())
    world = World(service, server, settings, monkeypatch, immutable)
    world.publish()
    yield world
