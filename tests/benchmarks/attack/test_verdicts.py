"""Every hard flag is seen to be raised, and none where nothing is wrong."""

import io
from typing import Any

import pytest
from PIL import Image

from benchmarks.attack import verdicts
from benchmarks.attack.asking import Answer
from benchmarks.attack.shots import Kind, Shot, Wanted
from benchmarks.attack.verdicts import Measured
from benchmarks.attack.watching import Seen

LATER = {"retry-after": "1", "content-type": "application/json"}
JSON = {"content-type": "application/json"}
WEBP = {"content-type": "image/webp"}
FILE = Shot(Kind.FILE, "one.jpg", (b"GET /unsafe/100x100/files/one.jpg HTTP/1.1\r\n\r\n",), largest=100)
PATH = Shot(Kind.PATH, "own/1", FILE.requests, Wanted.REFUSAL)
ANY = Shot(Kind.PATH, "own/2", FILE.requests, forbidden=("root:x:0:0",))
CROWD = Shot(Kind.CROWD, "44 x one", FILE.requests * 44)


def picture(side: int = 100, kind: str = "WEBP") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, kind)
    return buffer.getvalue()


def measured(**other: Any) -> Measured:
    quiet: dict[str, Any] = {
        "processor": 0.1,
        "before": 0,
        "memory": 0,
        "health": Seen(0.01, ""),
        "canary_hits": 0,
        "deaths": 0,
        "logged": '{"message": "request"}',
        "secrets": (b"/tmp/attack-1/", b"physical-files"),
    }
    return Measured(**(quiet | other))


@pytest.mark.parametrize(
    ("shot", "answer", "flag"),
    [
        (FILE, Answer(500, JSON, b"{}"), "5xx"),
        (FILE, Answer(502, LATER, b"{}"), "5xx"),
        (FILE, Answer(503, JSON, b"{}"), "5xx"),
        (FILE, Answer(501, JSON, b"{}"), "5xx"),
        (FILE, Answer(None, fault="reset"), "cut connection"),
        (FILE, Answer(200, WEBP, picture(), fault="short"), "cut connection"),
        (FILE, Answer(None, fault="timeout", seconds=60), "no answer"),
        (FILE, Answer(422, JSON, b"{}", seconds=26), "late"),
        (FILE, Answer(422, JSON, b'Traceback (most recent call last):\n  File "x.py"'), "traceback"),
        (FILE, Answer(422, JSON, b'{"message": "/tmp/attack-1/originals/one.jpg"}'), "told"),
        (FILE, Answer(404, JSON | {"x-bucket": "physical-files"}, b"{}"), "told"),
        (ANY, Answer(404, JSON, b"root:x:0:0:root"), "told"),
        (FILE, Answer(200, WEBP, picture()[:40]), "wrong body"),
        (FILE, Answer(200, WEBP, b""), "wrong body"),
        (FILE, Answer(200, WEBP, picture(kind="PNG")), "wrong body"),
        (FILE, Answer(200, WEBP, picture(side=102)), "wrong body"),
        (FILE, Answer(200, {"content-type": "text/html"}, b"<html>"), "wrong body"),
        (FILE, Answer(200, {}, picture()), "wrong body"),
        (Shot(Kind.KEY, "a b.jpg", FILE.requests, Wanted.PICTURE), Answer(404, JSON, b"{}"), "not served"),
        (PATH, Answer(200, JSON, b"{}"), "not refused"),
        (PATH, Answer(302, {"location": "//evil.example"}), "not refused"),
    ],
)
def test_an_answer_that_is_wrong_has_its_flag(shot, answer, flag):
    assert list(verdicts.flags(shot, [answer], measured())) == [flag]


@pytest.mark.parametrize(
    ("shot", "answer"),
    [
        (FILE, Answer(200, WEBP, picture())),
        (FILE, Answer(422, JSON, b"{}")),
        (FILE, Answer(503, LATER, b"{}")),
        (FILE, Answer(504, LATER, b"{}")),
        (PATH, Answer(404, JSON, b"{}")),
        (Shot(Kind.PATH, "numbers/1", FILE.requests, Wanted.REFUSAL, 4096), Answer(200, WEBP, picture())),
        (Shot(Kind.PATH, "smuggle/1", FILE.requests, malformed=True), Answer(None, fault="reset")),
        (Shot(Kind.PATH, "method/1", FILE.requests, malformed=True), Answer(501, {}, b"")),
        (Shot(Kind.PATH, "surface/1", (b"HEAD /x HTTP/1.1\r\n\r\n",)), Answer(200, WEBP, b"")),
        (Shot(Kind.PATH, "inject/1", FILE.requests, forbidden=("<script>",)), Answer(404, JSON, b"<script>")),
    ],
)
def test_an_answer_that_is_right_has_no_flag(shot, answer):
    assert not verdicts.flags(shot, [answer], measured())


@pytest.mark.parametrize(
    ("seen", "flag"),
    [
        ({"processor": 10.1}, "CPU"),
        ({"memory": 901_000_000}, "memory"),
        ({"memory": 1_100_000_000, "before": 1_000_000_000}, "memory"),
        ({"health": Seen(1.1, "")}, "health"),
        ({"health": Seen(0.1, "/healthz: 503 and 0 bytes")}, "health"),
        ({"canary_hits": 1}, "asked elsewhere"),
        ({"deaths": 1}, "dead worker"),
        ({"logged": '{"traceback": "Traceback (most recent call last)…"}'}, "traceback"),
    ],
)
def test_what_is_seen_beside_the_answer_has_its_flag(seen, flag):
    assert list(verdicts.flags(FILE, [Answer(422, JSON, b"{}")], measured(**seen))) == [flag]


def test_memory_that_an_earlier_request_left_behind_is_not_the_next_ones():
    answers = [Answer(422, JSON, b"{}")]
    assert not verdicts.flags(FILE, answers, measured(before=1_000_000_000, memory=1_010_000_000))


def test_a_crowd_may_take_the_memory_of_what_runs_at_once_and_no_more():
    answers = [Answer(422, JSON, b"{}")] * 44
    assert not verdicts.flags(CROWD, answers, measured(memory=5_300_000_000))
    assert "memory" in verdicts.flags(CROWD, answers, measured(memory=5_500_000_000))


def test_one_wrong_answer_of_a_crowd_is_enough():
    answers = [Answer(503, LATER, b"{}")] * 43 + [Answer(500, JSON, b"{}")]
    assert list(verdicts.flags(CROWD, answers, measured())) == ["5xx"]
