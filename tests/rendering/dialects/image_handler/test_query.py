"""Edits in the query, as version 7 of AWS's image handler reads them."""

import json

import pytest
from msgspec.structs import replace

from rendering.dialects.image_handler.query import merge_query, read
from tests.drawings import opened
from tests.rendering.dialects.image_handler.urls import KEY, url
from tests.service import Service


@pytest.mark.parametrize(
    ("query", "edits"),
    [
        ("width=100", {"resize": {"width": 100}}),
        ("width=100&height=200&fit=cover", {"resize": {"width": 100, "height": 200, "fit": "cover"}}),
        ("width=100px&height=20.7", {"resize": {"width": 100, "height": 20}}),
        ("width=0&height=0&rotate=0", {"resize": {"width": None, "height": None}, "rotate": 0}),
        ("width=&height=wide", {"resize": {"width": None, "height": "wide"}}),
        ("rotate=90", {"rotate": 90}),
        ("rotate=-90", {"rotate": -90}),
        ("rotate=", {"rotate": None}),
        ("format=webp&format=png", {"toFormat": "png"}),
        ("format=auto", {}),
        ("flip=true&flop=1", {"flip": True, "flop": True}),
        ("flip=FALSE&flop=0", {"flip": False, "flop": False}),
        ("flip&flop=", {"flip": False, "flop": False}),
        ("grayscale=yes", {"greyscale": True}),
        ("greyscale=true", {"greyscale": True}),
        ("WIDTH=5&utm_source=x&q=80", {}),
        ("%77idth=5", {"resize": {"width": 5}}),
        ("", {}),
        ("&&&=&%FF=%FF", {}),
    ],
)
def test_what_a_query_asks_for(query, edits):
    assert read(query) == (edits, [])


def test_a_query_with_too_many_parameters_is_named():
    assert read("&".join(f"a{number}=1" for number in range(200))) == ({}, ["query"])


def test_an_edit_of_the_query_takes_the_place_of_the_paths():
    asked = {"key": "a", "edits": {"resize": {"width": 5, "fit": "fill"}, "crop": {"left": 1}}, "skipped": ["nothing"]}
    assert merge_query(asked, "width=9&utm_source=x") == {
        "key": "a",
        "edits": {"crop": {"left": 1}, "resize": {"width": 9}},
        "skipped": ["nothing"],
    }


@pytest.mark.parametrize(
    ("path", "size"),
    [
        (f"/{KEY}?width=100", (100, 67)),
        (f"/{KEY}?width=100&height=100", (100, 100)),
        (f"/{KEY}?width=100&height=100&fit=inside", (100, 67)),
        (f"/{KEY}?width=0&height=100", (150, 100)),
        (f"/fit-in/50x50/{KEY}?width=90", (90, 60)),
        (f"/{KEY}?rotate=90", (200, 300)),
        (f"{url()}?width=30", (30, 20)),
        (f"/{KEY}?utm_source=mail", (300, 200)),
    ],
)
def test_a_query_is_heeded(handler: Service, path, size):
    response = handler.get(path)
    assert response.status_code == 200
    assert opened(response).size == size
    assert "X-Skipped-Filters" not in response


def test_a_query_says_the_format_and_what_it_is_passed_over_for(handler: Service, settings):
    settings.SECURITY_KEY = ""
    response = handler.get(f"/{KEY}?format=webp&width=9&signature=abc&fit=tight")
    assert (response["Content-Type"], opened(response).size) == ("image/webp", (9, 6))
    assert response["X-Skipped-Filters"] == "signature, resize.fit"
    assert handler.get(f"/{KEY}?width=wide").status_code == 400


def test_of_other_urls_the_query_is_ignored(handler: Service):
    for path in (f"/profile-image/ios/{KEY}", f"/unsafe/90x90/photos/{KEY}"):
        assert opened(handler.get(f"{path}?width=9")).size == (90, 90)


@pytest.mark.parametrize(
    "path",
    ["/favicon.ico", "/static/one.png", "/-/one.png", "/%66avicon.ico", "/-", "/readyz/x"],
)
def test_words_of_the_service_come_before_keys(handler: Service, monkeypatch, path):
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    response = handler.get(path)
    assert (response.status_code, json.loads(response.content)["error"]) == (404, "unknown_alias")
    assert "keeps that word for itself" in json.loads(response.content)["message"]


@pytest.mark.parametrize("path", ["/profile-image/ios", "/profile-image/ios@2x", "/profile-image%2Fios", "/ios@9x"])
def test_an_alias_without_a_key_is_no_key_of_awss(handler: Service, monkeypatch, path):
    aliases = [replace(handler.alias, name=name, dprs=(2.0,)) for name in ("profile-image/ios", "ios")]
    handler.publish(*aliases, buckets=(replace(handler.bucket, unsafe_allowed=True),))
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    response = handler.get(path)
    assert (response.status_code, json.loads(response.content)["error"]) == (404, "unknown_alias")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_crawlers_are_told_what_to_leave_alone(handler: Service, monkeypatch, method):
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    response = handler.get("/robots.txt", method)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain")
    if method == "GET":
        assert b"Disallow: /admin" in response.content
