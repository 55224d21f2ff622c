"""Keys, and many requests for one picture."""

import contextlib
import io
import json
import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering import trace
from rendering.catalogue.catalogue import Bucket
from rendering.dialects.signing import sign
from rendering.imaging import renderer
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline import render as imaging
from rendering.imaging.recipe import Defaults, Recipe
from rendering.pictures import derivatives, originals
from rendering.pictures.derivatives import Wanted
from rendering.pictures.originals import Original
from rendering.storage.errors import Changed, TooLate
from rendering.storage.factory import configured
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.service import Service, seats_taken

BUCKET = Bucket("photos", Place("s3", "physical"))
RECIPE = Recipe(Geometry(width=90), Encoding(format="png")).settled("any", Defaults())
URL = "/profile-image/ios/one.jpg"


def key(bucket: Bucket = BUCKET, name: str = "a.jpg", version: str = "v", recipe: Recipe = RECIPE) -> str:
    return Wanted(Original(bucket, name, version, "etag"), recipe).key


def test_a_key_lies_under_its_original_and_names_no_key():
    bucket, original, last = key(name="people/private name.jpg").split("/")
    assert bucket == "photos"
    assert len(original) == 32
    assert last.startswith("v.")
    assert key().rpartition("/")[0] == key(recipe=replace(RECIPE, geometry=Geometry(width=1))).rpartition("/")[0]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "b.jpg"},
        {"version": "w"},
        {"bucket": Bucket("others", BUCKET.place)},
        {"recipe": replace(RECIPE, geometry=Geometry(width=91))},
        {"recipe": Recipe(Geometry(width=90), Encoding(format="png", background="000000")).settled("any", Defaults())},
        {"recipe": Recipe(Geometry(width=90), Encoding(format="auto")).settled("webp", Defaults())},
    ],
)
def test_everything_that_decides_the_pixels_is_in_the_key(other):
    assert key(**other) != key()


@pytest.mark.parametrize("name", ["MAX_WIDTH", "MAX_HEIGHT", "MAX_FRAMES"])
def test_a_limit_that_shapes_pictures_is_in_the_key(settings, name):
    before = key()
    setattr(settings, name, getattr(settings, name) - 1)
    assert key() != before


def test_a_limit_that_refuses_pictures_is_not_in_the_key(settings):
    before = key()
    settings.MAX_PIXELS, settings.MAX_BYTES = settings.MAX_PIXELS - 1, settings.MAX_BYTES - 1
    assert key() == before


def test_the_renderers_number_is_in_the_key(monkeypatch):
    before = key()
    monkeypatch.setattr(renderer, "RENDERER", renderer.RENDERER + 1)
    assert key() != before


def test_the_version_is_of_the_place_and_the_bytes_alone(service: Service):
    service.put("one.jpg")
    version = originals.find(service.bucket, "one.jpg").version
    assert originals.find(replace(service.bucket, unsafe_allowed=True), "one.jpg").version == version
    moved = replace(service.bucket, place=Place("folder", f"{service.originals}/"))
    assert originals.find(moved, "one.jpg").version != version
    immutable = replace(service.bucket, immutable=True)
    assert originals.find(immutable, "one.jpg").version == originals.find(immutable, "two.jpg").version


@pytest.fixture
def renders(in_process, monkeypatch) -> list[int]:
    """Slow renders, counted."""
    done: list[int] = []
    render = imaging.render

    def slow(*args):
        done.append(1)
        time.sleep(0.3)
        return render(*args)

    monkeypatch.setattr(imaging, "render", slow)
    return done


def test_fifty_requests_for_one_missing_picture_are_one_render(service: Service, renders):
    service.put("one.jpg")
    service.publish()
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda number: service.get(URL), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    assert len(renders) == 1
    assert len(service.kept()) == 1


@pytest.mark.parametrize("first_is_signed", [True, False])
def test_of_a_signed_and_an_unsigned_request_at_once_the_picture_is_kept(
    service: Service, settings, in_process, monkeypatch, first_is_signed
):
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = "a key of sixteen letters or more", True
    service.put("one.jpg")
    service.publish(buckets=(replace(service.bucket, unsafe_allowed=True),))
    path = "50x40/photos/one.jpg"
    first, second = f"/{sign(settings.SECURITY_KEY, path)}/{path}", f"/unsafe/{path}"
    if not first_is_signed:
        first, second = second, first
    begun, go_on, render = threading.Event(), threading.Event(), imaging.render

    def waiting(*args):
        begun.set()
        go_on.wait(10)
        return render(*args)

    monkeypatch.setattr(imaging, "render", waiting)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(service.get, first)
        begun.wait(10)
        other = pool.submit(service.get, second)
        time.sleep(0.1)  # time for the other to join, or to begin
        go_on.set()
        answers = [one.result(), other.result()]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert len(service.kept()) == 1
    assert derivatives.underway == {}


def test_a_render_that_fails_fails_for_all_who_wait_and_leaves_nothing(service: Service, renders):
    service.put("one.jpg", drawn()[:-300])
    service.publish()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: service.get(URL), range(10)))
    assert {answer.status_code for answer in answers} == {422}
    assert derivatives.underway == {}
    assert service.kept() == []


def test_when_no_seat_is_free_in_time_the_answer_is_a_503(service: Service, settings):
    settings.DEADLINE = 0.2
    service.publish()
    service.put("one.jpg")
    with seats_taken():
        busy = service.get(URL)
    assert busy.status_code == 503
    assert (busy["Retry-After"], json.loads(busy.content)["error"]) == ("5", "busy")


def test_whoever_joins_a_request_that_runs_out_of_time_has_its_own(service: Service, settings, monkeypatch):
    """The first waits for room, in vain; the second, which came later, makes the picture when there is some."""
    settings.RENDERS_AT_ONCE, settings.DEADLINE = 1, 2.0
    service.put("one.jpg")
    service.publish()
    with ThreadPoolExecutor(2) as pool, contextlib.ExitStack() as room:
        room.enter_context(seats_taken())
        first = pool.submit(service.get, URL)
        time.sleep(0.2)
        second = pool.submit(service.get, URL)
        assert first.result().status_code == 503
        room.close()
        assert second.result().status_code == 200
    assert derivatives.underway == {}


def test_whoever_joins_a_request_whose_bucket_drips_asks_it_again(service: Service, settings, monkeypatch):
    settings.DEADLINE = 1.0
    service.put("one.jpg")
    service.publish()
    read, begun = originals.read, threading.Event()

    def dripping(original: Any) -> bytes:
        monkeypatch.setattr(originals, "read", read)
        begun.set()
        while trace.remaining() > 0:
            time.sleep(0.05)
        raise TooLate("one.jpg drips")

    monkeypatch.setattr(originals, "read", dripping)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(service.get, URL)
        begun.wait(10)
        time.sleep(0.5)
        second = pool.submit(service.get, URL)
        assert [first.result().status_code, second.result().status_code] == [504, 200]


def test_a_storage_that_answers_too_late_is_asked_once_for_all_who_wait(service: Service, monkeypatch):
    service.put("one.jpg")
    service.publish()
    asked = []
    joined = threading.Semaphore(0)

    class Counted(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            joined.release()
            return super().result(timeout)

    def late(original: Any) -> bytes:
        asked.append(1)
        assert all(joined.acquire(timeout=10) for _ in range(9))  # the others wait for this one
        raise TooLate("no answer")

    monkeypatch.setattr(derivatives, "Future", Counted)
    monkeypatch.setattr(originals, "read", late)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: service.get(URL), range(10)))
    assert {answer.status_code for answer in answers} == {504}
    assert len(asked) == 1


def test_an_original_overwritten_while_it_is_read_starts_the_answer_again(service: Service, monkeypatch):
    path = service.put("one.jpg")
    service.publish()
    read = originals.read
    new = drawn(400, 400, mode="L")

    def overwritten_once(original):
        monkeypatch.setattr(originals, "read", read)
        path.write_bytes(new)
        return read(original)

    monkeypatch.setattr(originals, "read", overwritten_once)
    response = service.get(URL)
    assert response.status_code == 200
    assert response["ETag"] == service.get(URL)["ETag"]
    assert len(service.kept()) == 1
    assert Image.open(io.BytesIO(response.content)).mode == "L"


def test_an_original_overwritten_all_the_time_is_a_503(service: Service, monkeypatch):
    service.put("one.jpg")
    service.publish()

    def changed(original):
        raise Changed("again")

    monkeypatch.setattr(originals, "read", changed)
    assert service.get(URL).status_code == 503
    assert service.kept() == []


@pytest.mark.parametrize("rubbish", [b"", b"half a pict"])
def test_a_kept_file_that_is_no_picture_is_made_anew(service: Service, rubbish):
    service.put("one.jpg")
    service.publish()
    whole = service.get(URL).content
    service.kept()[0].write_bytes(rubbish)
    assert service.get(URL).content == whole
    assert service.kept()[0].read_bytes() == whole


def test_readers_get_whole_pictures_while_it_is_kept_again_and_again(service: Service):
    service.put("one.jpg")
    service.publish()
    whole = service.get(URL).content
    stop = threading.Event()
    store = configured("derivatives")
    name = service.kept()[0].relative_to(service.derivatives).as_posix()

    def write() -> None:
        while not stop.is_set():
            store.write(name, whole, "image/png")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert {service.get(URL).content for _ in range(100)} == {whole}
    finally:
        stop.set()
        writer.join()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_picture_that_cannot_be_kept_is_served_for_a_short_while(service: Service):
    service.put("one.jpg")
    service.publish()
    service.derivatives.mkdir()
    service.derivatives.chmod(0o500)
    response = service.get(URL)
    assert response.status_code == 200
    assert "s-maxage=60" in response["Cache-Control"]


def test_a_picture_whose_storage_is_a_file_is_served_all_the_same(service: Service):
    service.put("one.jpg")
    service.publish()
    service.derivatives.write_bytes(b"in the way")
    response = service.get(URL)
    assert response.status_code == 200
    assert "s-maxage=60" in response["Cache-Control"]


def test_an_alias_changed_and_changed_back_finds_its_old_derivative(service: Service, in_process, monkeypatch):
    service.put("one.jpg")
    service.publish()
    first = service.get(URL)
    service.publish(replace(service.alias, revision=2, recipe=Recipe(Geometry(width=50))))
    assert service.get(URL)["ETag"] != first["ETag"]
    monkeypatch.setattr(imaging, "render", lambda *args: pytest.fail("rendered again"))
    service.publish(replace(service.alias, revision=3))
    assert service.get(URL).content == first.content
