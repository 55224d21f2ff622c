"""What responses say to browsers and scripts: who may read and show them, and what a saved picture is called."""

from email.message import Message

import pytest
from django.http import HttpResponse
from msgspec.structs import replace

from rendering.http.headers import inline
from rendering.imaging.encoding import Encoding
from rendering.imaging.recipe import Recipe
from tests.service import Service
from tests.values import KEYS, ONLY_S3_KEYS

URL = "/profile-image/ios/one.jpg"
SHOP = "https://shop.example"


def file_name(disposition: str) -> str | None:
    """The name that a disposition gives a file, read by Python's own reader."""
    message = Message()
    message["Content-Disposition"] = disposition
    assert message.get_content_disposition() == "inline"
    starred = message.get_param("filename*", None, "content-disposition")
    return message.get_filename() if starred is None else str(starred)


@pytest.mark.parametrize("key", [*KEYS, *ONLY_S3_KEYS])
def test_whatever_the_key_a_saved_picture_has_the_extension_of_its_format(key):
    disposition = inline(key, "avif")
    assert disposition.isascii()
    assert disposition.isprintable()
    name = file_name(disposition)
    assert name is not None
    assert name.endswith(".avif")
    assert len(name) <= 105
    assert "/" not in name


@pytest.mark.parametrize(
    ("key", "kind", "said"),
    [
        ("people/astronaut.jpg", "avif", 'inline; filename="astronaut.avif"'),
        ("people/astronaut.jpg", "jpeg", 'inline; filename="astronaut.jpg"'),
        ("Case.JPEG", "jpeg", 'inline; filename="Case.JPEG"'),
        ("scan.tiff", "jpeg", 'inline; filename="scan.jpg"'),
        ("photo.v2", "png", 'inline; filename="photo.v2.png"'),
        ("no-extension", "webp", 'inline; filename="no-extension.webp"'),
        ("folder/", "gif", 'inline; filename="picture.gif"'),
        (".jpg", "png", 'inline; filename="picture.png"'),
        ("größe.jpg", "webp", "inline; filename=\"gr__e.webp\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.webp"),
        ("50%25 off.jpg", "webp", "inline; filename=\"50_25 off.webp\"; filename*=UTF-8''50%2525%20off.webp"),
        ('a "quote".jpg', "jpeg", "inline; filename=\"a _quote_.jpg\"; filename*=UTF-8''a%20%22quote%22.jpg"),
        ("back\\slash.jpg", "jpeg", "inline; filename=\"back_slash.jpg\"; filename*=UTF-8''back%5Cslash.jpg"),
        ("photo\u202egpj.exe", "png", 'inline; filename="photogpj.exe.png"'),
    ],
)
def test_a_saved_picture_is_called_as_its_original(key, kind, said):
    assert inline(key, kind) == said


def test_a_304_and_a_stored_picture_have_the_name_too(service: Service):
    service.put("one.jpg")
    service.publish(replace(service.alias, recipe=Recipe(encoding=Encoding(format="auto"))))
    asked = {"accept": "image/webp"}
    first, stored = service.get(URL, **asked), service.get(URL, **asked)
    unmodified = service.get(URL, if_none_match=first["ETag"], **asked)
    assert unmodified.status_code == 304
    said = {one["Content-Disposition"] for one in (first, stored, unmodified)}
    assert said == {'inline; filename="one.webp"'}


def test_a_fallback_picture_has_the_name_of_the_fallback(service: Service):
    service.put("nobody.jpg")
    service.publish(replace(service.alias, fallback="nobody.jpg"))
    response = service.get(URL)
    assert (response.status_code, response["Content-Disposition"]) == (404, 'inline; filename="nobody.png"')


def answers(service: Service) -> dict[int, HttpResponse]:
    """One response of each kind: a picture, a 304, errors of either side of routing, a preflight."""
    service.put("one.jpg")
    service.publish()
    picture = service.get(URL)
    return {
        200: picture,
        304: service.get(URL, if_none_match=picture["ETag"]),
        404: service.get("/profile-image/ios/missing.jpg"),
        400: service.get("/profile-image/ios/%FF.jpg"),
        405: service.get(URL, "POST"),
        204: service.get(URL, "OPTIONS", origin=SHOP, access_control_request_method="GET"),
    }


@pytest.mark.parametrize(("said", "allowed"), [("*", "*"), (SHOP, SHOP), ("none", None)])
def test_scripts_of_the_sites_that_are_allowed_may_read_pictures_304s_and_errors(service, settings, said, allowed):
    settings.CORS_SITE = said
    for status, response in answers(service).items():
        assert response.status_code == status
        assert response.get("Access-Control-Allow-Origin") == allowed
        assert response.get("Timing-Allow-Origin") == allowed
        assert ("Server-Timing" in response.get("Access-Control-Expose-Headers", "")) is (allowed is not None)
        assert "Origin" not in response.get("Vary", "").split(", ")  # one answer for all, so that caches hold one


@pytest.mark.parametrize("policy", ["cross-origin", "same-site", "same-origin"])
def test_pictures_may_be_shown_where_the_deployment_says(service, settings, policy):
    settings.RESOURCE_POLICY = policy
    all_of_them = answers(service)
    for status in (200, 304):
        assert all_of_them[status]["Cross-Origin-Resource-Policy"] == policy
