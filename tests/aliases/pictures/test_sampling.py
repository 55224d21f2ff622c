"""The search for a bucket's sample set: what it finds and why, its bounds, and that it goes on where it stopped."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from aliases.models import BucketPlace, OriginalFacts, Sample, SampleSearch
from aliases.pictures import samples, sampling
from rendering.imaging.reading.colour import codes, icc
from rendering.workers.errors import Busy
from tests.drawings import drawn
from tests.service import seats_taken

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[3] / "samples"


def animation() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[274] = 6
    return drawn(90, 60, exif=exif.tobytes())


PICTURES = {
    "a/wide.jpg": drawn(600, 60),
    "a/tall.jpg": drawn(60, 500),
    "b/large.jpg": drawn(900, 900),
    "b/small.PNG": drawn(8, 8, "PNG"),
    "b/clear.png": drawn(80, 60, "PNG", "RGBA"),
    "moving.gif": animation(),
    "ink.jpg": drawn(80, 60, "JPEG", "CMYK"),
    "p3.png": drawn(80, 60, "PNG", icc_profile=icc.profile_of(codes.PRIMARIES[12])),
    "turned.jpg": turned(),
    "ann.jpg": (DEMO / "people/astronaut.jpg").read_bytes(),
    "broken.jpg": b"\xff\xd8\xff\xe0 no more",
    "notes.txt": b"text",
}


@pytest.fixture
def filled(bucket, service):
    for key, content in PICTURES.items():
        service.put(key, content)
    return bucket


def search(bucket, seconds: float = 60) -> SampleSearch:
    return sampling.step(sampling.ask(bucket), seconds)


def why(bucket) -> dict[str, str]:
    return {sample.key: sample.why for sample in samples.of(bucket)}


def test_the_most_different_originals_are_found_and_why(filled):
    ended = search(filled)
    assert ended.finished_at
    assert not ended.trouble
    found = why(filled)
    expected = {
        "a/wide.jpg": "widest",
        "a/tall.jpg": "tallest",
        "b/large.jpg": "largest",
        "b/small.PNG": "smallest",
        "b/clear.png": "transparent",
        "moving.gif": "animated",
        "ink.jpg": "CMYK",
        "p3.png": "wide gamut",
        "turned.jpg": "turned by EXIF",
        "ann.jpg": "one face",
    }
    assert {key: found[key] for key in expected} == expected
    assert "no face" in " ".join(found.values())
    assert not found.keys() & {"broken.jpg", "notes.txt"}


def test_what_a_file_says_is_kept_of_the_upright_picture(filled):
    search(filled)
    facts = {sample.key: sample.facts for sample in samples.of(filled)}
    length = len(PICTURES["turned.jpg"])
    assert facts["turned.jpg"] == OriginalFacts("image/jpeg", 60, 90, length, turned=True, faces=0)
    assert facts["moving.gif"] == OriginalFacts("image/gif", 40, 30, len(animation()), frames=2, faces=0)


def test_originals_that_are_alike_fill_the_set_and_none_is_said_to_be_special(bucket, service):
    for number in range(30):
        service.put(f"{number:02}.jpg", drawn(300, 200, quality=50 + number))
    search(bucket)
    assert len(samples.of(bucket)) == samples.LEAST
    assert set(why(bucket).values()) == {"no face", "ordinary"}


def test_what_is_pinned_stays_and_its_trouble_is_said(filled):
    samples.pin(filled, ["broken.jpg", "gone.jpg", "ink.jpg"], None)
    search(filled)
    pinned = {sample.key: sample for sample in samples.of(filled) if sample.pinned}
    assert pinned.keys() == {"broken.jpg", "gone.jpg", "ink.jpg"}
    assert pinned["ink.jpg"].why == "pinned, CMYK"
    assert "no such original" in pinned["gone.jpg"].trouble
    assert pinned["broken.jpg"].trouble
    assert len(samples.of(filled)) <= samples.MOST


def test_a_killed_process_leaves_what_it_found_to_the_next(filled, monkeypatch):
    asked = sampling.ask(filled)
    looked = sampling.look_at

    def die(search, key):
        if len(search.found) == 5:
            raise SystemExit
        looked(search, key)

    monkeypatch.setattr(sampling, "look_at", die)
    with pytest.raises(SystemExit):
        sampling.step(asked, 60)
    SampleSearch.objects.update(claimed_until=timezone.now() + timedelta(seconds=50))  # as kill -9 leaves it
    monkeypatch.setattr(sampling, "look_at", looked)
    left = sampling.step(asked, 60)
    assert (left.finished_at, len(left.found)) == (None, 5)
    SampleSearch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    read: list[str] = []

    def probe(bucket, key):
        read.append(key)
        return OriginalFacts("image/png", 1, 1, 9)

    monkeypatch.setattr(sampling, "probe", probe)
    assert sampling.step(asked, 60).finished_at
    assert len(read) == len(left.keys or ()) - 5


def test_it_stops_when_its_time_is_over_and_goes_on_later(filled):
    first = search(filled, seconds=0)
    assert (first.finished_at, samples.of(filled)) == (None, [])
    assert sampling.ask(filled).asked_at == first.asked_at  # it goes on, and does not begin anew
    assert search(filled).finished_at
    assert samples.of(filled)


def test_it_reads_no_more_bytes_than_it_may(filled, monkeypatch):
    monkeypatch.setattr(sampling, "MOST_BYTES", 1)
    ended = search(filled)
    assert ended.finished_at
    assert sum(1 for said in ended.found.values() if said) == 1


def test_while_all_seats_are_taken_nothing_is_said_to_be_broken(filled, settings):
    settings.DEADLINE = 0.2
    with seats_taken():
        waiting = search(filled)
    assert (waiting.finished_at, waiting.found) == (None, {})


def test_without_time_to_look_for_faces_the_rest_is_known(bucket, monkeypatch):
    def busy(*args):
        raise Busy("others wait")

    monkeypatch.setattr("rendering.pictures.focus.of", busy)
    facts = sampling.probe(bucket, "cat.jpg")
    assert (facts.width, facts.height, facts.faces) == (300, 200, None)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"location": "/nowhere"}, "There is no folder"),
        ({"environment": "elsewhere"}, "has no place in the environment"),
        ({"prefix": "none/"}, "There is no folder"),
    ],
)
def test_a_bucket_that_cannot_be_read_says_why_and_keeps_its_set(filled, settings, place, words):
    search(filled)
    before = why(filled)
    settings.FOLDER_ROOTS = ["/"]
    BucketPlace.objects.update(**place)
    ended = search(filled)
    assert ended.finished_at
    assert words in ended.trouble
    assert why(filled) == before


def test_a_bucket_without_pictures_says_so(bucket, service):
    (service.originals / "cat.jpg").unlink()
    service.put("readme.txt", b"text")
    assert "No key ends like that of a picture" in search(bucket).trouble
    service.put("broken.jpg", b"nothing")
    assert "None of the 1 originals" in search(bucket).trouble


def test_the_schedule_finds_new_sets_goes_on_with_others_and_renews_old_ones(filled, service, capsys):
    call_command("send_outbox")
    assert SampleSearch.objects.get().finished_at
    assert re.search(r"Samples of photos: \d+ found", capsys.readouterr().out)
    call_command("send_outbox")
    assert "Samples" not in capsys.readouterr().out
    before = SampleSearch.objects.get().asked_at
    SampleSearch.objects.update(finished_at=timezone.now() - sampling.AGAIN - timedelta(minutes=1))
    call_command("send_outbox")
    assert SampleSearch.objects.get().asked_at > before
    assert Sample.objects.count() == len(samples.of(filled))
