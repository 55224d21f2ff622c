"""How often a place may be asked why it refused."""

import time
from collections import deque

from ..errors import Archived, Denied, Missing, StorageError


class SecondLooks:
    """How often a place may be asked a second time: a flood of missing keys must not cost twice for as long as it
    lasts, unless what is there is found by the second look alone."""

    #: Looks, in seconds.
    MOST, SPAN = 20, 5.0

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=self.MOST)
        self._cause: type[StorageError] | None = None
        self._needed = False

    def allowed(self, key: str) -> bool:
        """Whether one may be taken. When not, and the last one found the place in trouble, that is raised."""
        now = time.monotonic()
        if self._needed:
            return True
        if len(self._times) < self.MOST or now - self._times[0] >= self.SPAN:
            self._times.append(now)
            return True
        if self._cause:
            raise self._cause(f"{key}: as lately")
        return False

    def found(self, error: StorageError | None) -> None:
        """Note what a look found, None being the object: a key that is missing, or archived, says nothing of others."""
        if error is None:
            self._needed = True
        self._cause = None if error is None or isinstance(error, (Missing, Denied, Archived)) else type(error)
