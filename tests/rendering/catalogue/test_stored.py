"""Stored documents that say what no version has written: what is not understood is told, and nothing else suffers."""

import json
import math
from copy import deepcopy
from typing import Any

import pytest

from rendering.catalogue import catalogue
from rendering.catalogue.catalogue import READER, Alias
from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.factory import configured
from tests.service import Service

#: Where an alias says something, as a path into its document; and what it must not say there.
RECIPES: list[tuple[str, list[Any]]] = [
    ("recipe.geometry.width", ["wide", -1, 1.5, True, [], {}, "90", math.nan, 10**9, math.inf]),
    ("recipe.geometry.height", ["", -90, {"height": 90}]),
    ("recipe.geometry.fit", ["tight", None, 1, ["cover"]]),
    ("recipe.geometry.adaptive", ["yes", 1, None]),
    ("recipe.geometry.enlarge", ["no", 0]),
    ("recipe.geometry.trim", ["all", 5, ["trim"]]),
    ("recipe.geometry.crop", ["10x10", 5, "5x5:1x1", [1, 2, 3, 4]]),
    ("recipe.geometry.halign", ["centre", None]),
    ("recipe.geometry.valign", ["bottom-left", 0]),
    ("recipe.geometry.smart", ["yes", 1, [], {"detector": "eyes"}, {"padding": -1}, {"padding": math.nan}]),
    (
        "recipe.geometry.smart",
        [{"largest": "both"}, {"focus": {"faces": []}}, {"focus": {"detector": "x", "faces": [1]}}],
    ),
    ("recipe.geometry.focal", ["0.1x0.1:0.2x0.2", [None], ["face"], None, {}]),
    ("recipe.geometry.turn", [45, "90", None]),
    ("recipe.geometry.upright", ["up", None]),
    ("recipe.geometry.within", ["yes", None, 1]),
    ("recipe.geometry", [None, [], "cover", 5]),
    ("recipe.encoding.format", ["tga", "JPEG", "", None, ["webp"], "jpeg\n"]),
    ("recipe.encoding.jpeg_quality", [0, 101, "80", 80.5, -1, True]),
    ("recipe.encoding.background", ["white", "#ffffff", "fff", None, 0xFFFFFF, "ffffff\n"]),
    ("recipe.encoding.accept", ["jxl", None]),
    ("recipe.encoding.offers", ["avif", ["jxl"], None, {}]),
    ("recipe.encoding.max_bytes", [-1, "1000", 0]),
    ("recipe.encoding.still", ["still", None]),
    ("recipe.encoding", [None, [], "webp"]),
    (
        "recipe.filters",
        ["grayscale()", [5], [None], None, {}, ["nonsense()"], ["brightness(wide)"], ["blur(1) blur(2)"]],
    ),
    ("recipe", [None, [], "", 5]),
    ("revision", ["seven", None, 1.5, -1, [1]]),
    ("bucket", [["no"], None, 5, {}, "gone"]),
    ("prefix", [5, None, ["people/"], "../", "a\nb/"]),
    ("dprs", ["2", [0], [-1], ["2"], [math.nan], None, 2, {}]),
    ("widths", ["640", [0], [-1], [65_536], [1.5], ["640w"], [math.nan], None, 640, {}]),
    ("caching.max_age", ["x", -1, 1.5, None, True]),
    ("caching.shared_max_age", ["year", -1]),
    ("caching", [None, [], 60]),
    ("fallback", [5, None, "../../etc/passwd", ["nobody.png"]]),
]
BUCKETS: list[tuple[str, list[Any]]] = [
    ("place", ["folder", 5, [], {}, {"kind": "folder"}, {"kind": "gcs", "location": "x"}, {"kind": None}]),
    ("place", [{"kind": "folder", "location": ""}, {"kind": "folder", "location": ["x"]}]),
    ("place", [{"kind": "s3", "location": "x", "prefix": 5}, {"kind": "s3", "location": "x", "region": None}]),
    ("place.location", ["/nul\0", "/half-an-emoji-\ud83e"]),
    ("place.prefix", ["nul\0/", "half-an-emoji-\ud83e/"]),
    ("immutable", ["yes", 1, None]),
    ("unsafe_allowed", ["no", 0]),
    ("svg_allowed", ["no", 1, None]),
    ("overlays_from", ["brand", [5], None]),
    ("focus", ["new", -1, 1.5, None]),
    ("known_as", ["cdn.acme.com/", [5], None, {}]),
]


def cases(table: list[tuple[str, list[Any]]]) -> list[Any]:
    return [pytest.param(path, value, id=f"{path}={value!r}") for path, values in table for value in values]


@pytest.fixture
def written(service: Service):
    """Write a catalogue of two aliases, of which one, or its bucket, is as `change` makes it."""
    service.put("one.jpg")

    def write(change: Any) -> None:
        service.publish(Alias("good", 1, "photos", Recipe()), service.alias)
        stored = configured("catalogue").read(catalogue.NAME)
        assert stored
        document = json.loads(stored.content)
        document["buckets"]["brand"] = deepcopy(document["buckets"]["photos"])
        document["aliases"]["profile-image/ios"]["bucket"] = "brand"
        change(document)
        # As Python writes it: with NaN and Infinity, which are no JSON.
        configured("catalogue").write(catalogue.NAME, json.dumps(document).encode(), "application/json")

    return write


def change(document: Any, path: str, value: Any) -> None:
    *way, last = path.split(".")
    for name in way:
        document = document[name]
    document[last] = value


@pytest.mark.parametrize(("path", "value"), cases(RECIPES))
def test_an_alias_that_says_nonsense_is_unreadable_and_no_other(service: Service, written, path, value):
    written(lambda document: change(document["aliases"]["profile-image/ios"], path, value))
    response = service.get("/profile-image/ios/one.jpg")
    assert (response.status_code, json.loads(response.content)["error"]) == (503, "unreadable_revision")
    assert response["Cache-Control"] == "no-store"
    assert service.get("/-/info/profile-image/ios/one.jpg").status_code == 503
    assert service.get("/good/one.jpg").status_code == 200
    assert not READER.stale


@pytest.mark.parametrize("value", [None, [], "alias", 5])
def test_an_alias_that_is_no_object_is_unreadable(service: Service, written, value):
    written(lambda document: change(document, "aliases.profile-image/ios", value))
    assert service.get("/profile-image/ios/one.jpg").status_code == 503
    assert service.get("/good/one.jpg").status_code == 200


@pytest.mark.parametrize(("path", "value"), cases(BUCKETS))
def test_a_bucket_that_is_described_by_nonsense_is_unreadable_and_no_other(service: Service, written, path, value):
    written(lambda document: change(document["buckets"]["brand"], path, value))
    response = service.get("/profile-image/ios/one.jpg")
    assert (response.status_code, json.loads(response.content)["error"]) == (503, "unreadable_bucket")
    assert service.get("/good/one.jpg").status_code == 200
    report = service.client.get("/readyz").json()["checks"]
    assert "unreadable" in report["bucket brand"]
    assert (report["bucket photos"], report["catalogue"]) == ("ok", "ok")


@pytest.mark.parametrize("value", [None, [], "brand", 5])
def test_a_bucket_that_is_no_object_is_unreadable(service: Service, written, value):
    written(lambda document: change(document, "buckets.brand", value))
    assert service.get("/profile-image/ios/one.jpg").status_code == 503
    assert service.get("/good/one.jpg").status_code == 200


@pytest.mark.parametrize("path", ["serial", "buckets", "aliases"])
@pytest.mark.parametrize("value", [None, "x", [1], 1.5, -1])
def test_a_catalogue_that_is_none_leaves_the_last_good_one(service: Service, written, path, value):
    written(lambda document: None)
    assert service.get("/good/one.jpg").status_code == 200
    written(lambda document: change(document, path, value))
    assert service.get("/good/one.jpg").status_code == 200
    assert READER.stale


def test_what_is_nested_without_end_is_unreadable(service: Service, written):
    written(lambda document: change(document["aliases"]["profile-image/ios"], "recipe.geometry.smart", nested(200)))
    assert service.get("/profile-image/ios/one.jpg").status_code == 503
    assert service.get("/good/one.jpg").status_code == 200


def nested(depth: int) -> Any:
    return {"focus": nested(depth - 1)} if depth else None


@pytest.mark.parametrize("value", [Geometry(), Encoding(), Smart(), Recipe()])
def test_what_an_older_document_lacks_has_its_default_and_what_a_newer_one_adds_is_ignored(value):
    kind = type(value)
    assert documents.read({}, kind) == value
    for name in documents.to_builtins(value):
        said = {**documents.to_builtins(value), "tomorrow": {"a": [None]}}
        del said[name]
        assert documents.read(said, kind) == value
