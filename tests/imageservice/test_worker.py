"""The deadline of a request counts from its arrival, also where all threads are busy."""

from concurrent.futures import ThreadPoolExecutor

from tests.drawings import drawn
from tests.running import Running


def test_the_log_says_how_long_a_request_waited_for_a_thread(tmp_path):
    running = Running(tmp_path, GUNICORN_CMD_ARGS="--threads 1")
    try:
        running.put("one.jpg", drawn(4000, 3000))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(running.get, ["/large/one.jpg"] * 4))
        assert [status for status, _, _ in answers] == [200] * 4
        waited = [line["queued"] for line in running.requests() if "queued" in line]
    finally:
        running.kill()
    assert len(waited) >= 2
    assert all(milliseconds > 0 for milliseconds in waited)


def test_a_request_that_waited_too_long_is_abandoned(tmp_path):
    running = Running(tmp_path, GUNICORN_CMD_ARGS="--threads 1", DEADLINE="0.1")
    try:
        running.put("one.jpg", drawn(4000, 3000))
        with ThreadPoolExecutor(6) as pool:
            statuses = [status for status, _, _ in pool.map(running.get, ["/large/one.jpg"] * 6)]
        assert running.get("/healthz")[0] == 200
    finally:
        running.kill()
    assert {503, 504} & set(statuses)
