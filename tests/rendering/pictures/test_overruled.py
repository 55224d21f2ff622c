"""The overruled focus in the data plane: it replaces `smart`, costs no request where it is not needed, fails gently."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Alias, Bucket
from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.faces import PERSON, Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import overruled
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled
from rendering.storage.factory import configured
from tests.drawings import drawn, opened
from tests.service import Service

PNG = Encoding(format="png")
SQUARE = Alias("square", 1, "photos", Recipe(Geometry(width=90, height=90, smart=Smart()), PNG))
NARROW = Alias("narrow", 1, "photos", Recipe(Geometry(width=30, height=90, smart=Smart()), PNG))
PLAIN = Alias("plain", 1, "photos", Recipe(Geometry(width=90, height=90), PNG))
#: In the picture that `drawn` draws, the left half of these is red and the right half green above.
LEFT, RIGHT = Box.read("0.0x0.0:0.2x0.4"), Box.read("0.8x0.0:1.0x0.4")
RED, GREEN = (255, 0, 0), (0, 255, 0)


def overrule(service: Service, serial: int, boxes: list[str] | None) -> None:
    """Write what publishing writes: the document with that serial, then the catalogue that tells it. With None, the
    document says nothing of the original."""
    said = {} if boxes is None else {hash_of(service.bucket, "one.png"): boxes}
    document = Overruled(serial, said).encode()
    configured("catalogue").write(overruled.name_of("photos"), document, "application/json")
    tell(service, serial)


def tell(service: Service, serial: int) -> None:
    service.publish(SQUARE, NARROW, PLAIN, buckets=(replace(service.bucket, focus=serial),))


@pytest.fixture
def photos(service: Service) -> Service:
    """With an original of 300 by 90 pixels, in four coloured quarters."""
    service.put("one.png", drawn(300, 90, "PNG"))
    return service


def colour(service: Service, alias: str) -> Any:
    """The upper corner of an alias's picture."""
    response = service.get(f"/{alias}/one.png")
    assert response.status_code == 200
    return opened(response).convert("RGB").getpixel((2, 2))


def test_what_is_written_is_read_back_the_same_and_newer_fields_are_ignored():
    written = json.loads(
        json.dumps({**documents.to_builtins(Overruled(7, {"ab": [str(LEFT)], "cd": []})), "tomorrow": 1})
    )
    read = Overruled.read(json.dumps(written).encode())
    assert read.serial == 7
    assert read.focus("ab") == overruled.focus_on([LEFT]) == Focus(PERSON, (Face(LEFT),))
    assert read.focus("cd") == Focus(PERSON, ())
    assert read.focus("ef") is None


@pytest.mark.parametrize("wrong", [["1x2:3x4"], ["x"], [1], 5, None, [{"box": "0.1x0.1:0.2x0.2"}]])
def test_a_focus_that_this_version_does_not_understand_is_none_and_logged(wrong, caplog):
    read = Overruled(1, {"ab": wrong, "cd": [str(LEFT)]})
    assert read.focus("ab") is None
    assert "overruled focus of ab cannot be read" in caplog.text
    assert read.focus("cd")


def test_a_focus_changes_every_smart_crop_of_its_original_and_nothing_else(photos):
    photos.put("two.png", drawn(300, 90, "PNG"))
    tell(photos, 0)
    before = {path: photos.get(path)["ETag"] for path in ("/square/two.png", "/plain/one.png")}
    overrule(photos, 1, [str(LEFT)])
    assert (colour(photos, "square"), colour(photos, "narrow")) == (RED, RED)
    overrule(photos, 2, [str(RIGHT)])
    assert (colour(photos, "square"), colour(photos, "narrow")) == (GREEN, GREEN)
    assert {path: photos.get(path)["ETag"] for path in before} == before


def test_nothing_in_particular_is_as_the_crop_is_aligned(photos):
    overrule(photos, 1, [])
    middle = opened(photos.get("/square/one.png"))
    assert middle.tobytes() == opened(photos.get("/plain/one.png")).tobytes()


def test_a_focus_taken_back_finds_the_old_derivative_again(photos, in_process, monkeypatch):
    tell(photos, 0)
    before = photos.get("/square/one.png")
    overrule(photos, 1, [str(LEFT)])
    assert photos.get("/square/one.png")["ETag"] != before["ETag"]
    overrule(photos, 2, None)
    monkeypatch.setattr("rendering.imaging.pipeline.render.render", lambda *args: pytest.fail("rendered again"))
    after = photos.get("/square/one.png")
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_with_a_focus_set_nobody_looks_for_faces(photos, in_process, monkeypatch):
    monkeypatch.setattr("rendering.imaging.pipeline.sight.detect", lambda *args: pytest.fail("a detector looked"))
    overrule(photos, 1, [str(LEFT)])
    assert colour(photos, "square") == RED


def test_info_tells_the_focus_that_a_person_set(photos):
    overrule(photos, 1, [str(LEFT)])
    told = json.loads(photos.get("/-/info/square/one.png").content)["focus"]
    face = {"left": 0, "top": 0, "right": 0.2, "bottom": 0.4, "confidence": 1}
    assert told == {"detector": "person", "faces": [face]}


def test_thumbor_urls_with_smart_heed_it_too(photos, settings):
    settings.ALLOW_UNSAFE_URL = True
    photos.bucket = replace(photos.bucket, unsafe_allowed=True)
    overrule(photos, 1, [str(RIGHT)])
    found = opened(photos.get("/unsafe/90x90/smart/photos/one.png")).convert("RGB")
    assert found.getpixel((2, 2)) == GREEN


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The names of the documents that are read."""
    names: list[str] = []
    kind = type(configured("catalogue"))
    read = kind.read

    def noting(self: Any, key: str, **options: Any) -> Any:
        names.append(key)
        return read(self, key, **options)

    monkeypatch.setattr(kind, "read", noting)
    return names


def focus_reads(reads: list[str]) -> int:
    return reads.count("focus/photos.json")


def test_a_bucket_without_a_focus_and_recipes_that_are_not_smart_cost_no_read(photos, reads):
    tell(photos, 0)
    photos.get("/square/one.png")
    overrule(photos, 1, [str(LEFT)])
    photos.get("/plain/one.png")
    assert focus_reads(reads) == 0


def test_a_document_is_read_once_and_again_when_the_catalogue_tells_a_higher_serial(photos, reads, settings):
    settings.CATALOGUE_MAX_AGE = 60
    overrule(photos, 1, [str(LEFT)])
    assert [colour(photos, name) for name in ("square", "narrow", "square")] == [RED] * 3
    assert focus_reads(reads) == 1
    # Published within the same seconds: it is the catalogue's age that counts, not the document's.
    overrule(photos, 2, [str(RIGHT)])
    assert colour(photos, "square") == RED
    photos.wait(61)
    assert [colour(photos, "square"), colour(photos, "narrow")] == [GREEN] * 2
    assert focus_reads(reads) == 2


def ages(service: Service) -> str:
    response = service.get("/square/one.png")
    assert response.status_code == 200
    return str(response["Cache-Control"])


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"serial": "x", "boxes": {}}', b"\xff", None])
def test_a_document_that_cannot_be_read_leaves_the_last_good_one(photos, settings, reads, broken):
    overrule(photos, 1, [str(LEFT)])
    assert colour(photos, "square") == RED
    store = configured("catalogue")
    if broken is None:
        (photos.derivatives.parent / "catalogue/focus/photos.json").unlink()
    else:
        store.write("focus/photos.json", broken, "application/json")
    tell(photos, 2)
    assert colour(photos, "square") == RED
    assert "max-age=0, s-maxage=0" in ages(photos)
    # It is asked for no more often than the catalogue.
    settings.CATALOGUE_MAX_AGE = 60
    photos.get("/square/one.png")
    reads.clear()
    assert "max-age=60, s-maxage=60" in ages(photos)
    assert focus_reads(reads) == 0
    overrule(photos, 2, [str(RIGHT)])
    photos.wait(61)
    assert colour(photos, "square") == GREEN
    assert "s-maxage=31536000" in ages(photos)


def test_a_process_that_never_could_read_it_serves_what_is_found_for_a_short_while(photos, reads):
    tell(photos, 0)
    found = photos.get("/square/one.png")
    tell(photos, 1)
    response = photos.get("/square/one.png")
    assert response.content == found.content
    assert "max-age=0, s-maxage=0" in response["Cache-Control"]
    assert overruled.stale(Bucket("photos", None, focus=1))
    assert not overruled.stale(Bucket("others", None, focus=1))


def test_a_document_that_is_older_than_the_catalogue_says_is_not_the_last_word(photos):
    overrule(photos, 1, [str(LEFT)])
    tell(photos, 2)
    assert "s-maxage=0" in ages(photos)
    assert colour(photos, "square") == RED
    overrule(photos, 2, [str(RIGHT)])
    assert colour(photos, "square") == GREEN
    assert "s-maxage=31536000" in ages(photos)


def test_a_document_that_is_newer_than_the_catalogue_says_is_not_read_again(photos, reads):
    overrule(photos, 5, [str(LEFT)])
    tell(photos, 3)
    assert [colour(photos, "square"), colour(photos, "square")] == [RED] * 2
    assert focus_reads(reads) == 1


def test_ten_thousand_originals_are_a_document_of_less_than_a_megabyte():
    boxes = {f"{number:032x}": ["0.123x0.234:0.345x0.456"] for number in range(10_000)}
    assert len(Overruled(1, boxes).encode()) < 1_000_000
