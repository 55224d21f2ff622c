"""Limits how often a refused HEAD is repeated as a GET, whose response says why it was refused."""

import time
from collections import deque

from ..errors import Archived, Denied, Missing, StorageError


class SecondLooks:
    """The second looks at a place. They are limited, so that a flood of missing keys does not cost two requests each;
    except where only a second look finds the objects."""

    #: At most this many in this many seconds.
    MOST, SPAN = 20, 5.0

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=self.MOST)
        self._cause: type[StorageError] | None = None
        self._needed = False

    def admit(self, key: str) -> bool:
        """Whether there may be another one now; if so, it is counted.

        If not, raises what the last one found wrong with the place, if anything.
        """
        now = time.monotonic()
        if self._needed:
            return True
        if len(self._times) < self.MOST or now - self._times[0] >= self.SPAN:
            self._times.append(now)
            return True
        if self._cause:
            raise self._cause(f"{key}: like an earlier request")
        return False

    def record(self, error: StorageError | None) -> None:
        """Record the error that a look found; None if it found the object. Errors about a single key do not count
        against the place."""
        if error is None:
            self._needed = True
        self._cause = None if error is None or isinstance(error, (Missing, Denied, Archived)) else type(error)
