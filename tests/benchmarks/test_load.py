"""What the benchmark of load counts as right, as told to come later and as wrong; and what it asks for."""

import http.client
import itertools
import subprocess
import sys

import pytest

from benchmarks import load
from benchmarks.generator import Answer
from benchmarks.load import Pictures, Tally
from tests.tracked import ROOT

RIGHT = b"picture"


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        (Answer(200, {}, RIGHT, kept_open=True), (1, 0, 0)),
        (Answer(503, {"retry-after": "1"}, b"{}", kept_open=True), (0, 1, 0)),
        (Answer(504, {"retry-after": "1"}, b"{}", kept_open=True), (0, 1, 0)),
        (Answer(503, {}, b"{}", kept_open=True), (0, 0, 1)),
        (Answer(200, {}, b"another picture", kept_open=True), (0, 0, 1)),
        (Answer(404, {"retry-after": "1"}, b"{}", kept_open=True), (0, 0, 1)),
        (Answer(0, {}, b"ConnectionResetError()", kept_open=False), (0, 0, 1)),
    ],
)
def test_a_body_is_right_only_if_it_is_the_pictures(answer, counted):
    tally = Tally()
    tally.take("/one.jpg", answer, RIGHT, 3.0)
    assert (len(tally.latencies), tally.later, tally.wrong) == counted
    assert bool(tally.example) == bool(tally.wrong)


def test_one_picture_in_so_many_is_new_and_its_right_body_is_known():
    kept = [f"/pictures/kept-{number}.jpg" for number in range(load.KEPT)]
    right = {path: f"{number % load.DRAWN}".encode() for number, path in enumerate(kept)}
    pictures = Pictures(kept, (f"/pictures/fresh-{number}.jpg" for number in range(10)), right)
    paths = list(itertools.islice(pictures.paths(4), 12))
    assert [path for path in paths if "fresh" in path] == [f"/pictures/fresh-{number}.jpg" for number in range(3)]
    assert "fresh" not in "".join(itertools.islice(pictures.paths(0), 12))
    assert pictures.body("/pictures/fresh-7.jpg") == b"2" == pictures.body("/pictures/kept-12.jpg")


def test_a_wrong_answer_or_memory_that_grows_fails(capsys):
    good, bad = Tally([1.0, 2.0], seconds=1.0), Tally(wrong=1, example="/one.jpg: 500", seconds=1.0)
    assert load.verdict({"stored, quiet": [good]}, {1000: 100.0, 2000: 104.0})[1]
    assert not load.verdict({"stored, quiet": [good]}, {1000: 100.0, 2000: 106.0})[1]
    line, passed = load.verdict({"stored, quiet": [good, bad]}, {1000: 100.0})
    assert not passed
    assert line == "load: 3 requests, 1 wrong, memory 100 MB (x 1.00)"
    assert "Wrong: /one.jpg: 500" in capsys.readouterr().out


def test_the_proxy_is_told_which_fault_comes_and_that_it_goes():
    command = [sys.executable, "-m", "benchmarks.faulty", "http://127.0.0.1:9"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdin
        assert proxy.stdout
        port = int(proxy.stdout.readline())
        proxy.stdin.write("slow down\n")
        proxy.stdin.flush()
        statuses = set()
        while 503 not in statuses:  # once it has read the line, of every third request
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/bucket/one.jpg")
                statuses.add(connection.getresponse().status)
            except (ConnectionError, http.client.HTTPException):
                continue  # there is no server behind it
            finally:
                connection.close()
        proxy.stdin.close()
        assert proxy.wait(10) == 0
