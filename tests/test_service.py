"""The service as it runs: gunicorn, real HTTP, several requests at once, processes killed."""

import contextlib
import http.client
import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.drawings import drawn, noise
from tests.running import URL, Running


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    running = Running(tmp_path)
    running.put("one.jpg", drawn(1200, 900))
    yield running
    running.kill()


def test_a_picture_over_real_http(running):
    status, headers, body = running.get(URL)
    assert (status, headers["content-type"], headers["content-length"]) == (200, "image/png", str(len(body)))
    assert running.get(URL, if_none_match=headers["etag"])[0] == 304
    status, head, nothing = running.get(URL, "HEAD")
    assert (status, head["content-length"], nothing) == (200, str(len(body)), b"")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("/pictures/a%20b%2Bc.jpg", "a b+c.jpg"),
        ("/pictures/100%25.jpg", "100%.jpg"),
        ("/pictures/%2541.jpg", "%41.jpg"),
        ("/pictures/%E6%97%A5%E6%9C%AC.jpg", "日本.jpg"),
        ("/pictures/a%2Fb.jpg", "a/b.jpg"),
        ("/pictures/a;b,c:d@e=f.jpg?query=1", "a;b,c:d@e=f.jpg"),
    ],
)
def test_the_raw_path_reaches_the_key(running, raw, key):
    path = running.originals / key
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(drawn())
    assert running.get(raw)[0] == 200


def test_a_url_of_eight_thousand_characters_is_read(running):
    """As those of AWS's image handler with edits, and of Thumbor with a watermark, are."""
    path = f"/pictures/{'%E6%97%A5' * 300}/{'a' * 5_200}"
    status, _, body = running.get(path)
    # The key is too long for S3, which the service says, and not gunicorn, in a page of HTML.
    assert (len(path) > 7_900, status, json.loads(body)["error"]) == (True, 400, "bad_path")
    status, _, body = running.get(f"/unsafe/90x90/filters:fill({'a' * 7_900})/photos/one.jpg")
    assert (status, json.loads(body)["error"]) == (403, "unsafe_not_allowed")


@pytest.mark.parametrize("key", ["%00.jpg", "%ff.jpg", "../one.jpg", "%2e%2e/one.jpg"])
def test_hostile_paths_are_refused_with_a_sentence(running, key):
    status, _, body = running.get(f"/pictures/{key}")
    assert status == 400
    assert json.loads(body)["message"]


def test_a_picture_of_thirty_megabytes_arrives_by_way_of_a_redirect(tmp_path):
    """Two servers, as on AWS: one behind a gateway with Lambda's limit, and one that serves what is kept."""
    behind, cdn = Running(tmp_path, MAX_RESPONSE_BYTES="6000000"), None
    try:
        behind.put("one.png", noise(3200, 3200))
        status, headers, body = behind.get("/large/one.png")
        assert (status, body) == (302, b"")
        head = behind.get("/large/one.png", "HEAD")
        assert (head[0], head[1]["location"], head[2]) == (302, headers["location"], b"")
        cdn = Running(tmp_path)
        status, headers, body = cdn.get(headers["location"])
        assert (status, headers["content-type"]) == (200, "image/png")
        assert len(body) == int(headers["content-length"]) > 30_000_000
        assert Image.open(io.BytesIO(body)).size == (3200, 3200)
    finally:
        for running in filter(None, (behind, cdn)):
            running.kill()


def test_fifty_requests_for_one_missing_picture_are_one_render_in_a_process(running):
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda number: running.get(URL), range(50)))
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert len([line for line in running.requests() if "render" in line["ms"]]) == 1


def test_a_process_killed_while_it_keeps_pictures_leaves_only_whole_ones(tmp_path):
    """Again and again: start, ask for many pictures, kill when some are kept; every kept file is a whole picture."""
    running = Running(tmp_path)
    for number in range(40):
        running.put(f"{number}.jpg", drawn(200 + number, 200))
    for moment in range(5):
        with ThreadPoolExecutor(8) as pool:
            for number in range(40):
                pool.submit(ask, running, f"/pictures/{number}.jpg")
            deadline = time.monotonic() + 30
            while len(whole(running)) <= 6 * moment:
                assert time.monotonic() < deadline
                time.sleep(0.001)
            running.kill()
        for path in whole(running):
            assert path.read_bytes().endswith(b"IEND\xaeB`\x82"), path
        running = Running(tmp_path)
    statuses = [running.get(f"/pictures/{number}.jpg")[0] for number in range(40)]
    running.kill()
    assert set(statuses) == {200}


def whole(running: Running) -> list[Path]:
    """The files of derivatives, without those that are being written."""
    return [path for path in running.derivatives.rglob("*") if path.is_file() and not path.name.startswith(".")]


def ask(running: Running, raw: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):  # it was killed
        running.get(raw)


def test_with_the_database_gone_both_planes_in_one_process_go_on_serving_pictures(tmp_path):
    running = Running(tmp_path, PLANE="all", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    running.put("one.jpg", drawn())
    try:
        assert running.get(URL)[0] == 200
        status, _, content = running.get("/readyz")
        assert (status, json.loads(content)["checks"]["database"].partition(":")[0]) == (503, "away")
        assert {json.loads(content)["checks"][name] for name in ("catalogue", "bucket photos")} == {"ok"}
    finally:
        running.kill()
