"""Keys from all over a bucket, by few listings; of S3 over HTTP, with as many keys as a large one has."""

from collections.abc import Iterator

import boto3
import pytest

from aliases.pictures.spreading import MOST_LISTINGS, evenly, spread
from rendering.storage.factory import at
from rendering.storage.interface import Store
from rendering.storage.place import Place
from tests.rendering.many_keys import fill
from tests.rendering.moto_server import MotoServer
from tests.service import forget
from tests.values import KEYS


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    server = MotoServer()
    yield server
    server.stop()


@pytest.fixture
def aws(server, monkeypatch) -> Iterator[MotoServer]:
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "s"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    server.reset()
    forget()
    boto3.client("s3").create_bucket(Bucket="many")
    server.clear()
    yield server
    forget()


def store() -> Store:
    return at(Place("s3", "many"))


def parts(names: Iterator[str] | list[str], length: int) -> set[str]:
    return {name[:length] for name in names}


def test_numbered_names_in_one_folder_are_reached_to_the_last_thousands(aws):
    fill("many", (f"pictures/IMG_{number:04}.jpg" for number in range(0, 10_000, 2)))
    aws.clear()
    found = [entry.key for entry in spread(store())]
    assert len(aws.requests) <= MOST_LISTINGS
    assert parts(found, len("pictures/IMG_9")) == {f"pictures/IMG_{digit}" for digit in range(10)}


@pytest.mark.parametrize(
    ("keys", "length", "least"),
    [
        ([f"{number:03x}.jpg" for number in range(0, 4096, 2)], 1, 16),
        ([f"team-{team}/{number}.jpg" for team in range(40) for number in range(20)], 6, 7),
        ([f"{number:06}/a.jpg" for number in range(5000)], 3, 5),
        ([f"{y}/{m:02}/{d:02}/a.jpg" for y in range(2015, 2022) for m in range(12) for d in range(28)], 4, 7),
    ],
    ids=["hashes", "teams", "a folder for each", "dates"],
)
def test_other_orders_of_keys_are_reached_in_all_their_parts(aws, keys, length, least):
    fill("many", keys)
    aws.clear()
    found = [entry.key for entry in spread(store())]
    assert len(aws.requests) <= MOST_LISTINGS
    assert len(parts(found, length)) >= least


def test_what_a_bucket_has_is_found_and_no_more_is_asked_than_it_has_folders(aws):
    keys = [key for key in KEYS if key.lower().endswith(".jpg")]
    fill("many", [*keys, "notes.txt", "empty/"])
    aws.clear()
    assert {entry.key for entry in spread(store(), listings=200)} == set(keys)
    assert len(aws.requests) < 100
    boto3.client("s3").create_bucket(Bucket="empty")
    aws.clear()
    assert spread(at(Place("s3", "empty"))) == []
    assert len(aws.requests) == 1


def test_the_first_of_what_is_spread_evenly_are_far_from_each_other():
    assert evenly(range(8), 8) == [0, 4, 2, 6, 1, 5, 3, 7]
    assert evenly(range(100), 4) == [0, 50, 25, 75]
    assert evenly([], 4) == []
    assert evenly("ab", 0) == []
