"""Readers of the documents that publishing writes: they keep the newest version, and read it again when it may be old.

A document is JSON in STORAGES["catalogue"], with a serial that only grows. The catalogue is read again when it is old.
It holds the serials of the other documents, which are therefore read only when they have changed.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from .. import conf, trace
from ..storage.errors import StorageError
from ..storage.factory import configured

logger = logging.getLogger(__name__)

#: Threads that wait for the first document as long as they can; and seconds for which the others do.
MOST_WAITING, SHORT_WAIT = 8, 0.5


class HasSerial(Protocol):
    @property
    def serial(self) -> int: ...


Held = TypeVar("Held", bound=HasSerial)


class Reader(Generic[Held]):
    """Keeps the newest version of one document, or the last good one while a newer one cannot be read.

    Ages are by the wall clock, because a frozen sandbox may wake hours later. One thread reads again at a time, while
    the others use the version that is held. `stale` is True while there may be a newer version that cannot be read.
    """

    #: Tells the time in seconds. Tests set another.
    clock: Callable[[], float] = staticmethod(time.time)

    def __init__(self, name: str, decode: Callable[[bytes], Held]) -> None:
        """`decode` reads the document from JSON. Its ValueError or RecursionError means that it cannot be read."""
        self._name, self._decode = name, decode
        self._lock = threading.Lock()
        self._waiting = 0
        self.forget()

    def forget(self) -> None:
        """Forget the document, as in a new process. For tests."""
        self._held: Held | None = None
        self._etag = ""
        self._read_at = 0.0
        #: When the document was last known to be the newest; None if it never was.
        self.known_at: float | None = None
        self.stale = False
        #: Why the last attempt to read failed. None if it succeeded.
        self.trouble: Exception | None = None
        #: The serial of the document that is stored, if it is lower than that of the one held. None if it is not.
        self.ignored: int | None = None

    @property
    def held(self) -> Held | None:
        """The document as it was read last, however old. None if it never was."""
        return self._held

    def newest(self, serial: int | None = None) -> Held | None:
        """The document: at most `conf.catalogue_max_age()` seconds old or, given a serial, of that one or a later one.

        It is older if it cannot be read again, and None if it never could be read.
        """
        if (not self._fresh(serial) or self._held is None) and self._acquire():
            try:
                # Another thread may have read it meanwhile. A failure counts as fresh, too, for as long as a success.
                if not self._fresh(serial):
                    self._refresh(serial)
            finally:
                self._lock.release()
        return self._held

    def _acquire(self) -> bool:
        """Become the thread that reads. Others wait for it only while there is no document at all, as long as their
        requests have time; and only a few for long, so that threads are left to say that the service is up."""
        if self._held is not None:
            return self._lock.acquire(blocking=False)
        self._waiting += 1  # not exact where two threads do this at once, and need not be
        try:
            patience = trace.remaining() if self._waiting <= MOST_WAITING else min(SHORT_WAIT, trace.remaining())
            return self._lock.acquire(timeout=max(patience, 0))
        finally:
            self._waiting -= 1

    def _fresh(self, serial: int | None) -> bool:
        young = 0 <= self.clock() - self._read_at < conf.catalogue_max_age()
        if serial is None:
            return young
        return (young and self.stale) or (self._held is not None and self._held.serial >= serial)

    def _refresh(self, serial: int | None) -> None:
        began = self.clock()
        try:
            stored = configured("catalogue").read(self._name, unless=self._etag)
            found = self._decode(stored.content) if stored else self._held
            assert found is not None  # without an ETag it is always read
            self.trouble = None
        except (StorageError, ValueError, RecursionError) as error:
            self.stale, self.trouble = True, error
            # From now, since an attempt may take longer than it counts: those who wait must not try again in turn.
            self._read_at, self.ignored = self.clock(), None
            logger.error("%s not read: %s: %s", self._name, type(error).__name__, error)
            return
        self._read_at, self.ignored = began, None
        if self._held and found.serial < self._held.serial:
            logger.warning("%s with serial %d ignored; %d is held", self._name, found.serial, self._held.serial)
            self.ignored = found.serial
        elif stored:
            self._held, self._etag = found, stored.etag
        self.stale = serial is not None and found.serial < serial
        if not self.stale and self.ignored is None:
            self.known_at = began
