"""The store of derivatives, STORAGES["derivatives"].

Recent failures are remembered for /readyz: some stores respond for missing objects, and fail for all that exist.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

from ..storage.errors import Archived, Missing, StorageError
from ..storage.factory import configured
from ..storage.interface import Stored

logger = logging.getLogger(__name__)

#: Seconds for which a failure is reported if nothing has succeeded since.
AGE = 60.0

_lock = Lock()
#: For "read" and "write", the last failure: its time (time.monotonic), the object's name, and the error.
_failures: dict[str, tuple[float, str, StorageError]] = {}


def read(name: str, most: int | None) -> Stored | None:
    """The object of that name. None if there is none, or if it is archived: it is then made and stored again instead of
    restored. Raises StorageError, and TooLarge if it has more than `most` bytes."""
    try:
        with recording_failures("read", name):
            return configured("derivatives").read(name, most=most)
    except Missing:
        return None
    except Archived as error:
        logger.warning("kept file is archived", extra={"facts": {"name": name, "error": str(error)}})
        return None


def write(name: str, content: bytes, content_type: str, **more: Any) -> None:
    """Store an object; `more` are options of Store.write. Raises StorageError."""
    with recording_failures("write", name):
        configured("derivatives").write(name, content, content_type, **more)


@contextmanager
def recording_failures(operation: str, name: str) -> Iterator[None]:
    """Remember a failure of the operation, or forget the last one when it succeeds."""
    try:
        yield
    except Missing:
        raise
    except StorageError as error:
        with _lock:
            _failures[operation] = (time.monotonic(), name, error)
        raise
    with _lock:
        _failures.pop(operation, None)
        if operation == "write" and "read" in _failures and _failures["read"][1] == name:
            del _failures["read"]  # the object that could not be read has been replaced


def raised(error: StorageError) -> bool:
    """Whether it was this store that raised an error, a moment ago."""
    with _lock:
        return any(last is error for _, _, last in _failures.values())


def check() -> None:
    """Raise StorageError if the store does not work, failed recently, or fails for one object that exists."""
    with suppress(Missing):  # the first derivative creates the folder
        configured("derivatives").reach(writing=True)
    with _lock:
        recent = [error for moment, _, error in _failures.values() if time.monotonic() - moment < AGE]
    for error in recent:
        raise type(error)(str(error)) from error
    configured("derivatives").sample()


def forget() -> None:
    """Begin again as in a new process: no failure is remembered. For tests."""
    with _lock:
        _failures.clear()
