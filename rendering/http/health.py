"""Whether everything that the data plane needs answers, and which does not."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

from ..catalogue.catalogue import NAME, READER, Bucket, NoCatalogue
from ..pictures import derivative_store
from ..storage.errors import StorageError
from ..storage.factory import at, configured
from .causes import cause_of, sentence

logger = logging.getLogger(__name__)

#: Seconds for which a report is told again: whoever asks often must not become the load.
AGE = 5.0
UNREADABLE = "unreadable: the catalogue says of it what this version does not know; publish again, or deploy this plane"

_lock = Lock()
_last: tuple[float, dict[str, str]] = (float("-inf"), {})


def report() -> dict[str, str]:
    """ "ok", or what is wrong, for the catalogue, the storage of derivatives and each bucket."""
    global _last
    with _lock:
        if time.monotonic() - _last[0] > AGE:
            _last = (time.monotonic(), look())
        return _last[1]


def forget() -> None:
    """Begin again as in a new process. For tests."""
    global _last
    _last = (float("-inf"), {})


def look() -> dict[str, str]:
    try:
        catalogue, state = READER.current(), "not re-read: an older one is served" if READER.stale else "ok"
    except NoCatalogue as error:
        catalogue, state = None, sentence(error)
    checks: dict[str, Callable[[], object]] = {
        "storage of the catalogue": partial(configured("catalogue").stat, NAME),
        "storage of derivatives": derivative_store.check,
    }
    for bucket in catalogue.buckets.values() if catalogue else ():
        checks[f"bucket {bucket.name}"] = partial(reach, bucket)
    with ThreadPoolExecutor(max_workers=16) as pool:
        states = dict(zip(checks, pool.map(answer_of, checks.items()), strict=True))
    unreadable = {f"bucket {name}": UNREADABLE for name in sorted(catalogue.unreadable if catalogue else ())}
    return {"catalogue": state, **states, **unreadable}


def reach(bucket: Bucket) -> None:
    if bucket.place is not None:
        at(bucket.place).reach()


def answer_of(check: tuple[str, Callable[[], object]]) -> str:
    name, ask = check
    try:
        ask()
    except StorageError as error:
        logger.error("not reachable", extra={"facts": {"what": name, "error": str(error)}})
        return cause_of(error).state
    return "ok"
