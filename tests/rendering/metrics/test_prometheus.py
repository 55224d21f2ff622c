"""What Prometheus reads: everything that was counted, by all processes of a server, and gauges as they are."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from rendering.metrics import prometheus
from rendering.metrics.declaration import ALL, CATALOGUE_AGE, COUNTER, GAUGE, MILLISECONDS, Measured
from rendering.metrics.recording import record_death, record_request, record_waiting
from rendering.workers import pool
from tests.drawings import drawn
from tests.running import Running
from tests.service import Service

HERE = "127.0.0.0/8"
Values = dict[tuple[str, tuple[str, ...]], float]


def values(text: str) -> Values:
    """The values of a page, by the name of their series and their labels' values."""
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert sorted(names) == sorted(set(names)), "Prometheus refuses a page that has a family twice"
    return {
        (sample.name.removeprefix(prometheus.PREFIX), tuple(sample.labels[name] for name in sorted(sample.labels))): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


@pytest.fixture(autouse=True)
def on(settings) -> None:
    settings.PROMETHEUS_NETWORKS = [HERE]


def page() -> Values:
    return values(prometheus.page({})[0].decode())


def test_requests_are_counted_by_plane_status_and_error_with_what_became_of_them(service: Service, settings):
    settings.PLANE = "images"
    service.put("people/one.jpg")
    service.publish()
    for name in ("one", "one", "two"):
        service.get(f"/profile-image/ios/people/{name}.jpg")
    found = page()
    assert found["requests_total", ("", "images", "200")] == 2
    assert found["requests_total", ("unknown_original", "images", "404")] == 1
    assert (found["rendered_total", ()], found["kept_total", ()]) == (1, 1)
    assert found["request_seconds_count", ("images",)] == 3
    assert found["stage_seconds_count", ("render",)] == 1
    assert found["stage_seconds_count", ("find",)] == 3
    assert found["waiting", ()] == 0


def test_times_are_in_seconds():
    record_request(200, {"total": 250.0, "render": 2000.0}, {"kept": False})
    found = page()
    assert [value for (name, _), value in found.items() if name == "request_seconds_sum"] == [0.25]
    assert found["stage_seconds_sum", ("render",)] == 2
    assert found["stage_seconds_bucket", ("1.0", "render")] == 0
    assert found["stage_seconds_bucket", ("2.5", "render")] == 1


def test_a_process_that_dies_while_it_renders_is_counted_by_the_signal(service: Service):
    service.publish()
    child = pool.pool().child()
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(Exception, match="could not be rendered just now"):
        raise pool.describe_end(child.bury(), 1)
    record_death("SIGXCPU")
    found = page()
    assert (found["worker_deaths_total", ("SIGKILL",)], found["worker_deaths_total", ("SIGXCPU",)]) == (1, 1)


def test_what_waits_is_counted_while_it_does():
    record_waiting(1)
    record_waiting(1)
    record_waiting(-1)
    assert page()["waiting", ()] == 1


def test_every_metric_has_a_series_or_a_name_and_prometheus_conventions_hold():
    for metric in ALL:
        assert metric.series or metric.name
        if metric.series and metric.kind == COUNTER:
            assert metric.series.endswith("_total")
        if metric.unit == MILLISECONDS:
            assert metric.series.endswith("_seconds")
        assert metric.meaning[0].isupper()
        assert not metric.meaning.endswith(".")


def test_a_gauge_that_cannot_be_read_has_no_value(settings):
    gauges = [metric for metric in ALL if metric.kind == GAUGE]
    assert CATALOGUE_AGE in gauges
    text, _ = prometheus.page({CATALOGUE_AGE: lambda: None, gauges[-1]: lambda: 3.0})
    found = values(text.decode())
    assert ("catalogue_age_seconds", ()) not in found
    assert found["outbox_unsent", ()] == 3


def test_nothing_is_counted_where_nobody_may_read_it(settings):
    settings.PROMETHEUS_NETWORKS = []
    record_death("SIGXFSZ")
    prometheus.add([Measured(CATALOGUE_AGE, 1)])
    settings.PROMETHEUS_NETWORKS = [HERE]
    assert ("worker_deaths_total", ("SIGXFSZ",)) not in page()


class TwoWorkers(Running):
    workers = 2


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = TwoWorkers(tmp_path, PROMETHEUS_NETWORKS=HERE, TMPDIR=str(tmp_path))
    running.put("one.jpg", drawn())
    yield running
    if running.process.poll() is None:
        running.kill()


def read(running: Running) -> Values:
    status, headers, body = running.get("/-/metrics")
    assert (status, headers["cache-control"]) == (200, "no-store"), body
    assert headers["content-type"].startswith("text/plain; version=")
    return values(body.decode())


def counted(found: Values, name: str) -> float:
    return sum(value for (series, _), value in found.items() if series == name)


def workers(running: Running) -> list[int]:
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_whichever_process_is_asked_adds_up_what_all_have_counted_and_those_that_ended(running, tmp_path):
    for number in range(30):
        assert running.get(f"/pictures/one.jpg?{number}")[0] == 200
    (folder,) = tmp_path.glob("imageservice-metrics-*")
    asked = {path.stem.rpartition("_")[2] for path in folder.glob("counter_*.db")} & set(map(str, workers(running)))
    found = read(running)
    assert found["requests_total", ("", "images", "200")] >= 30
    assert counted(found, "kept_total") + counted(found, "rendered_total") == 30
    assert found["waiting", ()] == 0
    assert 0 <= found["catalogue_age_seconds", ()] < 60
    ended = int(asked.pop())
    os.kill(ended, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while ended in workers(running) or len(workers(running)) < 2 or list(folder.glob(f"gauge_live*_{ended}.db")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    found = read(running)
    assert counted(found, "kept_total") + counted(found, "rendered_total") == 30


def test_the_folder_of_counts_is_removed_when_the_server_ends(running, tmp_path):
    assert list(tmp_path.glob("imageservice-metrics-*"))
    running.process.terminate()
    running.process.wait(20)
    assert not list(tmp_path.glob("imageservice-metrics-*"))


def test_without_the_setting_there_is_no_folder_and_no_page(tmp_path):
    running = Running(tmp_path, TMPDIR=str(tmp_path))
    try:
        assert running.get("/-/metrics")[0] == 404
        assert not list(tmp_path.glob("imageservice-metrics-*"))
    finally:
        running.kill()
