"""Pictures that are larger than the gateway in front carries: kept, redirected to, and served under their key."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket
from rendering.imaging.pipeline import render as imaging
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives
from rendering.pictures.originals import Original
from rendering.storage.errors import Away, Denied
from rendering.storage.place import Place
from tests.drawings import noise, opened
from tests.service import Service

URL = "/profile-image/ios/one.jpg"
UNSAFE = "/unsafe/90x90/filters:format(png)/photos/one.jpg"
KEY = "photos/" + "a" * 32 + "/" + "b" * 16 + "." + "c" * 16


@pytest.fixture
def small(service: Service, settings) -> Service:
    """A service whose gateway carries no picture at all: any is too large."""
    settings.MAX_RESPONSE_BYTES = 1000
    service.put("one.jpg")
    service.publish(buckets=(replace(service.bucket, unsafe_allowed=True),))
    return service


def test_a_picture_that_is_too_large_is_kept_and_redirected_to(small):
    response = small.get(URL)
    assert response.status_code == 302
    assert response.content == b""
    assert response["Location"] == f"/-/d/{small.kept()[0].relative_to(small.derivatives).as_posix()}"
    # Pages of other sites may read pictures, also by way of a redirect.
    assert (response["Cache-Control"], response["Access-Control-Allow-Origin"]) == ("no-store", "*")
    picture = small.get(response["Location"])
    assert picture.status_code == 502  # this gateway does not carry it, whoever asks for it in what way
    assert picture["Cache-Control"] == "no-store"


def test_the_redirect_leads_to_the_picture(small, settings):
    where = small.get(URL)["Location"]
    settings.MAX_RESPONSE_BYTES = 0  # what serves it has no gateway in front
    picture, whole = small.get(where), small.get(URL)
    assert (picture.status_code, picture.content) == (200, whole.content)
    assert opened(picture).size == (90, 90)
    for header in ("Content-Type", "Content-Length", "ETag", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
        assert picture[header] == whole[header]
    assert picture["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture["Cache-Tag"] == whole["Cache-Tag"].partition(",")[2]


def test_a_kept_one_is_redirected_to_without_being_read_or_rendered(small, in_process, monkeypatch):
    where = small.get(URL)["Location"]
    monkeypatch.setattr(imaging, "render", lambda *args: pytest.fail("rendered again"))
    monkeypatch.setattr("rendering.pictures.derivatives.kinds.media_type", lambda content: pytest.fail("read"))
    assert small.get(URL)["Location"] == where


def test_head_is_redirected_too(small, settings):
    where = small.get(URL, "HEAD")
    assert (where.status_code, where.content) == (302, b"")
    settings.MAX_RESPONSE_BYTES = 0
    head, whole = small.get(where["Location"], "HEAD"), small.get(where["Location"])
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))


def test_the_redirect_of_a_negotiated_picture_says_what_it_depends_on(small):
    negotiated = replace(small.alias.recipe, encoding=replace(small.alias.recipe.encoding, format="auto"))
    small.publish(replace(small.alias, recipe=negotiated))
    webp, avif = small.get(URL, accept="image/webp"), small.get(URL, accept="image/avif")
    assert webp["Vary"] == "Accept"
    assert webp["Location"] != avif["Location"]


def test_a_picture_of_an_unsafe_url_is_kept_only_when_it_is_too_large(small, settings):
    settings.MAX_RESPONSE_BYTES = 6_000_000
    assert small.get(UNSAFE).status_code == 200
    assert small.kept() == []
    settings.MAX_RESPONSE_BYTES = 1000
    where = small.get(UNSAFE)
    assert where.status_code == 302
    settings.MAX_RESPONSE_BYTES = 0
    assert small.get(where["Location"]).status_code == 200


def test_just_what_the_gateway_carries_is_sent(service: Service, settings):
    service.put("one.jpg", noise(64, 64))
    service.publish()
    size = len(service.get(URL).content)
    room = (size + 2) // 3 * 4 + 32 * 1024
    settings.MAX_RESPONSE_BYTES = room
    whole = service.get(URL)
    assert whole.status_code == 200
    headers = sum(len(f"{name}: {value}\r\n") for name, value in whole.items())
    assert len(base64.b64encode(whole.content)) + headers <= room
    settings.MAX_RESPONSE_BYTES = room - 4
    assert service.get(URL).status_code == 302


@pytest.mark.parametrize(("error", "status"), [(Denied, 502), (Away, 503)])
def test_a_large_picture_that_cannot_be_kept_is_told_as_the_storages_trouble(small, monkeypatch, error, status):
    def write(*args, **options):
        raise error("no")

    monkeypatch.setattr("rendering.storage.folders.FolderStorage.write", write)
    response = small.get(URL)
    assert (response.status_code, response["Cache-Control"]) == (status, "no-store")


def test_descriptions_of_large_pictures_are_no_larger_for_it(small):
    response = small.get(f"/-/info{URL}")
    assert (response.status_code, json.loads(response.content)["width"]) == (200, 90)


def test_a_fallback_that_is_too_large_leaves_the_refusal_as_json(small):
    small.put("nobody.jpg")
    small.publish(replace(small.alias, fallback="nobody.jpg"))
    response = small.get("/profile-image/ios/missing.jpg")
    assert (response.status_code, json.loads(response.content)["error"]) == (404, "unknown_original")


def test_a_picture_and_its_description_asked_for_at_once_both_come(small):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(small.get, [URL, f"/-/info{URL}"] * 4))
    assert [answer.status_code for answer in answers] == [302, 200] * 4
    assert derivatives.underway == {}


@pytest.fixture
def kept(service: Service) -> str:
    """The key of a derivative that is kept."""
    service.put("one.jpg")
    service.publish()
    service.get(URL)
    return service.kept()[0].relative_to(service.derivatives).as_posix()


def test_a_kept_picture_is_unchanged_for_ever(service: Service, kept):
    whole = service.get(f"/-/d/{kept}")
    for path in service.kept():
        path.unlink()
    response = service.get(f"/-/d/{kept}", if_none_match=whole["ETag"])
    assert (response.status_code, response.content) == (304, b"")
    for header in ("ETag", "Cache-Control", "Cache-Tag", "Content-Type"):
        assert response[header] == whole[header]
    assert service.get(f"/-/d/{kept}").status_code == 404


@pytest.mark.parametrize(
    "key",
    [
        "",
        "photos",
        KEY,  # there is none of that key
        KEY + "/",
        "/" + KEY,
        KEY.upper(),
        KEY.replace("photos", "Photos"),
        KEY.replace("photos", "%70hotos"),
        KEY.replace("/", "%2F"),
        KEY.replace("/", "//"),
        KEY + "%00",
        KEY + "%0A",
        KEY + ".tmp",
        "photos/../" + KEY,
        "../catalogue/catalogue.json",
        "%2e%2e/catalogue/catalogue.json",
        "photos/" + "a" * 32 + "/.hidden",
        "photos/" + "a" * 31 + "/" + "b" * 16 + "." + "c" * 16,
        "photos/" + "a" * 32 + "/" + "b" * 16 + "." + "c" * 17,
    ],
)
def test_nothing_but_a_derivatives_key_is_looked_for(service: Service, kept, key):
    response = service.get(f"/-/d/{key}")
    assert (response.status_code, json.loads(response.content)["error"]) == (404, "unknown_derivative")
    assert response["Cache-Control"] == "public, max-age=10"


def test_every_spelling_but_the_keys_own_is_another_url(service: Service, kept):
    assert service.get(f"/-/d/{kept}").status_code == 200
    for spelling in (f"/%2D/d/{kept}", f"/-/d/{kept.replace('/', '%2F')}", f"/-/d//{kept}"):
        assert service.get(spelling).status_code == 404, spelling


def test_a_kept_file_that_is_no_picture_is_not_served(service: Service, kept):
    service.kept()[0].write_bytes(b"<script>alert(1)</script>")
    assert service.get(f"/-/d/{kept}").status_code == 404


def test_the_storage_of_derivatives_in_trouble_is_told_as_such(service: Service, kept, monkeypatch):
    def away(*args, **options):
        raise Away("away")

    monkeypatch.setattr("rendering.storage.folders.FolderStorage.read", away)
    assert service.get(f"/-/d/{kept}").status_code == 503


def test_derivatives_are_not_found_by_other_methods(service: Service, kept):
    assert service.get(f"/-/d/{kept}", "DELETE").status_code == 405


def test_every_key_that_is_made_is_one_that_is_found():
    bucket = Bucket("a-b_9", Place("folder", "x"))
    original = Original(bucket, "ü/../?.jpg", "0123456789abcdef", "etag")
    assert derivatives.KEY.fullmatch(derivatives.Wanted(original, Recipe()).key)
