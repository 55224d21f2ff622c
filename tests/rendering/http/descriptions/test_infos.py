"""Descriptions of several pictures at once."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest

from rendering.http.descriptions import infos
from tests.values import KEYS

ALIAS = "profile-image/ios"


def url(*paths):
    return f"/-/infos/{urlsafe_b64encode(json.dumps(paths).encode()).decode().rstrip('=')}"


def test_each_picture_is_described_as_at_info(service):
    keys = [key for key in KEYS if (service.originals / key).parent.resolve().is_relative_to(service.originals)][:10]
    for key in keys:
        service.put(key)
    service.publish()
    paths = [f"{ALIAS}/{quote(key)}" for key in keys]
    response = service.get(url(*paths))
    assert response["Cache-Control"] == "public, max-age=60, s-maxage=60"
    said = response.json()
    assert list(said) == paths
    for path in paths:
        assert said[path] == service.get(f"/-/info/{path}").json()
        assert (said[path]["width"], said[path]["height"]) == (90, 90)


def test_what_cannot_be_described_says_why_beside_the_others(service):
    service.put("one.jpg")
    service.put("broken.jpg", b"no picture")
    service.publish()
    paths = [f"/{ALIAS}/one.jpg", f"{ALIAS}/missing.jpg", f"{ALIAS}/broken.jpg", "nobody/one.jpg", f"{ALIAS}/%ff"]
    response = service.get(url(*paths))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    said = response.json()
    assert said[paths[0]]["width"] == 90
    assert [said[path]["error"] for path in paths[1:]] == [
        service.get(f"/-/info/{path}").json()["error"] for path in paths[1:]
    ]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (url(), "0 pictures"),
        (url(*[f"a/{number}" for number in range(infos.MOST + 1)]), f"{infos.MOST + 1} pictures"),
        (url({"a": 1}), "a JSON list of paths"),
        ("/-/infos/" + urlsafe_b64encode(b'"a"').decode(), "a JSON list of paths"),
        ("/-/infos/WyJo", "a JSON list of paths"),
        ("/-/infos/", "a JSON list of paths"),
        ("/-/infos/%ff", "a JSON list of paths"),
        ("/-/infos/a", "a JSON list of paths"),
        ("/-/infos/" + urlsafe_b64encode(b"[" * 100_000).decode(), "a JSON list of paths"),
        ("/-/infos/" + urlsafe_b64encode(b'["\xff"]').decode(), "a JSON list of paths"),
    ],
)
def test_a_list_that_is_none_is_refused_in_a_sentence(service, path, says):
    service.publish()
    refused = service.get(path)
    assert refused.status_code == 400
    assert says in refused.json()["message"]


def test_no_picture_is_begun_once_the_time_is_over(service, monkeypatch):
    service.put("one.jpg")
    service.publish()
    monkeypatch.setattr(infos, "PATIENCE", 0)
    response = service.get(url(f"{ALIAS}/one.jpg"))
    assert response.json()[f"{ALIAS}/one.jpg"]["error"] == "later"
    assert response["Cache-Control"] == "no-store"
    assert service.kept() == []
