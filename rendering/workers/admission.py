"""Admission: how many requests may have a picture rendered at once, so that all others always find a thread.

A request that is not admitted is refused at once, and can be sent again; the other threads serve stored pictures.
No bucket, no original, and no kind of URL that anybody can write may take all that there is; and who comes by a signed
URL waits before the others (`turns.py`).
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from .. import conf, trace
from ..metrics.recording import record_waiting
from . import turns
from .errors import Busy, NoSeat

#: The share of all requests that are admitted that may be for one bucket, by unsigned URLs, and for one original.
OF_BUCKET, OF_UNSIGNED, OF_ORIGINAL = 0.8, 0.5, 0.3

#: Requests that read their originals ahead, while as many as may render do so; and of these by unsigned URLs.
AHEAD, AHEAD_UNSIGNED = 4, 1

_lock = threading.Lock()
_admitted: Counter[str] = Counter()


@contextlib.contextmanager
def admitted(bucket: str, original: str, *, signed: bool) -> Iterator[None]:
    """Admit a request for a picture of an original in a bucket, both named uniquely. `signed` is False for URLs that
    anybody can write. Raises Busy."""
    most = conf.max_waiting()
    bounds = {"": most, f"bucket {bucket}": part(most, OF_BUCKET), f"original {original}": part(most, OF_ORIGINAL)}
    if not signed:
        bounds["unsigned"] = part(most, OF_UNSIGNED)
    with _lock:
        if any(_admitted[name] >= bound for name, bound in bounds.items()):
            raise Busy("Too many pictures wait to be rendered; ask again in a moment")
        _admitted.update(bounds.keys())
    record_waiting(1)
    try:
        with turns.turn(first=signed):
            yield
    finally:
        record_waiting(-1)
        with _lock:
            _admitted.subtract(bounds.keys())
            for name in bounds:
                if not _admitted[name]:
                    del _admitted[name]


def part(most: int, share: float) -> int:
    return max(1, int(most * share))


_in_memory = turns.Places()


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """Hold the right to keep an original and its overlays in memory, after waiting for up to half of the time that the
    request has left. Raises NoSeat."""
    most = conf.renders_at_once() + (AHEAD if turns.goes_first() else AHEAD_UNSIGNED)
    with trace.stage("queue"):
        if not _in_memory.take(most, max(trace.remaining() / 2, 0.001)):
            raise NoSeat("Too many pictures are being rendered at once; ask again in a moment")
    try:
        yield
    finally:
        _in_memory.leave()
