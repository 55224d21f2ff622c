"""A service on a played S3, for the tests of what stores may answer."""

from collections.abc import Iterator

import pytest

from rendering.storage.s3 import clients
from tests.rendering.played_s3 import PlayedS3
from tests.rendering.world import World, at_work, credentials


@pytest.fixture(scope="module")
def server() -> Iterator[PlayedS3]:
    server = PlayedS3()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in credentials(server).items():
            environment.setenv(name, value)
        yield server
    clients.forget()
    server.stop()


@pytest.fixture(params=[False, True], ids=["mutable", "immutable"])
def world(request, server, service, settings, monkeypatch) -> Iterator[World]:
    with at_work(server, service, settings, monkeypatch, immutable=request.param) as world:
        yield world
