"""Keys that S3 did not have a moment ago: a flood of requests for them costs not a request to S3 each.

For a few seconds only, so that an upload is soon seen, and a bounded number. Folders are asked each time.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ..storage.errors import Denied, Missing
from ..storage.place import Place

#: Seconds; less than caches may keep the error, which is `caching.ERROR_AGE`. And the number of keys.
AGE, MOST = 3.0, 10_000

_lock = Lock()
#: Until when, by time.monotonic. The oldest come first.
_remembered: OrderedDict[tuple[Place, str], float] = OrderedDict()


def is_remembered(place: Place, key: str) -> bool:
    """Whether the key was missing a moment ago."""
    return _remembered.get((place, key), 0.0) > time.monotonic()


@contextmanager
def remembering(place: Place, key: str) -> Iterator[None]:
    """Remember the key if S3 says that it is missing or, where the service may not list, that it is denied."""
    try:
        yield
    except (Missing, Denied):
        if place.kind == "s3":
            with _lock:
                _remembered[place, key] = time.monotonic() + AGE
                _remembered.move_to_end((place, key))
                if len(_remembered) > MOST:
                    _remembered.popitem(last=False)
        raise


def forget() -> None:
    """Begin again as in a new process. For tests."""
    with _lock:
        _remembered.clear()
