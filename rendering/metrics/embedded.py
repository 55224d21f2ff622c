"""Metrics for CloudWatch, as members of the log's own lines: the embedded metric format.

CloudWatch reads them from the log, so that no request waits for a call. See
docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
CloudWatch charges for each combination of a metric's name and its dimensions, so there are few.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from .. import conf
from .declaration import DURATION, ERRORS, OUTBOX_AGE, REQUESTS, STAGES, Measured, Metric

#: The most live aliases with which requests are counted for each alias.
FEW = 10

_aliases = 0


def count_aliases(number: int) -> None:
    """Set how many aliases are live; 0 if they are too many to count. Called whenever a catalogue has been read."""
    global _aliases
    _aliases = number


def of_request(measured: Iterable[Measured], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Members for the log line of a request: its metrics, and the directives by which CloudWatch finds them. Empty if
    metrics are off."""
    if not conf.metrics():
        return {}
    values = {one.metric: one.value for one in measured if one.metric.name}
    if conf.plane() != "images":
        values = {metric: value for metric, value in values.items() if metric not in STAGES.values()}
    groups = [("Plane", conf.plane(), [metric for metric in values if metric is not ERRORS])]
    if facts.get("alias") and 0 < _aliases <= FEW:
        groups.append(("Alias", facts["alias"], [REQUESTS, DURATION]))
    if ERRORS in values:
        groups.append(("Code", facts["error"], [ERRORS]))
    return embedded(values, groups)


def of_outbox(minutes: float) -> dict[str, Any]:
    """Members for a log line about the outbox: for how many minutes its oldest change has waited."""
    return embedded({OUTBOX_AGE: minutes}, [("", "", [OUTBOX_AGE])]) if conf.metrics() else {}


def embedded(values: Mapping[Metric, float], groups: list[tuple[str, str, list[Metric]]]) -> dict[str, Any]:
    """The values, and for each group (a dimension, its value, metrics) the directive that makes them metrics. All have
    the dimension Environment as well."""
    directives = [
        {
            "Namespace": conf.metrics(),
            "Dimensions": [["Environment", dimension] if dimension else ["Environment"]],
            "Metrics": [{"Name": metric.name, "Unit": metric.unit} for metric in metrics],
        }
        for dimension, _, metrics in groups
    ]
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives},
        "Environment": conf.environment(),
        **{dimension: value for dimension, value, _ in groups if dimension},
        **{metric.name: round(value, 1) for metric, value in values.items()},
    }
