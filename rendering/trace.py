"""The trace of a request: its id, log line, `Server-Timing` and remaining time.

Code adds to the current trace with `stage` and `note`; no trace is passed around.
"""

import contextlib
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from msgspec import Struct, field

from . import conf
from .metrics.recording import record_request

logger = logging.getLogger(__name__)


#: Seconds of waiting for a thread that are worth a fact in the log.
QUEUED = 0.05


class Trace(Struct):
    """The trace of one request. `stages` are milliseconds of wall-clock time by name; `facts` go into the log line."""

    id: str
    started: float = field(default_factory=time.perf_counter)
    #: Seconds that the request had waited for a thread of the server before it was started.
    queued: float = 0.0
    stages: dict[str, float] = {}
    facts: dict[str, Any] = {}

    @property
    def milliseconds(self) -> float:
        return (time.perf_counter() - self.started) * 1000


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)
#: Seconds that the next request of this thread waited for it. `imageservice/worker.py` sets it under gunicorn.
queued: ContextVar[float] = ContextVar("queued", default=0.0)


@contextlib.contextmanager
def tracing(*, queued: float = 0.0) -> Iterator[Trace]:
    """Trace what is done within as one request of its own. `queued` are the seconds of its time that are gone
    already."""
    trace = Trace(uuid.uuid4().hex, queued=queued)
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Time a part of the request. Stages of the same name add up."""
    started = time.perf_counter()
    try:
        yield
    finally:
        if trace := _current.get():
            trace.stages[name] = trace.stages.get(name, 0) + (time.perf_counter() - started) * 1000


def note(**facts: Any) -> None:
    """Add facts to the request's log line."""
    if trace := _current.get():
        trace.facts.update(facts)


def request_id() -> str:
    """The current request's id; empty outside a request."""
    trace = _current.get()
    return trace.id if trace else ""


def remaining() -> float:
    """Seconds until the current request is abandoned, counted from its arrival; outside a request, the whole
    deadline."""
    return conf.deadline() - elapsed()


def elapsed() -> float:
    """Seconds since the current request arrived; outside a request, none."""
    trace = _current.get()
    return trace.queued + trace.milliseconds / 1000 if trace else 0.0


class TraceMiddleware:
    """Give every request an id, and log it when it is done. The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # From META: building Django's `headers` takes as long as everything else here.
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        with tracing(queued=queued.get()) as trace:
            # A client's own id stands in the log, where it can be found, and in no response: caches keep those for
            # others.
            if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", sent):
                trace.facts["sent_request_id"] = sent
            response = self.get_response(request)
            response.headers["X-Request-Id"] = trace.id
            if trace.stages and conf.server_timing():
                timings = {**trace.stages, "total": trace.milliseconds}
                response.headers["Server-Timing"] = ", ".join(f"{name};dur={ms:.1f}" for name, ms in timings.items())
            self._log(request, response, trace)
            return response

    @staticmethod
    def _log(request: HttpRequest, response: HttpResponse, trace: Trace) -> None:
        milliseconds = {name: round(ms, 1) for name, ms in {**trace.stages, "total": trace.milliseconds}.items()}
        logger.info(
            "request",
            extra={
                "facts": {
                    "method": request.method,
                    "status": response.status_code,
                    "bytes": 0 if response.streaming else len(response.content),
                    "ms": milliseconds,
                    **({"queued": round(trace.queued * 1000, 1)} if trace.queued >= QUEUED else {}),
                    **trace.facts,
                    **record_request(response.status_code, milliseconds, trace.facts),
                }
            },
        )


#: Created once: json.dumps with `default` would create one for every line.
ENCODER = json.JSONEncoder(default=str)


class JsonFormatter(logging.Formatter):
    """One JSON object per line, times in UTC. JSON escapes whatever clients sent, so nobody can forge a line."""

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
