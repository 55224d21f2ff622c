"""Images given as addresses, as Thumbor's clients send them: a bucket is also known as what they begin with."""

import json
from urllib.parse import quote, unquote

import pytest
from libthumbor import CryptoURL
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket, Catalogue
from rendering.dialects.image_path import Buckets, By, Named, decode, locate
from rendering.dialects.raw_path import SAFE
from rendering.dialects.signing import sign, verifies
from rendering.dialects.thumbor import parts
from rendering.storage.place import Place
from tests.drawings import drawn, opened
from tests.service import Service
from tests.values import KEYS

KEY = "a key of sixteen letters or more"
BUCKETS = Buckets(
    (), {"cdn.acme.com/": "all", "cdn.acme.com/media/": "media", "minio:9000/b/": "minio", "cdn.acme.com/ü b/": "odd"}
)


@pytest.fixture
def known(service: Service, settings, tmp_path) -> Service:
    """The bucket photos, also known as a host and as a folder of another host; and marks, within that folder."""
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = KEY, True
    marks = tmp_path / "marks"
    marks.mkdir()
    (marks / "logo.png").write_bytes(drawn(40, 40, "PNG"))
    addresses = ("acme-photos.s3.amazonaws.com/", "cdn.acme.com/media/")
    service.bucket = replace(service.bucket, unsafe_allowed=True, overlays_from=("marks",), known_as=addresses)
    place = Place("folder", str(marks))
    other = Bucket("marks", place, unsafe_allowed=True, known_as=("cdn.acme.com/media/marks/",))
    service.publish(buckets=(service.bucket, other))
    return service


def source(service: Service, raw: str) -> str:
    """The bucket and the key that a URL is of."""
    response = service.get(f"/unsafe/meta/{raw}")
    assert response.status_code == 200, response.content
    return str(json.loads(response.content)["thumbor"]["source"]["url"])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("https://cdn.acme.com/one.jpg", ("all", "one.jpg")),
        ("http://cdn.acme.com/one.jpg", ("all", "one.jpg")),
        ("cdn.acme.com/one.jpg", ("all", "one.jpg")),
        ("HTTPS://CDN.Acme.com/One.jpg", ("all", "One.jpg")),
        ("https:/cdn.acme.com/one.jpg", ("all", "one.jpg")),
        ("//cdn.acme.com/one.jpg", ("all", "one.jpg")),
        ("https://cdn.acme.com/media/one.jpg", ("media", "one.jpg")),
        ("https://cdn.acme.com/mediathek/one.jpg", ("all", "mediathek/one.jpg")),
        ("https://cdn.acme.com/Media/one.jpg", ("all", "Media/one.jpg")),
        ("https://cdn.acme.com/media//one.jpg", ("media", "/one.jpg")),
        ("https://cdn.acme.com/ü b/one.jpg", ("odd", "one.jpg")),
        ("https://cdn.acme.com/", ("all", "")),
        ("http://minio:9000/b/k/one.jpg", ("minio", "k/one.jpg")),
    ],
)
def test_the_longest_beginning_counts(path, found):
    bucket, key = found
    assert locate(path, BUCKETS) == Named(bucket, key, By.ADDRESS)


@pytest.mark.parametrize(
    "path",
    [
        "https://acme.com/one.jpg",
        "https://x.cdn.acme.com/one.jpg",
        "https://cdn.acme.com.evil.example/one.jpg",
        "https://me@cdn.acme.com/one.jpg",
        "https://cdn.acme.com:8443/one.jpg",
        "https://minio:9000/c/one.jpg",
        "https://",
        "https:",
        "ftp://cdn.acme.com/one.jpg",
        "https://cdn.acme.com",
    ],
)
def test_other_addresses_stand_for_no_bucket(path):
    assert locate(path, BUCKETS).by is By.NAME
    assert locate(path, BUCKETS).bucket not in BUCKETS.addresses.values()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("host", ["https://acme-photos.s3.amazonaws.com/", "http://cdn.acme.com/media/"])
def test_urls_that_thumbors_clients_sign_find_the_original(known, key, host):
    known.put(key)
    url = host + quote(key)
    for image in (url, quote(url, safe=""), quote(url), url.partition("://")[2]):
        sent = CryptoURL(key=KEY).generate(width=30, height=20, image_url=image)
        response = known.get(sent)
        assert (response.status_code, opened(response).size) == (200, (30, 20)), image
        assert source(known, f"30x20/{image}") == f"photos/{key}"


def test_an_address_and_the_buckets_name_are_one_picture(known):
    known.put("one.jpg")
    one, other = (
        known.get("/unsafe/30x20/https://cdn.acme.com/media/one.jpg"),
        known.get("/unsafe/30x20/photos/one.jpg"),
    )
    assert one.status_code == 200
    assert one["ETag"] == other["ETag"]


@pytest.mark.parametrize("address", ["https://cdn.acme.com/media/marks/logo.png", "cdn.acme.com/media/marks/logo.png"])
def test_overlays_may_be_addresses(known, address):
    known.put("one.jpg", drawn(90, 90, "PNG", mode="L"))
    for path in (address, quote(address, safe=""), address.replace("https://", "https:/")):
        response = known.get(f"/unsafe/filters:watermark({path},0,0,0):format(png)/photos/one.jpg")
        assert response.status_code == 200, (path, response.content)
        assert opened(response).convert("RGB").getpixel((2, 2)) == (255, 0, 0)
    response = known.get("/unsafe/filters:watermark(https://elsewhere.example/a.png,0,0,0)/photos/one.jpg")
    assert (response.status_code, json.loads(response.content)["error"]) == (400, "unknown_overlay")


@pytest.mark.parametrize("image", ["https://elsewhere.example/one.jpg", "http%3A%2F%2Felsewhere.example%2Fone.jpg"])
@pytest.mark.parametrize("setting", ["", "photos"])
def test_an_address_of_no_bucket_is_a_404_that_names_no_place(known, settings, image, setting):
    settings.THUMBOR_BUCKET = setting
    response = known.get(f"/unsafe/30x20/{image}")
    said = json.loads(response.content)
    assert (response.status_code, said["error"]) == (404, "unknown_bucket")
    assert said["message"].startswith("No bucket is known by the address in this URL, and nothing is fetched")
    assert "acme" not in said["message"]


def test_an_address_counts_before_the_bucket_that_is_understood(known, settings):
    settings.THUMBOR_BUCKET = "photos"
    assert source(known, "cdn.acme.com/media/marks/logo.png") == "marks/logo.png"
    known.put("elsewhere.example/one.jpg")
    assert source(known, "elsewhere.example/one.jpg") == "photos/elsewhere.example/one.jpg"


def test_proxies_may_merge_the_slashes_of_an_address(known):
    known.put("one.jpg")
    known.put("marked.jpg", drawn(90, 90, "PNG", mode="L"))
    for path in (
        "30x20/https://cdn.acme.com/media/one.jpg",
        "filters:watermark(https://cdn.acme.com/media/marks/logo.png,0,0,0)/https://cdn.acme.com/media/marked.jpg",
    ):
        merged = path.replace("://", ":/")
        assert known.get(f"/{sign(KEY, path)}/{path}").status_code == 200
        assert known.get(f"/{sign(KEY, path)}/{merged}").status_code == 200
        assert known.get(f"/{sign(KEY, merged)}/{merged}").status_code == 200


@pytest.mark.parametrize(
    ("signed", "other"),
    [
        ("https://h.example/a%2520b.jpg", "https%3A//h.example/a%2520b.jpg"),
        ("https%3A%2F%2Fh.example%2Fa%252520b.jpg", "https%3A%2F%2Fh.example%2Fa%2520b.jpg"),
        ("photos/https:/a.jpg", "photos/https://a.jpg"),
        ("photos/https://a.jpg", "photos/https:/a.jpg"),
        ("https://h.example/a//b.jpg", "https://h.example/a/b.jpg"),
        ("filters:watermark(photos/https://a.png)/b/a.jpg", "filters:watermark(photos/https:/a.png)/b/a.jpg"),
    ],
)
def test_a_signature_is_of_one_picture_only(signed, other):
    for text in (signed, unquote(signed), quote(unquote(signed), safe=SAFE)):
        assert not verifies(sign(KEY, text), other, [KEY]) or decode(text) == decode(other)
    assert not verifies(sign(KEY, signed), other, [KEY])


@pytest.mark.parametrize("key", KEYS)
def test_the_parts_of_such_a_url_are_the_url(key):
    url = f"https://cdn.acme.com/media/{quote(key)}"
    for image, names in ((url, ["address", "key"]), (url[8:], ["address", "key"]), (quote(url, safe=""), ["address"])):
        raw = f"30x20/{image}"
        found = parts(raw, BUCKETS)
        assert "".join(text for _, text in found) == raw
        assert [name for name, _ in found] == ["size", *names]
    assert unquote(parts(f"30x20/{url}", BUCKETS)[-1][1]) == key


def test_a_catalogue_says_what_its_buckets_are_known_as_and_one_of_an_earlier_version_nothing():
    bucket = Bucket("photos", None, known_as=("cdn.acme.com/media/",))
    content = Catalogue.of(1, [bucket, Bucket("brand")], []).encode()
    assert Catalogue.read(content).addresses == {"cdn.acme.com/media/": "photos"}
    earlier = json.loads(content)
    del earlier["buckets"]["photos"]["known_as"]
    assert Catalogue.read(json.dumps(earlier).encode()).addresses == {}
