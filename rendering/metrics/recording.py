"""What happened, recorded as metrics wherever they are kept."""

from collections.abc import Mapping
from typing import Any

from . import embedded, prometheus
from .declaration import DEATHS, WAITING, Measured, measure_request


def record_request(status: int, milliseconds: Mapping[str, float], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Record a request that was answered. Returns the members of its log line that are metrics."""
    measured = measure_request(status, milliseconds, facts)
    prometheus.add(measured)
    return embedded.of_request(measured, facts)


def record_waiting(more: int) -> None:
    """Record that `more` further requests wait for a picture to be rendered; fewer wait if it is negative."""
    prometheus.add([Measured(WAITING, more)])


def record_death(signal: str) -> None:
    """Record that a process ended while it rendered, by the name of the signal that ended it; empty if none did."""
    prometheus.add([Measured(DEATHS, 1, {"signal": signal})])
