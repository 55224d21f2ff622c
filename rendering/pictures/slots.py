"""Slots limit how many pictures one process works on at once, to what its memory and processors allow."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache

from .. import conf, trace


class Busy(Exception):
    """The service has too much work to answer in time. The message is public."""

    code = "busy"


class NoSlot(Busy):
    """No slot became free within the time that a request can wait. The message is public."""


@lru_cache(maxsize=1)
def _slots(at_once: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(at_once)


@contextlib.contextmanager
def slot(release: Callable[[], None]) -> Iterator[None]:
    """Hold a slot, after waiting for up to half of the request's remaining time. Raises NoSlot.

    Calls `release` before it waits, to free the decoded pixels and other memory that the slots limit.
    """
    semaphore = _slots(conf.renders_at_once())
    with trace.stage("queue"):
        if not semaphore.acquire(blocking=False):
            release()
            if not semaphore.acquire(timeout=max(trace.remaining() / 2, 0.001)):
                raise NoSlot("Too many pictures are being rendered at once; ask again in a moment")
    try:
        yield
    finally:
        semaphore.release()
