"""The metrics of the service, each declared once, and what a request adds to them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from .. import conf

#: Kinds. A counter only grows. A histogram counts times by upper bounds. A level goes up and down as things happen, in
#: each process. A gauge is read whenever it is asked for.
COUNTER, HISTOGRAM, LEVEL, GAUGE = "counter", "histogram", "level", "gauge"
#: Units of values, as CloudWatch names them. It has none for minutes, so OutboxMinutes has the unit in its name.
COUNT, MILLISECONDS, NONE = "Count", "Milliseconds", "None"


class Metric(Struct, frozen=True):
    """A metric. Where it has no name in CloudWatch or in Prometheus, it is not sent there."""

    kind: str
    #: For people.
    meaning: str
    #: Its name in CloudWatch, which charges for each combination of a name and its dimensions.
    name: str = ""
    unit: str = COUNT
    #: Its name in Prometheus, without the prefix that all share.
    series: str = ""
    labels: tuple[str, ...] = ()


class Measured(NamedTuple):
    """What to add to a metric: a value in its unit, and its labels."""

    metric: Metric
    value: float
    labels: Mapping[str, str] = {}


REQUESTS = Metric(
    COUNTER, "Requests that were answered", "Requests", series="requests_total", labels=("plane", "status", "error")
)
#: FAILURES and ERRORS are for CloudWatch alone: in Prometheus, the labels of REQUESTS tell them apart.
FAILURES = Metric(COUNTER, "Requests that were answered with 5xx", "Failures")
ERRORS = Metric(COUNTER, "Requests that were answered with an error, by its code", "Errors")
DURATION = Metric(
    HISTOGRAM,
    "Time from a request's start to its answer",
    "Milliseconds",
    MILLISECONDS,
    series="request_seconds",
    labels=("plane",),
)
KEPT = Metric(COUNTER, "Pictures that were served from storage", "Kept", series="kept_total")
RENDERED = Metric(COUNTER, "Pictures that were rendered", "Rendered", series="rendered_total")
#: Of the stages of a request that `trace.stage` names, those whose time is a metric of its own.
STAGES = {
    stage: Metric(
        HISTOGRAM,
        "Time that requests spent in a stage",
        f"{stage.capitalize()}Milliseconds",
        MILLISECONDS,
        series="stage_seconds",
        labels=("stage",),
    )
    for stage in ("find", "kept", "read", "queue", "wait", "render", "focus", "keep")
}
WAITING = Metric(LEVEL, "Requests that have a picture rendered, or wait for that", series="waiting")
DEATHS = Metric(
    COUNTER,
    "Processes that ended while they rendered, by the signal that ended them",
    series="worker_deaths_total",
    labels=("signal",),
)
CATALOGUE_AGE = Metric(
    GAUGE, "Seconds since the catalogue was last known to be the newest", series="catalogue_age_seconds"
)
OUTBOX_AGE = Metric(
    GAUGE, "How long the oldest change has waited to be sent", "OutboxMinutes", NONE, series="outbox_age_seconds"
)
OUTBOX_UNSENT = Metric(GAUGE, "Changes that are not sent yet, due or not", series="outbox_unsent")

ALL: tuple[Metric, ...] = (
    REQUESTS, FAILURES, ERRORS, DURATION, KEPT, RENDERED, *STAGES.values(),
    WAITING, DEATHS, CATALOGUE_AGE, OUTBOX_AGE, OUTBOX_UNSENT,
)  # fmt: skip


def measure_request(status: int, milliseconds: Mapping[str, float], facts: Mapping[str, Any]) -> list[Measured]:
    """What a request adds: by its status, its time by stage with the `total`, and the facts of its log line."""
    plane, error = conf.plane(), facts.get("error", "")
    measured = [
        Measured(REQUESTS, 1, {"plane": plane, "status": str(status), "error": error}),
        Measured(FAILURES, int(status >= 500)),
        Measured(DURATION, milliseconds["total"], {"plane": plane}),
    ]
    if "kept" in facts:
        measured.append(Measured(KEPT if facts["kept"] else RENDERED, 1))
    if error:
        measured.append(Measured(ERRORS, 1))
    for stage, metric in STAGES.items():
        if stage in milliseconds:
            measured.append(Measured(metric, milliseconds[stage], {"stage": stage}))
    return measured
