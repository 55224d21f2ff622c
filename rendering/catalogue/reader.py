"""Documents that publishing writes and the data plane reads: kept in memory, and read again when they may have changed.

A document is JSON in STORAGES["catalogue"], with a serial that only grows. The catalogue is read again when it is old;
it tells the serials of the others, so that these are asked for only when there is something new.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from .. import conf
from ..storage.errors import StorageError
from ..storage.factory import configured

logger = logging.getLogger(__name__)


class Document(Protocol):
    @property
    def serial(self) -> int: ...


Held = TypeVar("Held", bound=Document)


class Reader(Generic[Held]):
    """Keeps the newest version of one document, and goes on with the last good one when it cannot be read again.

    Wall clock, not monotonic: a frozen sandbox wakes hours later. One thread re-reads at a time; the others go on with
    what is held. `stale` is True while there may be a newer version that this process cannot see.
    """

    #: Tells the time in seconds. Tests set another.
    clock: Callable[[], float] = staticmethod(time.time)

    def __init__(self, name: str, decode: Callable[[bytes], Held]) -> None:
        """`decode` makes the document of its JSON; ValueError and RecursionError of it mean that it is none."""
        self._name, self._decode = name, decode
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin again as in a new process. For tests."""
        self._held: Held | None = None
        self._etag = ""
        self._read_at = 0.0
        self.stale = False
        #: Why it could not be read when it was last tried.
        self.trouble: Exception | None = None

    def newest(self, serial: int | None = None) -> Held | None:
        """The document, no older than `conf.catalogue_max_age()` seconds or, when its serial is told, of that one or
        later; older only when it could not be read again, and None when it never could."""
        # Who holds something need not wait for the thread that re-reads it; who holds nothing must.
        if (not self._fresh(serial) or self._held is None) and self._lock.acquire(blocking=self._held is None):
            try:
                # Whoever waited for the lock finds it done; after a failure nobody tries again before the age is over.
                if not self._fresh(serial):
                    self._refresh(serial)
            finally:
                self._lock.release()
        return self._held

    def _fresh(self, serial: int | None) -> bool:
        young = 0 <= self.clock() - self._read_at < conf.catalogue_max_age()
        if serial is None:
            return young
        return (young and self.stale) or (self._held is not None and self._held.serial >= serial)

    def _refresh(self, serial: int | None) -> None:
        self._read_at = self.clock()
        try:
            stored = configured("catalogue").read(self._name, unless=self._etag)
            found = self._decode(stored.content) if stored else self._held
            assert found is not None  # what was never read is not unchanged
            self.trouble = None
        except (StorageError, ValueError, RecursionError) as error:
            self.stale, self.trouble = True, error
            logger.error("%s not read: %s: %s", self._name, type(error).__name__, error)
            return
        if self._held and found.serial < self._held.serial:
            logger.warning("%s with serial %d ignored; %d is held", self._name, found.serial, self._held.serial)
        elif stored:
            self._held, self._etag = found, stored.etag
        self.stale = serial is not None and found.serial < serial
