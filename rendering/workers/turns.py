"""Turns: of those who wait, requests by signed URLs go first, so that URLs that anybody can write do not delay them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Whether this thread works on what goes first: a signed URL or an alias, or what staff look at.
_first: ContextVar[bool] = ContextVar("first", default=True)


@contextmanager
def turn(*, first: bool) -> Iterator[None]:
    """Wait meanwhile among those who go first, or among all others."""
    token = _first.set(first)
    try:
        yield
    finally:
        _first.reset(token)


def goes_first() -> bool:
    return _first.get()


class Places:
    """Places that are taken by one at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.taken = 0
        #: How many wait who go first, and how many others.
        self._waiting = {True: 0, False: 0}

    @property
    def waiting(self) -> int:
        return sum(self._waiting.values())

    def take(self, most: int, patience: float) -> bool:
        """Take a place if fewer than `most` are taken and nobody waits who goes first, after waiting for up to
        `patience` seconds. Returns whether one was taken."""
        first = goes_first()
        with self._changed:
            self._waiting[first] += 1
            try:
                free = self._changed.wait_for(
                    lambda: self.taken < most and (first or not self._waiting[True]), patience
                )
                self.taken += free
                return free
            finally:
                self._waiting[first] -= 1
                self._changed.notify_all()

    def leave(self) -> None:
        with self._changed:
            self.taken -= 1
            self._changed.notify_all()
