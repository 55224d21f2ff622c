"""THUMBOR_BUCKET: Thumbor URLs as a team has them that moves with one bucket, whose image paths name none."""

import json
import logging
from urllib.parse import quote

import pytest
from libthumbor import CryptoURL
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket
from rendering.dialects.image_path import Buckets
from rendering.dialects.raw_path import SAFE
from rendering.dialects.thumbor import parts
from rendering.storage.place import Place
from tests.drawings import drawn, opened
from tests.service import Service
from tests.values import KEYS

KEY = "a key of sixteen letters or more"


@pytest.fixture
def moved(service: Service, settings, tmp_path) -> Service:
    """With two buckets: photos, which URLs leave out, and brand."""
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL, settings.THUMBOR_BUCKET = KEY, True, "photos"
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "logo.png").write_bytes(drawn(40, 40, "PNG"))
    place = Place("folder", str(brand))
    service.bucket = replace(service.bucket, unsafe_allowed=True, overlays_from=("brand",))
    service.publish(buckets=(service.bucket, Bucket("brand", place, unsafe_allowed=True)))
    return service


def source(service: Service, raw: str) -> str:
    """The bucket and the key that a URL is of."""
    response = service.get(f"/unsafe/meta/{raw}")
    assert response.status_code == 200, response.content
    return str(json.loads(response.content)["thumbor"]["source"]["url"])


#: Keys that begin with no word of the grammar. Thumbor cannot have others either.
PLAIN = [key for key in KEYS if not key.startswith("filters:")]


@pytest.mark.parametrize("key", PLAIN)
def test_urls_go_on_working_as_thumbors_client_signed_them(moved, key):
    moved.put(key)
    old = CryptoURL(key=KEY).generate(width=30, height=20, image_url=quote(key))
    response = moved.get(old)
    assert (response.status_code, opened(response).size) == (200, (30, 20))
    assert source(moved, f"30x20/{quote(key, safe=SAFE)}") == f"photos/{key}"


def test_a_url_with_and_without_the_bucket_is_one_picture(moved):
    moved.put("people/one.jpg")
    one, other = moved.get("/unsafe/30x20/people/one.jpg"), moved.get("/unsafe/30x20/photos/people/one.jpg")
    assert one.status_code == 200
    assert one["ETag"] == other["ETag"]


def test_a_first_folder_with_a_buckets_name_is_that_bucket(moved):
    for key in ("brand/logo.png", "photos/logo.png"):
        moved.put(key)
    assert source(moved, "brand/logo.png") == "brand/logo.png"
    assert source(moved, "photos/brand/logo.png") == "photos/brand/logo.png"
    assert source(moved, "photos/photos/logo.png") == "photos/photos/logo.png"
    assert moved.get("/unsafe/photos/logo.png").status_code == 404


def test_only_a_folder_names_a_bucket(moved):
    moved.put("brand")
    assert source(moved, "brand") == "photos/brand"
    moved.put("Brand/one.jpg")
    assert source(moved, "Brand/one.jpg") == "photos/Brand/one.jpg"


def test_slashes_before_the_image_path_are_dropped(moved):
    moved.put("people/one.jpg")
    assert source(moved, "30x20//people/one.jpg") == "photos/people/one.jpg"


@pytest.mark.parametrize("path", ["logo.png", "marks/logo.png", "photos/logo.png", "brand/logo.png", "%2Flogo.png"])
def test_overlays_are_found_like_originals(moved, path):
    moved.put("people/one.jpg", drawn(90, 90, "PNG", mode="L"))
    for key in ("logo.png", "marks/logo.png"):
        moved.put(key, drawn(40, 40, "PNG"))
    response = moved.get(f"/unsafe/filters:watermark({path},0,0,0):format(png)/people/one.jpg")
    assert response.status_code == 200, response.content
    assert opened(response).convert("RGB").getpixel((2, 2)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("raw", "status", "error"),
    [
        ("people/nobody.jpg", 404, "unknown_original"),
        ("", 400, "bad_path"),
        ("../secret.jpg", 400, "bad_path"),
        ("https://elsewhere.example/one.jpg", 404, "unknown_bucket"),
        ("http%3A%2F%2Felsewhere.example/one.jpg", 404, "unknown_bucket"),
        ("filters:blur(1)x/people/one.jpg", 404, "unknown_bucket"),
        ("filters:watermark(nobody.png,0,0,0)/people/one.jpg", 400, "unknown_overlay"),
        ("filters:watermark(/,0,0,0)/people/one.jpg", 400, "bad_recipe"),
    ],
)
def test_what_is_no_key_is_refused_as_without_it(moved, raw, status, error):
    moved.put("people/one.jpg")
    response = moved.get(f"/unsafe/{raw}")
    assert (response.status_code, json.loads(response.content)["error"]) == (status, error)


def test_the_bucket_must_allow_unsigned_urls(moved):
    moved.put("people/one.jpg")
    moved.publish(buckets=(replace(moved.bucket, unsafe_allowed=False),))
    assert moved.get("/unsafe/30x20/people/one.jpg").status_code == 403


def test_a_signature_is_never_of_two_originals(moved):
    moved.put("a b.jpg")
    moved.put("a%20b.jpg")
    assert moved.get(CryptoURL(key=KEY).generate(image_url="a%20b.jpg")).status_code == 200
    signature = CryptoURL(key=KEY).generate(image_url="a%20b.jpg").split("/")[1]
    assert moved.get(f"/{signature}/a%2520b.jpg").status_code == 403


def test_a_bucket_that_there_is_not_is_logged_and_changes_nothing(moved, settings, caplog):
    settings.THUMBOR_BUCKET = "photo"
    moved.put("people/one.jpg")
    with caplog.at_level(logging.WARNING, "rendering.catalogue.bucket"):
        assert moved.get("/unsafe/30x20/people/one.jpg").status_code == 404
        assert moved.get("/unsafe/30x20/photos/people/one.jpg").status_code == 200
    (told,) = caplog.records
    assert told.facts["bucket"] == "photo"
    assert told.facts["hint"].endswith("correct it to one of these, or add it: brand, photos")


@pytest.mark.parametrize("key", PLAIN)
@pytest.mark.parametrize("leading", ["", "/", "//"])
def test_the_parts_of_such_a_url_are_the_url_and_a_key(key, leading):
    raw = f"30x20/filters:blur(1)/{leading}{quote(key, safe=SAFE)}"
    buckets = Buckets({"brand", "photos"}, {}, "photos")
    found = parts(raw, buckets)
    assert "".join(text for _, text in found) == raw
    assert [name for name, _ in found] == ["size", "filters", "key"]
    assert [name for name, _ in parts(f"30x20/brand/{quote(key)}", buckets)] == ["size", "bucket", "key"]
