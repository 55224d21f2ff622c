"""Metrics for Prometheus: counted in every process of a server, and read from all of them at once.

prometheus-client is imported where PROMETHEUS_NETWORKS is set, and nowhere else. Each process writes what it counts
into files of its own, in a folder that gunicorn.conf.py makes; whichever process is asked adds them up.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .. import conf
from .declaration import ALL, COUNTER, GAUGE, HISTOGRAM, MILLISECONDS, Measured, Metric

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram
    from prometheus_client.core import GaugeMetricFamily

PREFIX = "imageservice_"
#: Upper bounds of a histogram's buckets, in seconds: from a picture that is stored to one that took the whole DEADLINE.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)

#: Gauges are read when they are asked for. None means that the value is not known, and is then left out.
Gauges = Mapping[Metric, Callable[[], float | None]]


class Exporter:
    """What this process counts, by the names of its series."""

    def __init__(self) -> None:
        import prometheus_client

        self.registry = prometheus_client.CollectorRegistry()
        self.series: dict[str, Any] = {}
        for metric in ALL:
            if metric.series and metric.kind != GAUGE and metric.series not in self.series:
                self.series[metric.series] = self._declare(metric)

    def _declare(self, metric: Metric) -> "Counter | Gauge | Histogram":
        import prometheus_client

        what = (f"{PREFIX}{metric.series}", metric.meaning, metric.labels)
        if metric.kind == COUNTER:
            return prometheus_client.Counter(*what, registry=self.registry)
        if metric.kind == HISTOGRAM:
            return prometheus_client.Histogram(*what, registry=self.registry, buckets=BOUNDS)
        # Only live processes are added up: nothing waits in one that has ended.
        return prometheus_client.Gauge(*what, registry=self.registry, multiprocess_mode="livesum")

    def add(self, one: Measured) -> None:
        series = self.series[one.metric.series]
        if one.labels:
            series = series.labels(**one.labels)
        if one.metric.kind == HISTOGRAM:
            series.observe(in_seconds(one))
        else:
            series.inc(one.value)


def in_seconds(one: Measured) -> float:
    return one.value / 1000 if one.metric.unit == MILLISECONDS else one.value


_exporter: Exporter | None = None
_lock = threading.Lock()


def exporter() -> Exporter:
    """The exporter of this process."""
    global _exporter
    with _lock:
        if _exporter is None:
            _exporter = Exporter()
        return _exporter


def forget() -> None:
    """Forget what was counted, as in a new process. For tests."""
    global _exporter
    _exporter = None


def add(measured: Iterable[Measured]) -> None:
    """Add what was measured to what this process counts. Does nothing if there is no page to read it from."""
    if not conf.prometheus_networks():
        return
    here = exporter()
    for one in measured:
        if one.metric.series:
            here.add(one)


def page(gauges: Gauges) -> tuple[bytes, str]:
    """Everything that all processes of this server have counted, and gauges as they are now: Prometheus' text and its
    content type."""
    import prometheus_client
    from prometheus_client.multiprocess import MultiProcessCollector

    counted = prometheus_client.CollectorRegistry()
    if folder := conf.prometheus_folder():
        MultiProcessCollector(counted, path=folder)  # type: ignore[no-untyped-call]
    else:
        counted = exporter().registry
    now = prometheus_client.CollectorRegistry()
    now.register(Read(gauges))
    text = prometheus_client.generate_latest(counted) + prometheus_client.generate_latest(now)
    return text, prometheus_client.CONTENT_TYPE_LATEST


class Read:
    """A collector of gauges, with the interface that prometheus-client expects."""

    def __init__(self, gauges: Gauges) -> None:
        self.gauges = gauges

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily

        for metric, read in self.gauges.items():
            if (value := read()) is not None:
                yield GaugeMetricFamily(f"{PREFIX}{metric.series}", metric.meaning, value=value)
