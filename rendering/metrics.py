"""Metrics for CloudWatch, as members of the log's own lines: the embedded metric format.

CloudWatch reads them from the log, so that no request waits for a call. See
docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
Each combination of a metric's name and its dimensions costs, so there are few.
"""

import time
from collections.abc import Mapping
from typing import Any

from . import conf

#: With at most so many live aliases, requests are counted for each of them.
FEW = 10
#: The stages of a request whose time is a metric of its own, as `trace.stage` names them.
STAGES = ("find", "kept", "read", "queue", "wait", "render", "focus", "keep")
COUNT, MILLISECONDS, NONE = "Count", "Milliseconds", "None"

_aliases = 0


def count_aliases(number: int) -> None:
    """Say how many aliases are live; 0 if they are too many to count. Called when a catalogue was read."""
    global _aliases
    _aliases = number


def of_request(status: int, milliseconds: Mapping[str, float], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Members for the log line of a request: its metrics, and what tells CloudWatch that these are some. Empty where
    metrics are off."""
    if not conf.metrics():
        return {}
    values: dict[str, tuple[float, str]] = {
        "Requests": (1, COUNT),
        "Failures": (int(status >= 500), COUNT),
        "Milliseconds": (milliseconds["total"], MILLISECONDS),
    }
    if "kept" in facts:
        values["Kept" if facts["kept"] else "Rendered"] = (1, COUNT)
    if conf.plane() == "images":
        for name in STAGES:
            if name in milliseconds:
                values[f"{name.capitalize()}Milliseconds"] = (milliseconds[name], MILLISECONDS)
    groups = [("Plane", conf.plane(), [*values])]
    if facts.get("alias") and 0 < _aliases <= FEW:
        groups.append(("Alias", facts["alias"], ["Requests", "Milliseconds"]))
    if "error" in facts:
        values["Errors"] = (1, COUNT)
        groups.append(("Code", facts["error"], ["Errors"]))
    return embedded(values, groups)


def of_outbox(minutes: float) -> dict[str, Any]:
    """Members for a log line about the outbox: for how many minutes its oldest change has waited."""
    return embedded({"OutboxMinutes": (minutes, NONE)}, [("", "", ["OutboxMinutes"])]) if conf.metrics() else {}


def embedded(values: Mapping[str, tuple[float, str]], groups: list[tuple[str, str, list[str]]]) -> dict[str, Any]:
    """The values, and for each group (a dimension, its value, names of metrics) what makes them metrics. All have the
    dimension Environment as well."""
    directives = [
        {
            "Namespace": conf.metrics(),
            "Dimensions": [["Environment", dimension] if dimension else ["Environment"]],
            "Metrics": [{"Name": name, "Unit": values[name][1]} for name in names],
        }
        for dimension, _, names in groups
    ]
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives},
        "Environment": conf.environment(),
        **{dimension: value for dimension, value, _ in groups if dimension},
        **{name: round(value, 1) for name, (value, _) in values.items()},
    }
