"""An alias's URL, from the raw path to the picture."""

import io
import json
import os
import re
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.catalogue.catalogue import Alias, Bucket, Caching
from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.dialects.raw_path import SAFE, path_of
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from tests.drawings import drawn, noise, opened
from tests.service import Service
from tests.values import KEYS

URL = "/profile-image/ios/people/one.jpg"


@pytest.fixture
def published(service: Service) -> Service:
    service.put("people/one.jpg")
    service.publish()
    return service


def test_an_alias_serves_its_picture(published):
    response = published.get(URL)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert opened(response).size == (90, 90)
    assert int(response["Content-Length"]) == len(response.content)


def test_the_picture_is_kept_and_not_rendered_twice(published, in_process, monkeypatch):
    first = published.get(URL)
    assert len(published.kept()) == 1
    monkeypatch.setattr("rendering.imaging.pipeline.render.render", lambda *args: pytest.fail("rendered again"))
    assert published.get(URL).content == first.content


def test_head_has_the_length_and_no_body(published):
    whole, head = published.get(URL), published.get(URL, "HEAD")
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


def test_an_unchanged_picture_is_a_304_with_what_caches_need(published):
    whole = published.get(URL)
    response = published.get(URL, if_none_match=whole["ETag"])
    assert response.status_code == 304
    assert response.content == b""
    for header in ("ETag", "Cache-Control", "Cache-Tag", "Content-Type"):
        assert response[header] == whole[header]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("immutable", [True, False])
def test_any_copy_is_the_picture_where_there_is_one(published, method, immutable):
    published.publish(
        replace(published.alias, fallback="people/one.jpg"), buckets=(replace(published.bucket, immutable=immutable),)
    )
    for _ in range(2):  # made, and kept
        response = published.get(URL, method, if_none_match=" * ")
        assert (response.status_code, response.content) == (304, b"")
        whole = published.get(URL)
        for header in ("ETag", "Cache-Control", "Cache-Tag", "Content-Type"):
            assert response[header] == whole[header]
    assert published.get("/profile-image/ios/nobody.jpg", method, if_none_match="*").status_code == 404
    published.put("people/broken.jpg", drawn()[:-200])
    assert published.get("/profile-image/ios/people/broken.jpg", method, if_none_match="*").status_code == 422
    (kept,) = (path for path in published.kept() if path.suffix != ".note")
    key = kept.relative_to(published.derivatives)
    assert published.get(f"/-/d/{key}", method, if_none_match="*").status_code == 304
    kept.unlink()
    assert published.get(f"/-/d/{key}", method, if_none_match="*").status_code == 404


def test_crawlers_ask_once_a_day_what_to_leave_alone(published):
    response = published.get("/robots.txt")
    assert response["Cache-Control"] == "public, max-age=86400"
    said = response.content.decode().splitlines()
    assert said == ["User-agent: *", "Disallow: /admin", "Disallow: /-/info/", "Disallow: /-/infos/"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        f"/-/info{URL}",
        "/unsafe/meta/30x20/photos/people/one.jpg",
        "/unsafe/debug/smart/photos/people/one.jpg",
        "/unsafe/30x20/photos/people/one.jpg",
        "/robots.txt",
    ],
)
def test_any_copy_is_the_answer_where_there_is_one(published, settings, path, method):
    settings.ALLOW_UNSAFE_URL = True
    published.publish(buckets=(replace(published.bucket, unsafe_allowed=True),))
    whole, response = published.get(path, method), published.get(path, method, if_none_match="*")
    assert (whole.status_code, response.status_code, response.content) == (200, 304, b"")
    for header in ("Cache-Control", "Content-Type", "Cache-Tag", "Access-Control-Allow-Origin", "ETag", "Vary"):
        assert response.get(header) == whole.get(header)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ('"other", W/"one", {}', 304),
        ('{},"other"', 304),
        ('"other"', 200),
        ("*x", 200),
        ('*, "other"', 200),
        ('"*"', 200),
        ("", 200),
        ("nonsense", 200),
        ('"', 200),
        ("W/", 200),
        (",,,", 200),
    ],
)
def test_a_copy_is_told_by_its_etag(published, said, status):
    etag = published.get(URL)["ETag"]
    assert published.get(URL, if_none_match=said.format(etag)).status_code == status
    assert published.get(URL, "HEAD", if_none_match=said.format(etag)).status_code == status


def test_a_304_needs_neither_the_derivative_nor_a_render(published):
    etag = published.get(URL)["ETag"]
    for path in published.kept():
        path.unlink()
    assert published.get(URL, if_none_match=f'W/{etag}, "other"').status_code == 304
    assert published.kept() == []


def test_the_etag_changes_with_the_original_also_if_its_time_is_set_back(published):
    path = published.originals / "people/one.jpg"
    before, times = published.get(URL)["ETag"], path.stat()
    path.write_bytes(drawn(100, 400))
    changed = published.get(URL)["ETag"]
    path.write_bytes(drawn())
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert len({before, changed, published.get(URL)["ETag"]}) == 3


def test_the_headers_of_a_picture(published):
    response = published.get(URL)
    assert (
        response["Cache-Control"]
        == "public, max-age=60, s-maxage=31536000, stale-while-revalidate=60, stale-if-error=86400"
    )
    assert "Vary" not in response
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == 'inline; filename="one.png"'
    assert response["X-Request-Id"]
    assert "render;dur=" in response["Server-Timing"]
    alias, bucket, image = response["Cache-Tag"].split(",")
    assert (alias, bucket) == ("alias:profile-image/ios", "bucket:photos")
    assert image.startswith("image:")
    assert len(image) == 6 + 32


def test_the_cache_ages_are_the_aliass(service):
    service.put("one.jpg")
    service.publish(replace(service.alias, caching=Caching(10, 20, 30)))
    cache_control = service.get("/profile-image/ios/one.jpg")["Cache-Control"]
    assert cache_control == "public, max-age=10, s-maxage=20, stale-while-revalidate=30, stale-if-error=86400"


def test_what_no_cache_is_to_hold_is_not_served_by_one_while_the_service_fails(service):
    service.put("one.jpg")
    service.publish(replace(service.alias, caching=Caching(0, 0, 0)))
    assert service.get("/profile-image/ios/one.jpg")["Cache-Control"] == "public, max-age=0, s-maxage=0"


def test_the_longest_alias_wins(service):
    service.put("one.jpg")
    service.put("ios/one.jpg")
    shorter = Alias("profile-image", 1, "photos", Recipe(Geometry(width=30, height=30), Encoding(format="png")))
    service.publish(service.alias, shorter)
    assert opened(service.get("/profile-image/ios/one.jpg")).size == (90, 90)
    assert opened(service.get("/profile-image/one.jpg")).size == (30, 30)


def test_an_aliass_prefix_stands_before_every_key(service):
    service.put("people/2024/one.jpg")
    service.publish(replace(service.alias, prefix="people/"))
    assert service.get("/profile-image/ios/2024/one.jpg").status_code == 200
    assert service.get("/profile-image/ios/people/2024/one.jpg").status_code == 404


@pytest.mark.parametrize(("suffix", "size"), [("@2x", 180), ("%402x", 180), ("@1.5x", 135), ("@1x", 90)])
def test_a_device_pixel_ratio_scales_the_size(service, suffix, size):
    service.put("one@2x.jpg", drawn(600, 600))
    service.publish(replace(service.alias, dprs=(1.5, 2.0)))
    assert opened(service.get(f"/profile-image/ios{suffix}/one@2x.jpg")).size == (size, size)


@pytest.mark.parametrize(
    ("suffix", "size"),
    [("@60w", (60, 60)), ("%40300w", (300, 300)), ("@90w", (90, 90)), ("@1000w", (400, 400)), ("", (90, 90))],
)
def test_a_width_scales_the_size_and_enlarges_no_original(service, suffix, size):
    service.put("one@640w.jpg", drawn(600, 400))
    service.publish(replace(service.alias, widths=(60, 300, 1000)))
    assert opened(service.get(f"/profile-image/ios{suffix}/one@640w.jpg")).size == size


def test_an_aliass_own_width_is_its_own_picture(service):
    service.put("one.jpg", drawn(600, 400))
    service.publish(replace(service.alias, widths=(60,)))
    own, at = (service.get(f"/profile-image/ios{suffix}/one.jpg") for suffix in ("", "@90w"))
    assert own["ETag"] == at["ETag"]


def test_a_picture_at_a_width_is_enlarged_where_the_alias_says_so(service):
    service.put("one.jpg", drawn(60, 40))
    service.publish(
        replace(service.alias, widths=(300,), recipe=replace(service.alias.recipe, filters=FILTERS.read("upscale()")))
    )
    assert opened(service.get("/profile-image/ios@300w/one.jpg")).size == (300, 300)


@pytest.mark.parametrize(
    ("spelled", "ratio"),
    [
        *(("@2.0x", "@2x"), ("@02x", "@2x"), ("%402.00x", "@2x"), ("@1.50x", "@1.5x"), ("@1.0x", "")),
        *(("@0300w", "@300w"), ("%40090w", "@90w")),
    ],
)
@pytest.mark.parametrize("under", ["", "/-/info"])
def test_other_spellings_of_a_ratio_are_redirected_to_its_own(service, spelled, ratio, under):
    service.put("people/one @2.0x.jpg", drawn(600, 600))
    service.publish(replace(service.alias, dprs=(1.5, 2.0), widths=(300,), prefix="people/"))
    response = service.get(f"{under}/profile-image/ios{spelled}/one%20@2.0x.jpg?v=3&w=%C3%A9")
    assert response.status_code == 301
    assert response["Location"] == f"{under}/profile-image/ios{ratio}/one%20%402.0x.jpg?v=3&w=%C3%A9"
    assert "alias:profile-image/ios" in response["Cache-Tag"]
    assert response["Cache-Control"].startswith("public, max-age=")
    assert service.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "spelled",
    [
        "@2.5x",
        "@3.0x",
        "@002.01x",
        "@2.x",
        "@.5x",
        "@2X",
        f"@{'9' * 400}x",
        "@0w",
        "@300W",
        "@301w",
        "@2x300w",
        "@2x@300w",
    ],
)
def test_spellings_of_no_ratio_or_width_that_is_allowed_are_not_redirected(service, spelled):
    service.put("one.jpg")
    service.publish(replace(service.alias, dprs=(2.0,), widths=(300,)))
    assert service.get(f"/profile-image/ios{spelled}/one.jpg").status_code == 404


def test_a_ratio_that_is_not_allowed_names_those_that_are(service):
    service.put("one.jpg")
    service.publish(replace(service.alias, dprs=(2.0,)))
    response = service.get("/profile-image/ios@3x/one.jpg")
    assert response.status_code == 404
    assert "@2x" in response.json()["message"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("image/avif,image/webp,*/*", "image/avif"),
        ("image/webp,*/*;q=0.8", "image/webp"),
        ("image/png,*/*", "image/jpeg"),
        ("image/avif;q=0,image/webp;q=0", "image/jpeg"),
        ("", "image/jpeg"),
    ],
)
def test_a_negotiated_format_follows_accept_and_says_so(service, accept, media_type):
    service.put("one.jpg")
    service.publish(replace(service.alias, recipe=Recipe(Geometry(width=40), Encoding(format="auto"))))
    response = service.get("/profile-image/ios/one.jpg", accept=accept)
    assert response["Content-Type"] == media_type
    assert response["Vary"] == "Accept"
    assert service.get("/profile-image/ios/one.jpg", accept=accept, if_none_match=response["ETag"])["Vary"] == "Accept"
    assert service.get("/profile-image/ios/other.jpg", accept=accept)["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("caching", "said"),
    [
        (Caching(), "max-age=60, s-maxage=300, stale-while-revalidate=60"),
        (Caching(60, 120, 5), "max-age=60, s-maxage=120, stale-while-revalidate=5"),
        (Caching(60, 86_400, 86_400), "max-age=60, s-maxage=300, stale-while-revalidate=300"),
        (Caching(86_400, None, 0), "max-age=86400, s-maxage=300"),
        (Caching(30, None, 0), "max-age=30, s-maxage=30"),
    ],
)
def test_cdns_keep_a_picture_for_minutes_where_none_is_told_what_to_forget(service, settings, caching, said):
    service.put("one.jpg")
    service.purged = False
    service.publish(replace(service.alias, caching=caching))
    path = "/profile-image/ios/one.jpg"
    response = service.get(path)
    assert response["Cache-Control"] == f"public, {said}, stale-if-error=86400"
    assert service.get(path, if_none_match=response["ETag"])["Cache-Control"] == f"public, {said}, stale-if-error=86400"
    # Where this process itself knows a CDN that is told, and where who publishes does.
    settings.CLOUDFRONT_DISTRIBUTION_ID = "E1"
    known = service.get(path)["Cache-Control"]
    settings.CLOUDFRONT_DISTRIBUTION_ID = ""
    service.purged = True
    service.publish(replace(service.alias, caching=caching))
    assert service.get(path)["Cache-Control"] == known
    age = f", s-maxage={caching.shared_max_age}" if caching.shared_max_age is not None else ""
    assert known.startswith(f"public, max-age={caching.max_age}{age}")


def test_a_missing_original_is_a_404_for_seconds(published):
    response = published.get("/profile-image/ios/nobody.jpg")
    assert response.status_code == 404
    assert response["Cache-Control"] == "public, max-age=10"
    body = response.json()
    assert body["error"] == "unknown_original"
    assert body["request_id"] == response["X-Request-Id"]
    assert "image:" in response["Cache-Tag"]


def test_a_fallback_stands_in_as_a_404(service):
    service.put("nobody.png", drawn(format="PNG"))
    service.publish(replace(service.alias, prefix="people/", fallback="nobody.png"))
    response = service.get("/profile-image/ios/missing.jpg")
    assert response.status_code == 404
    assert opened(response).size == (90, 90)
    assert response["Cache-Control"] == "public, max-age=10"
    assert "ETag" not in response


def test_a_missing_fallback_leaves_the_plain_404(service):
    service.publish(replace(service.alias, fallback="also-missing.png"))
    response = service.get("/profile-image/ios/missing.jpg")
    assert (response.status_code, response.json()["error"]) == (404, "unknown_original")


@pytest.mark.parametrize(
    "path", ["/nobody/one.jpg", "//", "/profile-image", "/profile-image/ios", "/300x200/photos/one.jpg"]
)
def test_what_no_alias_prefixes_is_a_404(published, path):
    response = published.get(path)
    assert (response.status_code, response.json()["error"]) == (404, "unknown_alias")


@pytest.mark.parametrize(
    "key",
    [
        "../secret.jpg",
        "%2e%2e/secret.jpg",
        "people/%2E%2E/%2e%2e/secret.jpg",
        "./people/one.jpg",
        "people/one.jpg%00.png",
        "people%0d%0aone.jpg",
        "%ff%fe.jpg",
        "%ed%a0%80.jpg",
        "x" * 1025,
        "",
    ],
)
def test_a_key_that_can_be_none_is_refused_before_any_storage_is_asked(published, monkeypatch, key):
    (published.originals.parent / "secret.jpg").write_bytes(drawn())
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    response = published.get(f"/profile-image/ios/{key}")
    assert (response.status_code, response.json()["error"]) == (400, "bad_path")
    assert published.kept() == []


@pytest.mark.parametrize("key", ["people//one.jpg", "/people/one.jpg", "people\\one.jpg", "people", "people/one.jpg/"])
def test_a_key_that_a_folder_would_take_for_another_is_not_there(published, key):
    assert published.get(f"/profile-image/ios/{key}").status_code == 404


@pytest.mark.parametrize(
    ("descriptor", "side"), [(OWN, 90), (Descriptor(ratio=2), 180), (Descriptor(width=60), 60)], ids=str
)
@pytest.mark.parametrize("key", KEYS)
def test_keys_are_taken_as_they_are(service, key, descriptor, side):
    service.publish(replace(service.alias, dprs=(2,), widths=(60,)))
    service.put(key)
    path = path_of("profile-image/ios", key, descriptor)
    # As it is written here, as browsers spell it, and with the @ of the ratio escaped.
    for raw in (
        path,
        "/" + quote(f"profile-image/ios{descriptor.suffix}/{key}", safe=SAFE),
        path.replace("@", "%40"),
    ):
        response = service.get(raw)
        assert (response.status_code, opened(response).size) == (200, (side, side))
        described = service.get(f"/-/info{raw}")
        assert (described.status_code, described.json()["width"]) == (200, side)


@pytest.mark.parametrize("kind", [TypeError, AssertionError, AttributeError, KeyError, IndexError, NameError])
@pytest.mark.parametrize("name", ["plan", "resample", "choose", "encode"])
def test_a_fault_of_ours_is_told_as_one_and_not_as_the_pictures(published, in_process, monkeypatch, caplog, name, kind):
    def fail(*args: object, **named: object) -> None:
        raise kind("a fault of ours")

    monkeypatch.setattr(f"rendering.imaging.pipeline.render.{name}", fail)
    response = published.get(URL)
    assert (response.status_code, response.json()["error"]) == (500, "unexpected")
    assert response["Cache-Control"] == "no-store"
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info
    assert record.exc_info[0] is kind


def test_a_query_is_ignored(published):
    assert published.get(f"{URL}?width=5000")["ETag"] == published.get(URL)["ETag"]


def test_absolute_form_is_understood(published):
    assert published.client.get(URL, RAW_URI=f"http://testserver{URL}?x=1").status_code == 200


def test_without_a_raw_path_the_decoded_one_is_used(published):
    published.put("ü b.jpg")
    assert published.client.get("/profile-image/ios/ü b.jpg").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(published, method):
    response = published.get(URL, method)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/-/info/", 404, "The path begins with no alias"),
        ("//profile-image/ios/one.jpg", 404, "The path begins with no alias"),
        ("/profile-image/ios", 404, "“profile-image/ios” is an alias; after it comes the key"),
        (
            "/profile-image/ios/",
            400,
            "The key is empty; write the key of an original after the name of the alias",
        ),
        ("/unsafe", 404, "No bucket is named"),
        ("/unsafe/", 404, "No bucket is named"),
        ("/unsafe/photos", 400, "The key is empty; write the key of an original after the name of the alias"),
        ("/unsafe/30x20/photos/", 400, "The key is empty"),
    ],
)
def test_what_a_path_lacks_is_said(published, settings, path, status, sentence):
    settings.ALLOW_UNSAFE_URL = True
    response = published.get(path)
    assert response.status_code == status
    assert sentence in response.json()["message"]


def test_an_alias_as_long_as_a_signature_is_no_signature(published):
    name = "unpadded-of-27-characters-x"
    published.publish(replace(published.alias, name=name))
    assert published.get(f"/{name}/people/one.jpg").status_code == 200
    response = published.get(f"/{name}")
    assert (response.status_code, response.json()["error"]) == (404, "unknown_alias")


def test_a_form_from_anywhere_is_refused_as_a_method_not_as_a_forgery(published):
    published.client.handler.enforce_csrf_checks = True
    assert published.get(URL, "POST").status_code == 405


def test_options_says_what_is_allowed(published):
    response = published.get(URL, "OPTIONS")
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", [URL, f"/-/info{URL}", "/-/d/photos/none", "/unsafe/photos/nobody.jpg", "/no/one.jpg"])
@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        ("if-none-match", "if-none-match"),
        ("authorization, x-trace_id,cache-control", "authorization, x-trace_id,cache-control"),
        ("", "*"),
        ("no header at all", "*"),
        ("x" * 2000, "*"),
    ],
    ids=["one", "several", "none", "nonsense", "long"],
)
def test_a_script_of_another_site_is_told_that_it_may_ask(published, path, wanted, allowed):
    response = published.get(
        path,
        "OPTIONS",
        origin="https://other.example",
        access_control_request_method="GET",
        access_control_request_headers=wanted,
    )
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Headers"] == allowed
    assert int(response["Access-Control-Max-Age"]) > 0


def test_scripts_of_other_sites_may_read_every_answer_its_headers_and_its_time(published, settings):
    settings.ALLOW_UNSAFE_URL = True
    etag = published.get(URL)["ETag"]
    published.put("noise.png", noise(400, 300))
    whole = replace(published.alias, name="whole", recipe=Recipe(Geometry(), Encoding(format="png")))
    published.publish(published.alias, whole, buckets=(replace(published.bucket, unsafe_allowed=True),))
    skipped = published.get("/unsafe/filters:nothing()/photos/people/one.jpg")
    assert skipped["X-Skipped-Filters"] == "nothing"
    settings.MAX_RESPONSE_BYTES = 40_000
    redirect = published.get("/whole/noise.png")
    answers = [
        (200, skipped),
        (200, published.get(URL)),
        (200, published.get(f"/-/info{URL}")),
        (304, published.get(URL, if_none_match=etag)),
        (302, redirect),
        (400, published.get("/unsafe/filters:watermark(x,0,0,0)/photos/people/one.jpg")),
        (403, published.get(f"/{'x' * 27}=/photos/one.jpg")),
        (404, published.get("/profile-image/ios/nobody.jpg")),
        (404, published.get("/-/d/nothing")),
        (405, published.get(URL, "POST")),
        (502, published.get(redirect["Location"])),
    ]
    settings.MAX_RESPONSE_BYTES = 0
    answers.append((200, published.get(redirect["Location"])))
    for status, response in answers:
        assert response.status_code == status
        assert response["Access-Control-Allow-Origin"] == response["Timing-Allow-Origin"] == "*"
        exposed = set(response["Access-Control-Expose-Headers"].split(", "))
        assert exposed >= {"ETag", "Server-Timing", "X-Request-Id", "X-Skipped-Filters", "X-First-Frame-Only"}
        assert exposed >= {"X-Over-Max-Bytes", "Retry-After"}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format"),
        (b"%PDF-1.4 ...", 415, "unsupported_format"),
        (b"no picture at all", 415, "unsupported_format"),
        (b"", 415, "unsupported_format"),
        (drawn()[:-200], 422, "broken_picture"),
    ],
)
def test_what_is_no_picture_is_told_apart_and_nothing_is_kept(published, content, status, code):
    published.put("odd", content)
    response = published.get("/profile-image/ios/odd")
    assert (response.status_code, response.json()["error"]) == (status, code)
    assert response["Cache-Control"] == "public, max-age=10"
    assert published.kept() == []


def test_a_picture_over_a_limit_says_which(published, settings):
    settings.MAX_PIXELS = 1000
    response = published.get(URL)
    assert (response.status_code, response.json()["error"]) == (422, "too_large")
    assert "300" in response.json()["message"]


def test_a_file_over_the_limit_of_bytes_is_not_read(published, settings):
    settings.MAX_BYTES = 100
    assert published.get(URL).json()["error"] == "too_large"


def test_an_animation_over_the_limits_says_so_also_when_it_was_kept(published, settings):
    settings.MAX_FRAMES = 3
    frames = [Image.new("RGB", (60, 40), (60 * number, 0, 0)) for number in range(4)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    published.put("animation.gif", file.getvalue())
    published.publish(replace(published.alias, recipe=Recipe(Geometry(width=30))))
    url = "/profile-image/ios/animation.gif"
    for kept in (False, True):
        response = published.get(url)
        assert ("render" in response["Server-Timing"]) is not kept
        assert response["X-First-Frame-Only"] == "The animation has more than 3 frames"
        assert not getattr(opened(response), "is_animated", False)
    # and where it is redirected to, were it larger than a gateway carries
    (key,) = [path for path in published.kept() if not path.name.endswith(".note")]
    response = published.get(f"/-/d/{key.relative_to(published.derivatives).as_posix()}")
    assert response["X-First-Frame-Only"] == "The animation has more than 3 frames"
    # the limit is in the key: raised, it makes the animation move at once
    settings.MAX_FRAMES = 4
    response = published.get(url)
    assert "X-First-Frame-Only" not in response
    assert getattr(opened(response), "n_frames", 1) == 4


def test_info_tells_size_type_and_bytes(published):
    response = published.get(f"/-/info{URL}")
    picture = published.get(URL)
    assert response.status_code == 200
    told = response.json()
    assert (told["width"], told["height"], told["type"]) == (90, 90, "image/png")
    assert told["bytes"] == len(picture.content)
    assert (told["original"]["width"], told["original"]["height"], told["original"]["type"]) == (300, 200, "image/jpeg")
    assert response["Cache-Tag"] == picture["Cache-Tag"]


def test_info_tells_what_to_show_before_the_picture_is_there(published):
    told = published.get(f"/-/info{URL}").json()
    assert len(told["blurhash"]) == 28
    assert re.fullmatch(r"#[0-9a-f]{6}", told["dominant_color"])


def test_info_of_nothing_is_a_404(published):
    assert published.get("/-/info/profile-image/ios/nobody.jpg").status_code == 404
    assert published.get("/-/info/nobody/one.jpg").status_code == 404


def test_a_bucket_without_a_place_here_is_a_404_that_says_so(service):
    service.publish(buckets=(Bucket("photos", None),))
    response = service.get("/profile-image/ios/one.jpg")
    assert (response.status_code, response.json()["error"]) == (502, "no_place")


def test_nothing_published_is_a_503_to_be_asked_again(service):
    response = service.get("/profile-image/ios/one.jpg")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Cache-Control"] == "no-store"


def test_a_revision_of_a_newer_version_is_a_503_of_that_alias_alone(service):
    service.put("one.jpg")
    from rendering.storage.factory import configured

    service.publish(service.alias, replace(service.alias, name="other"))
    document = json.loads((service.originals.parent / "catalogue/catalogue.json").read_text())
    document["aliases"]["other"]["recipe"]["filters"] = ["of_tomorrow(1)"]
    document["aliases"]["other"]["of_tomorrow"] = document["of_tomorrow"] = 1
    configured("catalogue").write("catalogue.json", json.dumps(document).encode(), "application/json")
    assert service.get("/other/one.jpg").status_code == 503
    assert service.get("/profile-image/ios/one.jpg").status_code == 200


def test_an_unexpected_fault_is_a_500_without_its_inside(published, monkeypatch, caplog):
    def broken(*args: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr("rendering.pictures.derivatives.want", broken)
    response = published.get(URL)
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert "/secret/path" in caplog.text


def test_fit_reaches_the_picture(service):
    service.put("one.jpg")
    service.publish(replace(service.alias, recipe=Recipe(Geometry(width=90, height=90, fit=Fit.CONTAIN))))
    assert opened(service.get("/profile-image/ios/one.jpg")).size == (90, 60)
