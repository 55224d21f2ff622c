"""What one request did: its log line, its `Server-Timing`, its id, and how much time it has left.

The code that does the work says so with `stage` and `note`; nobody passes a trace about.
"""

import contextlib
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from . import conf

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Trace:
    """One request's record. `stages` are milliseconds of wall clock; `facts` go into the log line as they are."""

    id: str
    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def milliseconds(self) -> float:
        return (time.perf_counter() - self.started) * 1000


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Time a part of the request under that name."""
    started = time.perf_counter()
    try:
        yield
    finally:
        if trace := _current.get():
            trace.stages[name] = trace.stages.get(name, 0) + (time.perf_counter() - started) * 1000


def note(**facts: Any) -> None:
    """Add to the request's log line."""
    if trace := _current.get():
        trace.facts.update(facts)


def request_id() -> str:
    trace = _current.get()
    return trace.id if trace else ""


def remaining() -> float:
    """Seconds until the request in hand must be given up; the whole deadline outside of one."""
    trace = _current.get()
    return conf.deadline() - (trace.milliseconds / 1000 if trace else 0)


class TraceMiddleware:
    """Outermost: gives every request its id and writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # From META: Django's `headers` takes all of a request's apart, for as much as the rest of this costs.
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        # A caller's own id is taken when it is plainly one: it goes into headers and logs.
        trace = Trace(given if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", given) else uuid.uuid4().hex)
        token = _current.set(trace)
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = trace.id
            if trace.stages:
                timings = {**trace.stages, "total": trace.milliseconds}
                response.headers["Server-Timing"] = ", ".join(f"{name};dur={ms:.1f}" for name, ms in timings.items())
            self._log(request, response, trace)
            return response
        finally:
            _current.reset(token)

    @staticmethod
    def _log(request: HttpRequest, response: HttpResponse, trace: Trace) -> None:
        logger.info(
            "request",
            extra={
                "facts": {
                    "method": request.method,
                    "status": response.status_code,
                    "bytes": 0 if response.streaming else len(response.content),
                    "ms": {name: round(ms, 1) for name, ms in {**trace.stages, "total": trace.milliseconds}.items()},
                    **trace.facts,
                }
            },
        )


#: Made once: json.dumps makes one for each line that has a default.
ENCODER = json.JSONEncoder(default=str)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, times in UTC. What strangers sent is escaped by JSON, so it cannot forge a line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return ENCODER.encode({name: value for name, value in line.items() if value != ""})
