"""What is served while the bucket of originals is away, and what never is."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.imaging.filters import FILTERS
from rendering.pictures import last_stored
from rendering.storage.bulkhead import REST, TIMEOUTS, bulkhead_of
from rendering.storage.errors import LeftAlone, TooLate
from tests.drawings import drawn
from tests.rendering.world import ONE, OURS, OWN, World, at_work
from tests.service import Service, forget

URL = "/profile-image/ios/one.jpg"


@contextmanager
def left_alone(service: Service) -> Iterator[None]:
    """The folder of originals is left alone, as after timeouts, also of what it answered quickly before."""
    place = bulkhead_of(str(service.originals))
    place.timeouts, place.resting_until, place.hangs = TIMEOUTS, time.monotonic() + 100 * REST, True
    yield
    place.timeouts, place.hangs = 0, False


@pytest.fixture
def kept(service: Service, settings: Any) -> Service:
    """A service with a stored picture, where stale ones may be served."""
    settings.SERVE_STALE = True
    service.put("one.jpg")
    service.publish()
    assert service.get(URL).status_code == 200
    return service


def test_without_the_setting_it_is_an_error(kept, settings):
    settings.SERVE_STALE = False
    with left_alone(kept):
        response = kept.get(URL)
    assert (response.status_code, response.json()["error"]) == (503, LeftAlone.code)


def test_the_stored_picture_is_served_for_a_minute_and_says_so(kept):
    before = kept.get(URL)
    with left_alone(kept):
        response = kept.get(URL)
        again = kept.get(URL, if_none_match=response["ETag"])
    assert (response.status_code, response.content) == (200, before.content)
    assert response["ETag"] == before["ETag"]
    assert "does not respond" in response["X-Bucket-Away"]
    assert again.status_code == 304
    for one in (response, again):
        assert one["Cache-Control"] == "public, max-age=60, s-maxage=60, stale-while-revalidate=60"
    assert "X-Bucket-Away" not in before


def test_the_log_says_so(kept, caplog):
    with left_alone(kept), caplog.at_level("INFO", logger="rendering.trace"):
        kept.get(URL)
    (line,) = [record.facts for record in caplog.records if record.message == "request"]
    assert (line["status"], line["stale"]) == (200, LeftAlone.code)


@pytest.mark.parametrize("remembers", [True, False])
def test_of_two_versions_the_newer_one_is_served(kept, remembers):
    kept.put("one.jpg", drawn(300, 500))
    newer = kept.get(URL).content
    if not remembers:
        forget()
    with left_alone(kept):
        assert kept.get(URL).content == newer


def test_a_version_that_came_back_is_served_by_a_process_that_saw_it(kept):
    path, old = kept.originals / "one.jpg", kept.get(URL).content
    path.rename(kept.originals / "away.jpg")
    path.write_bytes(drawn(300, 500))
    assert kept.get(URL).content != old
    (kept.originals / "away.jpg").rename(path)
    came_back = kept.get(URL).content
    with left_alone(kept):
        assert kept.get(URL).content == came_back == old


def test_another_recipe_of_the_same_original_is_not_served(kept):
    geometry = replace(kept.alias.recipe.geometry, width=50)
    kept.publish(kept.alias, replace(kept.alias, name="small", recipe=replace(kept.alias.recipe, geometry=geometry)))
    with left_alone(kept):
        assert kept.get("/small/one.jpg").status_code == 503
        assert kept.get("/profile-image/ios/two.jpg").status_code == 503


@pytest.mark.parametrize("remembers", [True, False])
def test_an_original_that_was_found_to_be_missing_is_not_served(kept, remembers):
    (kept.originals / "one.jpg").unlink()
    assert kept.get(URL).status_code == 404
    if not remembers:
        forget()
    with left_alone(kept):
        assert kept.get(URL).status_code == 503


def test_an_original_that_is_back_again_is_served(kept):
    (kept.originals / "one.jpg").unlink()
    assert kept.get(URL).status_code == 404
    kept.put("one.jpg", drawn(300, 500))
    newer = kept.get(URL).content
    forget()
    with left_alone(kept):
        assert kept.get(URL).content == newer


def test_missing_originals_leave_no_mark_where_nothing_is_stored(kept):
    before = kept.kept()
    assert kept.get("/profile-image/ios/nobody.jpg").status_code == 404
    assert kept.kept() == before


def test_a_missing_original_is_a_404_also_where_something_is_stored(kept):
    (kept.originals / "one.jpg").unlink()
    for _ in range(2):
        assert kept.get(URL).status_code == 404
    assert len([path for path in kept.kept() if path.name == last_stored.GONE]) == 1


def test_an_original_with_more_files_than_are_listed_is_not_served(kept, monkeypatch):
    monkeypatch.setattr(last_stored, "MOST", 1)
    with left_alone(kept):
        assert kept.get(URL).status_code == 503


def test_a_picture_with_an_overlay_is_served_by_a_process_that_saw_the_overlay(kept):
    kept.put("mark.png", drawn(20, 20))
    filters = FILTERS.read("watermark(photos/mark.png,5,5,0)")
    kept.publish(replace(kept.alias, recipe=replace(kept.alias.recipe, filters=filters)))
    before = kept.get(URL)
    assert before.status_code == 200
    with left_alone(kept):
        assert kept.get(URL).content == before.content
    forget()
    with left_alone(kept):
        assert kept.get(URL).status_code == 503


# --- S3


@pytest.fixture
def away(server, service, settings, monkeypatch) -> Iterator[World]:
    """A service on a played S3 that has stored a picture, where stale ones may be served."""
    settings.SERVE_STALE = True
    with at_work(server, service, settings, monkeypatch, immutable=False) as world:
        assert world.get(ONE).status_code == 200
        yield world


@pytest.mark.parametrize("fault", ["slowdown", "internal", "reset"])
def test_an_s3_that_is_away_does_not_empty_pages(away, fault):
    before = away.get(ONE).content
    away.s3.fault = lambda asked: fault if asked.bucket == OWN else ""
    response = away.get(ONE)
    assert (response.status_code, response.content) == (200, before)
    assert response["X-Bucket-Away"]


def test_a_new_version_that_cannot_be_read_is_served_as_the_one_before(away):
    before = away.get(ONE).content
    away.s3.put(OWN, "one.jpg", drawn(300, 500))
    away.s3.fault = lambda asked: "internal" if asked.bucket == OWN and asked.method == "GET" else ""
    response = away.get(ONE)
    assert (response.status_code, response.content) == (200, before)
    away.s3.fault = lambda asked: ""
    response = away.get(ONE)
    assert Image.open(io.BytesIO(response.content)).size == (90, 90)
    assert response.content != before
    assert "X-Bucket-Away" not in response


@pytest.mark.parametrize(
    ("code", "status", "answer"),
    [("NoSuchKey", 404, 404), ("AccessDenied", 403, 404), ("NoSuchBucket", 404, 502), ("InvalidAccessKeyId", 403, 502)],
)
def test_what_is_missing_or_forbidden_is_told_as_ever(away, code, status, answer):
    assert away.refused(code, status).status_code == answer


def test_a_store_of_derivatives_that_is_away_is_not_asked_again(away):
    away.s3.fault = lambda asked: "slowdown" if asked.bucket == OURS and "derivatives/" in asked.key else ""
    away.s3.asked.clear()
    response = away.get(ONE)
    assert response.status_code == 503
    assert not [one for one in away.s3.asked if one.bucket == OURS and not one.key]


def test_where_both_are_away_the_bucket_is_told(away):
    away.s3.fault = lambda asked: "slowdown"
    assert away.get(ONE).json()["error"] == "storage_away"


def test_the_version_that_s3_wrote_last_is_served(away):
    away.s3.put(OWN, "one.jpg", drawn(300, 500))
    newer = away.get(ONE).content
    forget()
    away.s3.fault = lambda asked: "internal" if asked.bucket == OWN else ""
    assert away.get(ONE).content == newer


def test_timeouts_are_answered_with_it_too(away, monkeypatch):
    before = away.get(ONE).content

    def late(*args: object) -> None:
        raise TooLate("one.jpg: Read timeout")

    monkeypatch.setattr("rendering.storage.s3.storage.S3Storage.stat", late)
    assert away.get(ONE).content == before
