"""Originals that are served as they are: SVG drawings where their bucket allows them, and files left unchanged."""

import io
import json
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.catalogue.catalogue import Alias
from rendering.imaging.encoding import Encoding
from rendering.imaging.recipe import Recipe
from rendering.pictures import drawings
from tests.drawings import drawn, noise
from tests.service import Service
from tests.values import KEYS

DRAWING = b"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><script>alert(1)</script><circle r="9"/></svg>"""
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LOGO = "/profile-image/ios/logos/logo.svg"


def publish(service: Service, *, allowed: bool = True) -> None:
    service.bucket = replace(service.bucket, svg_allowed=allowed, unsafe_allowed=True)
    service.publish()


@pytest.fixture
def drawing(service: Service) -> Service:
    """The service with a drawing in a bucket that passes drawings on."""
    service.put("logos/logo.svg", DRAWING)
    publish(service)
    return service


# --- Drawings


def test_a_drawing_is_passed_on_as_it_is_and_nothing_in_it_may_run(drawing):
    response = drawing.get(LOGO)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert response.content == DRAWING
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="logo.svg"'
    assert "max-age=60" in response["Cache-Control"]
    assert drawing.kept() == []


def test_a_client_that_has_a_drawing_gets_a_304_under_the_same_policy(drawing):
    first = drawing.get(LOGO)
    again = drawing.get(LOGO, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["Content-Type"]) == (304, b"", "image/svg+xml")
    assert again["Content-Security-Policy"] == POLICY
    head = drawing.get(LOGO, "HEAD")
    assert (head.status_code, head["Content-Length"]) == (200, str(len(DRAWING)))


@pytest.mark.parametrize("path", ["unsafe/300x200/smart/filters:format(webp):blur(3)", "unsafe"])
def test_nothing_that_a_thumbor_url_asks_for_is_done_to_a_drawing(drawing, settings, path):
    settings.ALLOW_UNSAFE_URL = True
    response = drawing.get(f"/{path}/photos/logos/logo.svg")
    assert (response.status_code, response.content) == (200, DRAWING)


def test_where_the_bucket_does_not_allow_it_a_drawing_is_refused_also_to_who_has_a_copy(drawing):
    etag = drawing.get(LOGO)["ETag"]
    publish(drawing, allowed=False)
    for headers in ({}, {"if_none_match": etag}):
        response = drawing.get(LOGO, **headers)
        assert (response.status_code, response.json()["error"]) == (415, "unsupported_format")
        assert "an SVG drawing" in response.json()["message"]


@pytest.mark.parametrize(
    ("key", "content", "status"),
    [
        ("page.svg", b"<!DOCTYPE html><html><script>alert(1)</script><svg></svg></html>", 415),
        ("logo.xml", DRAWING, 415),
        ("text.svg", b"hello", 415),
        ("empty.svg", b"", 415),
        ("LOGO.SVG", DRAWING, 200),
    ],
)
def test_key_and_bytes_both_say_that_it_is_a_drawing(drawing, key, content, status):
    drawing.put(key, content)
    assert drawing.get(f"/profile-image/ios/{key}").status_code == status


def test_a_picture_that_is_called_a_drawing_is_rendered(drawing):
    drawing.put("photo.svg", drawn())
    response = drawing.get("/profile-image/ios/photo.svg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Content-Disposition"] == 'inline; filename="photo.png"'


def test_a_large_drawing_is_refused(drawing, settings, monkeypatch):
    monkeypatch.setattr(drawings, "MOST", len(DRAWING) - 1)
    response = drawing.get(LOGO)
    assert (response.status_code, response.json()["error"]) == (422, "too_large")
    assert "an SVG is passed on up to" in response.json()["message"]
    monkeypatch.undo()
    settings.MAX_RESPONSE_BYTES = 33_000
    drawing.put("logos/logo.svg", DRAWING + b" " * 1000)
    assert drawing.get(LOGO).status_code == 422


def test_a_drawing_may_take_the_place_of_a_missing_original(drawing):
    drawing.publish(replace(drawing.alias, fallback="logos/logo.svg"))
    response = drawing.get("/profile-image/ios/missing.jpg")
    assert (response.status_code, response.content) == (404, DRAWING)
    assert response["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("key", KEYS)
def test_a_drawing_may_have_any_key(service, key):
    key = f"{key[:1000]}.svg" if len(key.encode()) > 1000 else f"{key}.svg"
    service.put(key, DRAWING)
    publish(service)
    response = service.get(f"/profile-image/ios/{quote(key)}")
    assert (response.status_code, response.content) == (200, DRAWING)


def test_a_description_of_a_drawing_is_refused_with_what_it_is(drawing):
    response = drawing.get(f"/-/info{LOGO}")
    assert (response.status_code, "an SVG drawing" in response.json()["message"]) == (415, True)


# --- Originals unchanged


def as_it_is() -> Alias:
    return Alias("download", 1, "photos", Recipe(encoding=Encoding(format="unchanged")))


def saved(name: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(file, name, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "extension"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("PNG", "image/png", "png"),
        ("WEBP", "image/webp", "webp"),
        ("AVIF", "image/avif", "avif"),
        ("GIF", "image/gif", "gif"),
        ("TIFF", "image/tiff", "tif"),
        ("BMP", "image/bmp", "bmp"),
        ("ICO", "image/x-icon", "ico"),
        ("JPEG2000", "image/jp2", "jp2"),
    ],
)
def test_an_original_of_every_kind_is_served_byte_for_byte(service, name, kind, extension):
    content = saved(name)
    service.put("two words/one", content)
    service.publish(as_it_is())
    for _ in range(2):  # rendered, then found
        response = service.get("/download/two%20words/one", accept="image/avif,image/webp")
        assert (response.status_code, response["Content-Type"], response.content) == (200, kind, content)
        assert response["Content-Disposition"] == f'inline; filename="one.{extension}"'
        assert "Vary" not in response
    assert service.get("/download/two%20words/one", if_none_match=response["ETag"]).status_code == 304
    described = service.get("/-/info/download/two%20words/one").json()
    assert (described["type"], described["bytes"]) == (kind, len(content))
    assert described["original"]["bytes"] == len(content)


def test_its_metadata_stays(service):
    exif = Image.Exif()
    exif[0x010E] = "Seen in Bern"
    content = saved("JPEG", exif=exif)
    service.put("one.jpg", content)
    service.publish(as_it_is())
    assert b"Seen in Bern" in service.get("/download/one.jpg").content


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"%PDF-1.7\n", 415),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", 415),
        (DRAWING, 415),
        (b"<html>", 415),
        (b"", 415),
        (b"\xff\xd8\xff" + bytes(50), 422),
    ],
)
def test_only_pictures_are_served_unchanged(service, content, status):
    service.put("one.jpg", content)
    service.publish(as_it_is())
    assert service.get("/download/one.jpg").status_code == status
    assert service.kept() == []


def test_its_size_is_bounded_as_that_of_every_original(service, settings):
    service.put("one.jpg", drawn())
    settings.MAX_BYTES = 100
    service.publish(as_it_is())
    assert service.get("/download/one.jpg").status_code == 422


def test_a_large_one_is_led_to_storage(service, settings):
    content = noise(300, 300)
    service.put("one.png", content)
    service.publish(as_it_is())
    settings.MAX_RESPONSE_BYTES = 66_000
    response = service.get("/download/one.png")
    assert response.status_code == 302
    settings.MAX_RESPONSE_BYTES = 0  # as what serves storage has no gateway in front
    stored = service.get(response["Location"])
    assert (stored.status_code, stored["Content-Type"], stored.content) == (200, "image/png", content)


def test_the_list_of_aliases_names_it(service, settings):
    settings.LIST_ALIASES = True
    service.publish(as_it_is())
    assert json.loads(service.get("/-/aliases.json").content)["aliases"]["download"]["format"] == "unchanged"
