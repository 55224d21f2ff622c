"""What the service keeps of what it made, in STORAGES["derivatives"]: read if it can be, else made anew and replaced.

What a read or a write ran into is remembered for `health.py`: a store can answer for what is not there and fail for
all that is.
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

#: Seconds for which a failure is told of a store that was not asked since.
AGE = 60.0

_lock = Lock()
#: By what was asked, "read" or "write": when, of which name, and the failure.
_failures: dict[str, tuple[float, str, StorageError]] = {}


def read(name: str, most: int | None) -> Stored | None:
    """What is kept under a name. None when there is nothing, or when it is archived: a new one then takes its place,
    today, and not when somebody has it restored. Raises StorageError, and TooLarge."""
    try:
        with noted("read", name):
            return configured("derivatives").read(name, most=most)
    except Missing:
        return None
    except Archived as error:
        logger.warning("kept file is archived", extra={"facts": {"name": name, "error": str(error)}})
        return None


def write(name: str, content: bytes, content_type: str, **more: Any) -> None:
    """Keep something. Raises StorageError."""
    with noted("write", name):
        configured("derivatives").write(name, content, content_type, **more)


@contextmanager
def noted(operation: str, name: str) -> Iterator[None]:
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
            del _failures["read"]  # what could not be read is written over


def check() -> None:
    """Raise what is wrong with the store as a whole, with what was lately asked of it, or with one thing that it keeps:
    a store may answer for what is not there and fail for all that is."""
    with suppress(Missing):  # a folder is made with the first derivative
        configured("derivatives").reach()
    with _lock:
        lately = [error for moment, _, error in _failures.values() if time.monotonic() - moment < AGE]
    for error in lately:
        raise type(error)(str(error)) from error
    configured("derivatives").sample()


def forget() -> None:
    """Begin again as in a new process: no failure is remembered. For tests."""
    with _lock:
        _failures.clear()
