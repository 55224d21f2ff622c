"""Room for work on pictures: no more of it side by side in one process than memory and processors are there for."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache

from .. import conf, trace


class Busy(Exception):
    """All work that may run at once does, and none ended in time. The message is public."""

    code = "busy"


class NoSlot(Busy):
    """None of the work that runs ended within the time that one request could wait. The message is public."""


@lru_cache(maxsize=1)
def _slots(at_once: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(at_once)


@contextlib.contextmanager
def slot(release: Callable[[], None]) -> Iterator[None]:
    """Wait for a slot, half of the time that is left, and hold it. Raises NoSlot.

    Whoever has to wait calls `release` first, which lets go of pixels and other memory that the slots are there for.
    """
    semaphore = _slots(conf.renders_at_once())
    with trace.stage("queue"):
        if not semaphore.acquire(blocking=False):
            release()
            if not semaphore.acquire(timeout=max(trace.remaining() / 2, 0.001)):
                raise NoSlot("Too many pictures are being made at once; ask again in a moment")
    try:
        yield
    finally:
        semaphore.release()
