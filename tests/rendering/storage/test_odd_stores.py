"""Stores that speak S3, though not all of it: no ETags, no lengths, weak ETags, conditions that are refused, unknown or
not heeded; objects stored with a Content-Encoding; buckets of which whoever reads pays; keys that no store can have."""

import gzip
import os
import zlib
from itertools import product

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Alias
from rendering.imaging.focus.smart import Smart
from rendering.storage.errors import Changed
from rendering.storage.factory import at, configured, probe
from rendering.storage.place import Place
from tests.drawings import drawn, opened
from tests.rendering.played_s3 import Refusal
from tests.rendering.world import ONE, OURS, OWN, PLACE, RECIPE, SMALL
from tests.service import forget

CONDITIONS = ["kept", "refused", "unknown", "bad", "ignored"]
STORES = list(product(["strong", "weak", ""], [True, False], CONDITIONS))


@pytest.mark.parametrize(("etags", "lengths", "conditions"), STORES)
def test_every_such_store_serves_keeps_and_sees_what_changed(world, etags, lengths, conditions):
    world.s3.etags, world.s3.lengths, world.s3.conditions = etags, lengths, conditions
    forget()
    first, again = world.get(ONE), world.get(ONE)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first["ETag"] == again["ETag"]
    assert len([key for _, key in world.s3.kept if key.startswith("derivatives/")]) == 1
    assert world.get(ONE, if_none_match=first["ETag"]).status_code == 304
    if not world.immutable:
        world.s3.put(OWN, "one.jpg", drawn(310, 210, mode="L"))
        changed = world.get(ONE)
        assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


@pytest.mark.parametrize("world", [False], indirect=True, ids=["mutable"])  # which says nothing of catalogues
@pytest.mark.parametrize(("etags", "lengths", "conditions"), STORES)
def test_every_such_store_has_its_catalogue_written_again_and_again(world, etags, lengths, conditions):
    world.s3.etags, world.s3.lengths, world.s3.conditions = etags, lengths, conditions
    store = configured("catalogue")
    store.write("c.json", b"1", "application/json", replacing="")
    for content in (b"22", b"333", b"4444"):
        before = store.read("c.json")
        assert before is not None
        store.write("c.json", content, "application/json", replacing=before.etag)
    stored = store.read("c.json")
    assert stored is not None
    assert stored.content == b"4444"
    assert store.read("c.json", unless=stored.etag) is None
    if conditions != "ignored":
        for late in ("", before.etag if before else "another"):
            with pytest.raises(Changed):
                store.write("c.json", b"late", "application/json", replacing=late)


def test_an_original_that_is_overwritten_meanwhile_is_not_kept_under_its_old_version(world):
    if world.immutable:
        pytest.skip("nobody asks whether it changed")
    for etags, conditions in (("weak", "kept"), ("", "kept"), ("strong", "ignored"), ("strong", "refused")):
        world.s3.put(OWN, "one.jpg", drawn())
        world.s3.etags, world.s3.conditions = etags, conditions

        def overwrite(asked):
            if asked.method == "GET" and asked.bucket == OWN:
                world.s3.refusing = lambda asked: None
                world.s3.put(OWN, "one.jpg", drawn(320, 220, mode="L"))

        world.s3.refusing = overwrite
        response = world.get(ONE)
        assert (response.status_code, opened(response).mode) == (200, "L")
        assert response["ETag"] == world.get(ONE)["ETag"]


@pytest.mark.parametrize("etags", ["strong", ""])
@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_is_there_is_found_where_head_is_refused_and_get_is_not(world, settings, etags, status):
    world.s3.etags = etags
    settings.CATALOGUE_MAX_AGE = 60
    for number in range(30):  # more than a flood of missing keys may cost
        world.s3.put(OWN, f"{number}.jpg", drawn())
    world.s3.refusing = lambda asked: (
        Refusal(status) if asked.method == "HEAD" and (asked.bucket, asked.key) in world.s3.kept else None
    )
    for number in range(30):
        response = world.get(f"/own/{number}.jpg")
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert world.get(SMALL).status_code == 404
    found = probe(replace(PLACE, endpoint_url=world.s3.url))
    assert (found.ok, "refuses HEAD" in found.sentence) == (True, True)


def test_a_store_that_tells_nothing_of_a_version_is_told_as_that(world):
    world.s3.etags, world.s3.moments = "", False
    forget()
    response = world.get(ONE)
    if world.immutable:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.json()["error"]) == (502, "storage_nonsense")
    found = probe(PLACE)
    assert not found.ok
    assert "never change" in found.sentence


def test_a_store_without_lengths_is_read_up_to_the_limit(world, settings):
    world.s3.lengths = False
    settings.MAX_BYTES = len(drawn()) - 1
    response = world.get(ONE)
    assert (response.status_code, response.json()["error"]) == (422, "too_large")
    settings.MAX_BYTES += 1
    assert world.get(ONE).status_code == 200


@pytest.mark.parametrize(
    ("knob", "value", "word"),
    [
        ("etags", "", "sends no ETag"),
        ("etags", "weak", "weak ETags"),
        ("lengths", False, "sends no sizes"),
        ("etags", "strong", "listed and read"),
    ],
)
def test_the_test_of_a_bucket_says_what_its_store_does_not_tell(world, knob, value, word):
    setattr(world.s3, knob, value)
    found = probe(PLACE)
    assert found.ok
    assert word in found.sentence
    assert ("but" in found.sentence) == (value != "strong")


def test_a_moment_that_is_none_is_passed_over(world):
    world.s3.moments = False
    world.s3.put(OWN, "one.jpg", drawn(), Last_Modified="yesterday")
    assert world.get(ONE).status_code == 200


# --- Content-Encoding


def coded(content: bytes, coding: str) -> bytes:
    for one in coding.lower().split(", "):
        if one in ("gzip", "x-gzip"):
            content = gzip.compress(content)
        elif one == "deflate":
            content = zlib.compress(content)
    return content


@pytest.mark.parametrize(
    "coding",
    [
        "gzip",
        "GZIP",
        "x-gzip",
        "deflate",
        "aws-chunked",
        "aws-chunked, gzip",
        "identity",
        "gzip, deflate",
        "gzip, gzip",
    ],
)
def test_the_coding_that_an_object_names_is_undone(world, coding):
    plain = world.get(ONE).content
    world.s3.put(OWN, "coded.jpg", coded(drawn(), coding), Content_Encoding=coding)
    world.s3.put(OWN, "logo.png", coded(drawn(20, 20, "PNG"), coding), Content_Encoding=coding)
    response = world.get("/own/coded.jpg")
    assert (response.status_code, response.content) == (200, plain)
    assert "Content-Encoding" not in response
    assert world.get("/-/info/own/coded.jpg").json()["original"]["bytes"] == len(drawn())
    assert world.get("/unsafe/filters:watermark(photos/logo.png,0,0,0)/photos/coded.jpg").status_code == 200
    assert probe(PLACE).ok


@pytest.mark.parametrize("coding", ["gzip", "br", "utf-8", "base64", "binary", "deflate"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"])
def test_a_picture_whose_header_says_what_it_is_not_is_served(world, coding, kind):
    world.s3.put(OWN, "one.jpg", drawn(format=kind), Content_Encoding=coding)
    assert world.get(ONE).status_code == 200


@pytest.mark.parametrize(
    ("content", "coding", "status", "word"),
    [
        (gzip.compress(bytes(60_000_000)), "gzip", 422, "decompresses to more than"),
        (gzip.compress(gzip.compress(bytes(60_000_000))), "gzip, gzip", 422, "decompresses to more than"),
        (zlib.compress(bytes(60_000_000)), "deflate", 422, "decompresses to more than"),
        (gzip.compress(drawn())[:-20], "gzip", 422, "truncated"),
        (gzip.compress(drawn())[:50] + b"x" * 500, "gzip", 422, "damaged"),
        (b"\xff\xff\xff", "deflate", 422, "damaged"),
        (b"\x0b\x02\x80", "br", 415, "Content-Encoding: br"),
        (b"\x28\xb5\x2f\xfd", "zstd", 415, "Content-Encoding: zstd"),
        (b"x", ", ".join(["gzip"] * 9), 415, "has more than 5 codings"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_cannot_be_undone_is_told_as_what_it_is(world, content, coding, status, word):
    if coding.count(",") > 5 and not world.immutable:
        pytest.skip("botocore leaves the connection of such a HEAD open, which is a warning")
    world.s3.put(OWN, "one.jpg", content, Content_Encoding=coding)
    response = world.get(ONE)
    assert (response.status_code, word in response.json()["message"]) == (status, True), response.json()


def test_the_test_of_a_bucket_names_a_coding_that_is_not_read(world):
    world.s3.put(OWN, "a.jpg", b"\x0b\x02\x80", Content_Encoding="br")
    assert "Content-Encoding: br" in probe(PLACE).sentence


# --- Requester pays


def test_a_requester_pays_bucket_is_read_by_who_says_that_he_pays(world):
    world.s3.paid.add(OWN)
    assert world.get("/bare/one.jpg").status_code == 404  # a bare refusal: S3 says no more
    assert "requester pays" in probe(PLACE).sentence
    paying = replace(PLACE, requester_pays=True)
    assert probe(paying).ok
    world.publish(place=paying)
    assert world.get(ONE).status_code == 200
    assert at(paying).keys("", 9) == ["fallback.jpg", "one.jpg"]
    at(paying).reach()
    asked = [one for one in world.s3.asked if one.bucket == OWN]
    assert {one.headers["x-amz-request-payer"] for one in asked} == {"requester"}
    ours = [one for one in world.s3.asked if one.bucket == OURS]
    assert ours
    assert not [one for one in ours if "x-amz-request-payer" in one.headers]


# --- What an archived focus is, and keys that cannot be


def test_an_archived_focus_is_found_again_and_written_over(world):
    world.publish(Alias("smart", 1, "photos", replace(RECIPE, geometry=replace(RECIPE.geometry, smart=Smart()))))
    assert world.get("/smart/one.jpg").status_code == 200
    focus = next(key for key in world.s3.kept if ".focus-" in key[1])
    picture = next(key for key in world.s3.kept if key[1].startswith("derivatives/") and ".focus-" not in key[1])
    for key in (focus, picture):
        world.s3.kept[key].archived = True
    assert world.get("/smart/one.jpg").status_code == 200
    assert not world.s3.kept[focus].archived
    assert not world.s3.kept[picture].archived


@pytest.mark.parametrize("length", [1016, 1024])
def test_a_key_that_is_too_long_with_its_place_asks_no_store(world, caplog, length):
    world.publish(
        Alias("lost", 1, "photos", RECIPE, fallback="f" * length),
        place=replace(PLACE, prefix="originals/"),
    )
    key = "k" * length
    for url in (
        f"/bare/{key}",
        f"/-/info/own/{key}",
        f"/unsafe/photos/{key}",
        f"/unsafe/meta/photos/{key}",
        f"/unsafe/debug/smart/photos/{key}",
        f"/unsafe/filters:watermark(photos/{key},0,0,0)/photos/{key}",
    ):
        response = world.get(url)
        assert response.status_code in (400, 404), url
        assert "1,024" in response.json()["message"]
    assert [one for one in world.s3.asked if one.bucket == OWN] == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("code", ["KeyTooLongError", "XMinioInvalidObjectName", "InvalidURI"])
def test_a_name_that_a_store_gives_to_no_object_is_missing(world, caplog, code):
    assert world.refused(code, 400, url="/bare/one.jpg").status_code == 404
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("key", ["n" * 256, "ü" * 128, "a/" + "n" * 300 + "/b", "/".join(["p" * 200] * 5)])
def test_a_key_that_no_file_can_have_is_missing_before_any_folder_is_asked(service, caplog, key):
    deep = service.originals / "/".join(["d" * 200] * 16)
    bucket = replace(service.bucket, immutable=True, place=Place("folder", str(deep)))
    service.publish(buckets=(bucket,))
    response = service.get(f"/profile-image/ios/{key}")
    assert (response.status_code, response.json()["error"]) == (404, "unknown_original")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may be another user for a moment")
def test_a_folder_that_denies_is_our_fault(service, settings, caplog):
    settings.CATALOGUE_MAX_AGE = 60
    service.put("one.jpg").chmod(0o600)
    service.publish(replace(service.alias, fallback="fallback.jpg"))
    service.put("fallback.jpg")
    service.get("/profile-image/ios/fallback.jpg")
    os.seteuid(65534)
    try:
        response = service.get("/profile-image/ios/one.jpg")
    finally:
        os.seteuid(0)
    assert (response.status_code, response.json()["error"]) == (502, "denied_original")
    assert response["Cache-Control"] == "no-store"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]  # visitors choose the key
