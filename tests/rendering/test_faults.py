"""Every fault of a store, wherever it is met: no answer is a bug's, and nothing wrong is kept or believed.

`make faults` runs these alone.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import botocore.endpoint
import pytest

from rendering.storage.errors import StorageError
from rendering.storage.factory import configured
from rendering.storage.s3 import connections
from tests.drawings import drawn
from tests.rendering.faults import FAULTS
from tests.rendering.world import ONE, OURS, OWN, World, at_work
from tests.service import forget

#: What viewers may get while a store fails: the picture, or an error that is told as the store's. 404 where S3 itself
#: says that there is no such object, or denies it, which may mean the same.
FAIR = {200, 502, 503, 504}
MISSING = {"denied", "nosuchkey", "html404"}
#: Faults of a bucket that is away.
AWAY = {"hang", "reset", "slowdown", "internal"}
faulty = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture(autouse=True)
def impatient(monkeypatch, settings) -> None:
    """Timeouts that are soon over, and no waiting before botocore tries again."""
    monkeypatch.setattr(connections, "READ", 0.3)
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda seconds: None))
    settings.DEADLINE = 3


@pytest.fixture
def one_world(server, service, settings, monkeypatch) -> Iterator[World]:
    """Where it makes no difference whether originals may change."""
    with at_work(server, service, settings, monkeypatch, immutable=True) as world:
        yield world


def plant(world: World, fault: str, bucket: str, prefix: str = "") -> None:
    world.s3.checksums = True
    world.s3.fault = lambda asked: fault if asked.bucket == bucket and asked.key.startswith(prefix) else ""


def mend(world: World) -> None:
    world.s3.fault = lambda asked: ""
    forget()


def check_answer(response, *, missing: bool = False) -> None:
    assert response.status_code in (FAIR | {404} if missing else FAIR), response.content[:200]
    if response.status_code == 503:
        assert response["Retry-After"]


def check_kept(world: World, right: bytes) -> None:
    """Whatever is kept is what the mended service serves."""
    assert world.get(ONE).content == right
    kept = [stored.content for (bucket, key), stored in world.s3.kept.items() if "derivatives/own" in f"{bucket}/{key}"]
    assert all(content == right for content in kept)


@faulty
def test_an_original(world, fault):
    right = world.get(ONE).content
    for bucket, key in [name for name in world.s3.kept if name[1].startswith("derivatives/")]:
        del world.s3.kept[bucket, key]
    plant(world, fault, OWN)
    response = world.get(ONE)
    check_answer(response, missing=fault in MISSING)
    mend(world)
    check_kept(world, right)
    assert response.status_code != 200 or response.content == right


@faulty
def test_an_original_whose_picture_is_stored_where_stale_ones_may_be_served(
    server, service, settings, monkeypatch, fault
):
    settings.SERVE_STALE = True
    with at_work(server, service, settings, monkeypatch, immutable=False) as world:
        right = world.get(ONE).content
        plant(world, fault, OWN)
        response = world.get(ONE)
        assert (response.status_code == 404) is (fault in MISSING)
        assert ("X-Bucket-Away" in response) is (fault in AWAY)
        assert response.status_code == 200 or fault not in AWAY
        assert response.status_code != 200 or response.content == right
        mend(world)
        check_kept(world, right)


def test_an_original_that_was_overwritten_before_and_is_answered_stale(world):
    if world.immutable:
        pytest.skip("nobody asks whether it changed")
    before = world.get(ONE)
    world.s3.put(OWN, "one.jpg", drawn(310, 210, mode="L"))
    plant(world, "stale", OWN)
    check_answer(world.get(ONE))
    mend(world)
    assert world.get(ONE).content != before.content


@faulty
def test_a_stored_derivative(one_world, fault):
    world = one_world
    right = world.get(ONE).content
    plant(world, fault, OURS, "derivatives/")
    response = world.get(ONE)
    check_answer(response)
    mend(world)
    check_kept(world, right)
    assert response.status_code != 200 or response.content == right


@faulty
def test_a_new_derivative(one_world, fault):
    world = one_world
    plant(world, fault, OURS, "derivatives/")
    response = world.get(ONE)
    check_answer(response)
    mend(world)
    right = world.get(ONE).content
    check_kept(world, right)


@faulty
def test_the_catalogue(one_world, fault):
    world = one_world
    forget()
    plant(world, fault, OURS, "catalogue/")
    response = world.get(ONE)
    check_answer(response)
    if response.status_code != 200:
        assert (response.json()["error"] == "no_catalogue") is True
        assert ("Nothing is published" in response.json()["message"]) == (fault in ("nosuchkey", "html404"))
    mend(world)
    assert world.get(ONE).status_code == 200


@faulty
@pytest.mark.parametrize("again", [False, True])
def test_writing_a_document(one_world, fault, again):
    """What a publication does. If nothing is raised, the document is there."""
    store, name = configured("catalogue"), "other.json"
    etag = ""
    if again:
        store.write(name, b"old", "application/json")
        etag = store.stat(name).etag
    plant(one_world, fault, OURS, "catalogue/")
    try:
        store.write(name, b"new", "application/json", replacing=etag)
    except StorageError:
        believed = False
    else:
        believed = True
    mend(one_world)
    stored = one_world.s3.kept.get((OURS, f"catalogue/{name}"))
    assert not believed or (stored and stored.content == b"new")
