"""A service on a played S3, for the tests of what stores may answer."""

from collections.abc import Iterator

import pytest

from tests.rendering.played_s3 import PlayedS3
from tests.rendering.world import World, at_work, played_s3


@pytest.fixture(scope="module")
def server() -> Iterator[PlayedS3]:
    with played_s3() as server:
        yield server


@pytest.fixture(params=[False, True], ids=["mutable", "immutable"])
def world(request, server, service, settings, monkeypatch) -> Iterator[World]:
    with at_work(server, service, settings, monkeypatch, immutable=request.param) as world:
        yield world
