"""Whether everything that the data plane depends on works; if not, what does not and why."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock

from .. import trace
from ..catalogue.catalogue import NAME, READER, Bucket, NoCatalogue
from ..pictures import derivative_store
from ..storage.errors import StorageError
from ..storage.factory import at, configured
from .causes import cause_of, sentence

logger = logging.getLogger(__name__)

#: Seconds for which a report is reused, so that frequent checks are no load.
AGE = 5.0
UNREADABLE = "unreadable: this version cannot read its entry in the catalogue; publish again, or update the data plane"

#: What else to check in this process, by its name: the control plane adds what it knows.
MORE: dict[str, Callable[[], str]] = {}

_lock = Lock()
_last: tuple[float, dict[str, str]] = (float("-inf"), {})


def report() -> dict[str, str]:
    """The state of the catalogue, the storage of derivatives and each bucket: "ok", or what is wrong.

    While one thread checks, others get the last report: what hangs holds no more threads for being asked about often.
    """
    global _last
    if _lock.acquire(timeout=0 if _last[1] else max(trace.remaining(), 0)):
        try:
            if time.monotonic() - _last[0] > AGE:
                _last = (time.monotonic(), run_checks())
        finally:
            _lock.release()
    return _last[1] or {"checks": "under way: they have not ended yet"}


def forget() -> None:
    """Drop the cached report, as in a new process. For tests."""
    global _last
    _last = (float("-inf"), {})


def run_checks() -> dict[str, str]:
    """Run every check, side by side: a report takes as long as its slowest check."""
    try:
        catalogue, state = READER.current(), "ok"
        if READER.may_be_behind():
            state = "not re-read: an older one is in use"
        elif READER.ignored is not None:
            state = f"older in its storage: serial {READER.ignored} is ignored, {catalogue.serial} is in use"
    except NoCatalogue as error:
        catalogue, state = None, sentence(error)
    checks: dict[str, Callable[[], object]] = {
        "storage of the catalogue": partial(configured("catalogue").stat, NAME),
        "storage of derivatives": derivative_store.check,
    }
    for bucket in catalogue.buckets.values() if catalogue else ():
        checks[f"bucket {bucket.name}"] = partial(check_bucket, bucket)
    with ThreadPoolExecutor(max_workers=16) as pool:
        # Each in a copy of this thread's context, which says how much time remains.
        found = [pool.submit(copy_context().run, state_of, check) for check in checks.items()]
        states = {name: future.result() for name, future in zip(checks, found, strict=True)}
    unreadable = {f"bucket {name}": UNREADABLE for name in sorted(catalogue.unreadable if catalogue else ())}
    return {"catalogue": state, **states, **unreadable, **{name: check() for name, check in MORE.items()}}


def check_bucket(bucket: Bucket) -> None:
    """Raise StorageError if the bucket's place does not work."""
    if bucket.place is not None:
        at(bucket.place).reach()


def state_of(check: tuple[str, Callable[[], object]]) -> str:
    name, run = check
    try:
        run()
    except StorageError as error:
        logger.error("not reachable", extra={"facts": {"what": name, "error": str(error)}})
        return cause_of(error).state
    return "ok"
