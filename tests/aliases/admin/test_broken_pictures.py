"""A picture that cannot be made takes no page with it: the page says so in its place, and the log has the fault."""

import os
import re
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from PIL import Image

from aliases.models import Alias, OverruledFocus, Publication
from aliases.pictures.measuring import steps
from aliases.publishing.publishing import publish
from rendering.imaging.pipeline import sight
from rendering.pictures import derivatives
from tests.aliases.forms import form_of, page
from tests.drawings import photograph
from tests.rendering.imaging.pictures import saved
from tests.values import NO_KEYS, ODD_FILES

pytestmark = pytest.mark.django_db

FAULT = r"This picture could not be made: a fault of the service. Its log has more under request id [0-9a-f]{32}\."


@pytest.fixture
def framed(alias, service):
    """A live alias, smart, whose draft has a frame that is none."""
    service.put("frames/tiny.png", saved(Image.new("RGB", (2, 40), "black")))
    service.put("wide.jpg", saved(Image.new("RGB", (400, 100), "red"), "JPEG"))
    alias.crop, alias.sample = "smart", "wide.jpg"
    alias.save()
    publish(alias, None)
    alias.refresh_from_db()
    alias.filters = "frame(photos/frames/tiny.png)"
    alias.save()
    return alias


def all_pages(alias: Alias) -> list[str]:
    publication = Publication.objects.get(revision=alias.live)
    return [
        "/",
        page("alias_changelist"),
        page("alias_change", alias.pk),
        page("alias_history", alias.pk),
        page("alias_publish", alias.pk),
        page("alias_roll_back", alias.pk, 1),
        page("alias_publication", publication.pk),
        page("bucket_focus", alias.bucket.pk) + "?key=wide.jpg",
        page("bucket_change", alias.bucket.pk),
    ]


def test_an_alias_with_a_frame_that_is_none_is_a_refusal_and_every_page_stays(framed, admin, service, committed):
    told = "it has 2 x 40 pixels"
    assert told in admin.post(page("alias_publish", framed.pk)).content.decode()
    preview = admin.post(page("alias_preview", framed.pk), form_of(framed))
    assert preview.status_code == 422
    assert told in preview.json()["message"]
    with committed():
        publish(framed, None)
    framed.refresh_from_db()
    served = service.get("/profile-image/ios/wide.jpg")
    assert served.status_code == 400
    assert told in served.json()["message"]
    for one in all_pages(framed):
        assert admin.get(one).status_code == 200, one
    assert told in admin.get("/").content.decode()
    with committed():
        assert admin.post(page("alias_roll_back", framed.pk, 1), {"why": "the frame"}).status_code == 302
    assert service.get("/profile-image/ios/wide.jpg").status_code == 200


@pytest.mark.parametrize(
    "fault", [ValueError("of Pillow's"), ZeroDivisionError(), AssertionError(), MemoryError(), OSError(5)]
)
@pytest.mark.parametrize("where", [(derivatives, "do"), (derivatives, "want"), (sight, "wants_focus")])
def test_a_fault_of_ours_in_one_picture_is_told_in_its_place_and_logged(
    where, fault, framed, admin, monkeypatch, caplog
):
    def broken(*args, **kwargs):
        raise fault

    monkeypatch.setattr(*where, broken)
    for one in all_pages(framed):
        assert admin.get(one).status_code == 200, one
    if where[0] is sight:
        return
    for one, ask in (("/", admin.get), (page("alias_publish", framed.pk), admin.post)):
        caplog.clear()
        response = ask(one)
        told = re.search(FAULT, response.content.decode())
        assert told, one
        assert response["X-Request-Id"] in told[0]
        assert any(record.levelname == "ERROR" and record.exc_info for record in caplog.records)
    preview = admin.post(page("alias_preview", framed.pk), form_of(framed))
    assert preview.status_code == 500
    assert re.search(FAULT, preview.json()["message"])
    for which in ("draft", "1"):
        assert admin.get(page("alias_picture", framed.pk, which)).status_code == 500


def test_a_fault_while_looking_into_a_bucket_is_told_and_logged(admin, bucket, monkeypatch, caplog):
    monkeypatch.setattr("aliases.pictures.browsing.probe", lambda place: 1 / 0)
    response = admin.post(page("bucket_test", bucket.pk))
    assert response.status_code == 200
    assert "could not be read: a fault of the service" in response.content.decode()
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_while_measuring_ends_the_measuring_with_a_sentence(admin, wall, monkeypatch):
    monkeypatch.setattr(derivatives, "do", lambda *args, **named: 1 / 0)
    for _ in range(3):
        assert admin.post(page("alias_measure_progress", wall.pk)).status_code == 200
    response = admin.get(page("alias_publish", wall.pk))
    assert "a fault of the service" in response.content.decode()


@pytest.mark.parametrize("odd", ODD_FILES)
def test_a_file_that_no_url_can_name_is_offered_nowhere_and_stops_nothing(odd, admin, wall, service):
    for place in (b"", b"people/"):
        path = Path(os.fsdecode(str(service.originals).encode() + b"/" + place + odd))
        path.write_bytes(photograph())
    found = admin.get(page("bucket_keys", wall.bucket.pk)).json()
    assert ([one["key"] for one in found["entries"]], found["folders"]) == (["cat.jpg"], ["people/"])
    found = admin.get(page("bucket_keys", wall.bucket.pk), {"prefix": "people/"}).json()
    assert [one["key"] for one in found["entries"]] == ["people/ann.jpg", "people/bob.jpg"]
    for response in (
        admin.post(page("bucket_test", wall.bucket.pk)),
        admin.get(page("bucket_focus", wall.bucket.pk)),
        admin.get(page("bucket_picture", wall.bucket.pk), {"key": "people/ann.jpg"}),
    ):
        assert response.status_code == 200
    for _ in steps(wall):
        pass
    assert publish(wall, None).publication
    assert not [key for key in wall.calibration["samples"] if key not in ("people/ann.jpg", "people/bob.jpg")]


# What is no UTF-8 in a query comes from Django as a key that could be one.
@pytest.mark.parametrize("key", [key for key in NO_KEYS if not any("\ud800" <= one <= "\udfff" for one in key)])
def test_what_is_no_key_is_refused_by_every_page_that_takes_one(key, admin, smart_bucket):
    said = key.encode("utf-8", "surrogatepass")
    bucket = smart_bucket.pk
    assert admin.get(page("bucket_focus", bucket) + f"?key={quote_from_bytes(said)}").status_code == 200
    for name in ("bucket_picture", "bucket_original"):
        assert admin.get(page(name, bucket) + f"?key={quote_from_bytes(said)}").status_code == 422
    assert (
        admin.post(page("bucket_samples", bucket), {"pin": said.decode("utf-8", "replace") or "\0"}).status_code == 422
    )
    overruling = {"choice": "nothing", "seen": "0", "why": ""}
    response = admin.post(page("bucket_focus", bucket) + f"?key={quote_from_bytes(said)}", overruling)
    assert response.status_code == 200
    assert not OverruledFocus.objects.exists()


@pytest.fixture
def smart_bucket(framed):
    return framed.bucket
