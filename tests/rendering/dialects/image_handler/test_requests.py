"""URLs of AWS's image handler over HTTP: who may ask, and what comes."""

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.catalogue.catalogue import Bucket
from rendering.dialects.image_handler.url import parts
from rendering.routing import missing_bucket
from rendering.storage.place import Place
from tests.drawings import drawn, opened
from tests.rendering.dialects.image_handler.urls import KEY, url
from tests.service import Service

from ...imaging.pictures import saved


def size(service: Service, edits: Any) -> tuple[int, int]:
    return opened(service.get(url(edits))).size


def test_a_base64_url_is_answered_and_never_kept(handler):
    response = handler.get(url({"resize": {"width": 50, "height": 40, "fit": "cover"}}))
    assert response.status_code == 200
    assert opened(response).size == (50, 40)
    assert handler.kept() == []


def test_a_thumbor_style_url_is_answered_in_any_order(handler):
    response = handler.get(f"/filters:rotate(90)/filters:format(webp)/fit-in/100x100/{KEY}")
    assert response["Content-Type"] == "image/webp"
    assert opened(response).size == (67, 100)


def test_without_the_setting_both_are_paths_without_an_alias(handler, settings):
    settings.IMAGE_HANDLER_BUCKETS = []
    for raw in (url(), f"/fit-in/100x100/{KEY}"):
        assert handler.get(raw).json()["error"] == "unknown_alias"


@pytest.mark.parametrize("names", [["photos", "nowhere"], ["nowhere", "photos"]])
def test_a_name_that_is_no_buckets_is_logged_once_and_the_others_go_on(handler, settings, caplog, names):
    settings.IMAGE_HANDLER_BUCKETS = names
    missing_bucket.cache_clear()
    for _ in range(3):
        assert handler.get(url()).status_code == 200
        assert handler.get("/no/such/alias.jpg").json()["error"] != "unknown_bucket"
    told = [record for record in caplog.records if record.message == "unknown bucket"]
    assert [(one.facts["bucket"], one.levelname) for one in told] == [("nowhere", "WARNING")]
    assert "IMAGE_HANDLER_BUCKETS" in told[0].facts["hint"]


def test_what_is_meant_for_a_first_bucket_that_is_not_there_is_not_the_seconds(handler, settings):
    settings.IMAGE_HANDLER_BUCKETS = ["nowhere", "photos"]
    assert handler.get(f"/fit-in/100x100/{KEY}").json()["error"] == "unknown_alias"
    settings.IMAGE_HANDLER_BUCKETS = ["photos", "nowhere"]
    assert handler.get(f"/fit-in/100x100/{KEY}").status_code == 200


def test_a_ratio_that_an_alias_does_not_allow_is_told_before_any_storage_is_asked(handler, monkeypatch):
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    response = handler.get(f"/profile-image/ios@9x/{KEY}")
    assert (response.status_code, response.json()["error"]) == (404, "unknown_alias")
    assert response.json()["message"] == "“profile-image/ios” has no @9x; the ratios and widths it allows: none"


def test_aliases_come_first(handler):
    assert opened(handler.get(f"/profile-image/ios/{KEY}")).size == (90, 90)
    assert handler.get("/profile-image/ios").json()["error"] == "unknown_alias"


def test_unsigned_urls_have_to_be_allowed_by_deployment_and_bucket(handler, settings):
    settings.ALLOW_UNSAFE_URL = False
    assert handler.get(url()).json()["error"] == "unsafe_not_allowed"
    settings.ALLOW_UNSAFE_URL = True
    handler.publish(buckets=(replace(handler.bucket, unsafe_allowed=False),))
    assert handler.get(url()).json()["error"] == "unsafe_not_allowed"


@pytest.mark.parametrize(
    "encode",
    [
        b64encode,
        urlsafe_b64encode,
        lambda content: b64encode(content).rstrip(b"="),
        lambda content: b64encode(content).rstrip(b"=") + b"==",
        lambda content: b64encode(content).replace(b"=", b"%3D").replace(b"/", b"%2F").replace(b"+", b"%2B"),
    ],
)
def test_base64_is_taken_in_every_spelling(handler, encode):
    handler.put("grün?>~~.png", drawn())
    raw = "/" + encode(json.dumps({"bucket": "photos", "key": "grün?>~~.png"}, ensure_ascii=False).encode()).decode()
    assert handler.get(raw).status_code == 200


def test_base64_as_long_as_a_signature_is_no_signature(handler):
    handler.put("abcdef.jpg")
    raw = b64encode(b'{"key":"abcdef.jpg"}').decode()
    assert len(raw) == 28
    assert handler.get(f"/{raw}").status_code == 200
    assert handler.get(f"/{raw[:27]}").status_code == 200


def test_behind_a_wrong_signature_nothing_is_read(handler):
    assert handler.get(f"/{'a' * 27}=/300x200/{KEY}").json()["error"] == "wrong_signature"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"key": ', 400),
        (b'{"key": 7}', 400),
        (b'{"key": "a", "bucket": [7]}', 400),
        (b"{" + b"[" * 4000, 400),
        (b'{"key": "a", "edits": {"resize": {"width": ' + b"9" * 5000 + b"}}}", 400),
        (b'{"key": "a", "edits": {"resize": {"width": NaN}}}', 400),
        (b'{"key": "a", "edits": {"resize": {"width": "wide"}}}', 400),
        (b'{"key": "a", "edits": []}', 404),
        (b'{"key": "a", "edits": [1]}', 400),
        (b'{"key": "a", "edits": {"blur": {}, "tint": 5, "rotate": "x", "resize": 3, "overlayWith": 1}}', 400),
        (b'{"key": "a", "edits": {"tint": "nocolour"}}', 400),
        (b'{"key": "../a"}', 400),
        (b'{"key": "\\ud800"}', 400),
        (b'{"key": ""}', 404),
        (b"{\xff", 400),
        (b"[1]", 404),
    ],
)
def test_nonsense_is_refused_in_words(handler, content, status):
    response = handler.get("/" + b64encode(content).decode())
    assert response.status_code == status
    assert response.json()["message"]


def test_a_bucket_that_is_not_meant_for_these_urls_is_a_404_that_tells_nothing(handler):
    place = Place("s3", "acme-photos", prefix="originals/", endpoint_url="http://127.0.0.1:9")
    elsewhere = Bucket("acme", place, unsafe_allowed=True)
    handler.publish(buckets=(handler.bucket, elsewhere))
    unlisted = handler.get(url(bucket="acme-photos", key="originals/one.jpg"))
    assert (unlisted.status_code, unlisted.json()["error"]) == (404, "unknown_bucket")
    assert "acme" not in unlisted.json()["message"]


def test_an_edit_that_is_not_carried_out_is_named(handler):
    response = handler.get(url({"gamma": 2.2, "resize": {"width": 30, "kernel": "cubic"}, "normalize": True}))
    assert response["X-Skipped-Filters"] == "resize.kernel, gamma, normalize"


def test_of_the_name_of_an_edit_that_there_is_not_forty_characters_are_named(handler):
    response = handler.get(url({"x" * 50: 1, "y" * 40: 1}))
    assert response["X-Skipped-Filters"] == f"{'x' * 40}, {'y' * 40}"


@pytest.mark.parametrize("name", ["tiff", "heif", "raw"])
def test_a_format_of_awss_that_is_not_written_here_is_named(handler, name):
    response = handler.get(f"/filters:format({name})/{KEY}")
    assert (response["Content-Type"], response["X-Skipped-Filters"]) == ("image/png", "toFormat")


@pytest.mark.parametrize("name", ["jpg", "jpeg", "png", "webp", "avif", "gif"])
def test_a_format_that_is_written_here_is_that_of_the_answer(handler, name):
    response = handler.get(f"/filters:format({name})/{KEY}")
    assert response["Content-Type"] == f"image/{'jpeg' if name == 'jpg' else name}"
    assert "X-Skipped-Filters" not in response


def test_a_picture_that_was_to_be_moderated_is_not_shown(handler):
    response = handler.get(url({"contentModeration": True}))
    assert response.status_code == 400
    assert "contentModeration" in response.json()["message"]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"resize": {"width": 600, "height": 600, "fit": "inside"}}, (600, 400)),
        ({"resize": {"width": 600, "height": 600, "fit": "inside", "withoutEnlargement": True}}, (300, 200)),
        ({"resize": {"width": 60, "height": 60, "fit": "outside"}}, (90, 60)),
        ({"resize": {"width": 60, "height": 60, "fit": "fill"}}, (60, 60)),
        ({"resize": {"width": 60, "height": 60, "fit": "contain"}}, (60, 60)),
        ({"resize": {"width": 600, "fit": "inside"}}, (600, 400)),
        ({"resize": {"width": "60", "height": None}}, (60, 40)),
        ({"resize": {"width": 60, "height": 40}, "rotate": 90}, (60, 40)),
        ({"rotate": 90}, (200, 300)),
        ({"crop": {"left": 10, "top": 0, "width": 90, "height": 200}}, (90, 200)),
        ({"resize": {"ratio": 0.5}}, (150, 100)),
        ({"extend": {"left": 5, "top": 6, "right": 7, "bottom": 8}}, (312, 214)),
    ],
)
def test_the_frame_is_as_sharp_has_it(handler, edits, expected):
    assert size(handler, edits) == expected


@pytest.mark.parametrize(
    ("edits", "corner"),
    [
        ({}, (255, 0, 0)),
        ({"rotate": 90}, (0, 0, 255)),
        ({"rotate": -90}, (0, 255, 0)),
        ({"flip": "true"}, (0, 0, 255)),
        ({"flop": True}, (0, 255, 0)),
        ({"flop": False}, (255, 0, 0)),
        ({"resize": {"width": 50, "height": 50, "position": "right top"}, "crop": None}, (255, 0, 0)),
        ({"resize": {"width": 50, "height": 200, "position": "right bottom"}}, (0, 255, 0)),
        ({"resize": {"width": 300, "height": 400, "fit": "contain", "background": "#00F"}}, (0, 0, 255)),
        ({"grayscale": True}, (76, 76, 76)),
    ],
)
def test_the_picture_is_as_sharp_has_it(handler, edits, corner):
    picture = opened(handler.get(url(edits))).convert("RGB")
    assert picture.getpixel((2, 2)) == corner


def test_a_round_crop_leaves_its_corners_transparent(handler):
    picture = opened(handler.get(url({"resize": {"width": 80, "height": 80}, "roundCrop": True}))).getchannel("A")
    assert picture.getpixel((1, 1)) == 0
    assert picture.getpixel((40, 40)) == 255


def test_an_overlay_comes_from_the_bucket_that_is_named(handler):
    handler.put("logo.png", drawn(10, 10, "PNG"))
    laid = {"bucket": "photos", "key": "logo.png", "alpha": "0", "options": {"left": "-1", "top": "-1"}}
    picture = opened(handler.get(url({"overlayWith": laid}))).convert("RGB")
    assert picture.getpixel((291, 191)) == (255, 0, 0)
    assert handler.get(url({"overlayWith": {**laid, "bucket": "theirs"}})).status_code == 404


@pytest.mark.parametrize(
    ("ratios", "covered"), [({"wRatio": "50"}, (150, 75)), ({"hRatio": 50}, (200, 100)), ({}, (40, 20))]
)
def test_an_overlay_is_as_large_as_its_ratios_to_the_picture_say(handler, ratios, covered):
    handler.put("logo.png", saved(Image.new("RGB", (200, 100) if ratios else (40, 20), "black")))
    laid = {"bucket": "photos", "key": "logo.png", "alpha": "0", "options": {"left": "0", "top": "0"}, **ratios}
    picture = opened(handler.get(url({"overlayWith": laid}))).convert("RGB")
    width, height = covered
    assert picture.getpixel((width - 2, height - 2)) == (0, 0, 0)
    assert (0, 0, 0) not in (picture.getpixel((width + 1, 2)), picture.getpixel((2, height + 1)))


@pytest.mark.parametrize(("flatten", "colour"), [(True, (0, 0, 0)), ({"background": {"g": 255}}, (0, 255, 0))])
def test_what_is_transparent_is_flattened_on_its_colour_or_on_black(handler, flatten, colour):
    handler.put("clear.png", saved(Image.new("RGBA", (20, 20), (255, 0, 0, 0))))
    response = handler.get(url({"flatten": flatten}, key="clear.png"))
    assert opened(response).convert("RGB").getpixel((5, 5)) == colour


def test_format_and_quality_are_those_that_are_asked_for(handler):
    low, high = (handler.get(url({"toFormat": "webp", "webp": {"quality": quality}})) for quality in (5, 95))
    assert low["Content-Type"] == "image/webp"
    assert len(low.content) < len(high.content)
    assert handler.get(url({}, outputFormat="jpg"))["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("fit-in/300x200/filters:blur(2)/s3:photos/people/one.jpg", ["fit", "size", "filters", "bucket", "key"]),
        ("/10x20:300x400/one.jpg", ["crop", "key"]),
        ("people/300x200/one/", ["key", "size", "key"]),
        ("filters:watermark(b,a/b.png)/filters:rotate(90)/one.jpg", ["filters", "filters", "key"]),
        ("eyJrZXkiOiJvbmUuanBnIn0=", ["request"]),
    ],
)
def test_the_parts_of_a_path_are_the_path(raw, names):
    found = parts(raw, [Bucket("photos")])
    assert "".join(text for _, text in found) == raw
    assert [name for name, _ in found] == names
