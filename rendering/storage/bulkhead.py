"""Limits how many threads wait for one place, and leaves a place alone that does not respond.

Without a limit, one bucket that hangs would soon hold all threads of a server, and pictures from other places would
wait for it, too. The numbers go with the 32 threads of gunicorn.conf.py.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from rendering import trace

from .errors import LeftAlone, TooLate

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Calls at once, of one place and of all. Further ones wait for PATIENCE seconds at most.
MOST, MOST_IN_ALL, PATIENCE = 12, 14, 0.3
#: When no call to a place has ended for STALLED seconds, only so many wait for it: threads are left for others.
STALLED, MOST_WAITING = 0.1, 12
#: Seconds after which a call is slow, not counting those in which bytes arrived at RATE bytes per second.
SLOW, RATE = 0.5, 1024 * 1024
#: With this many slow calls under way further ones are refused at once.
MOST_SLOW, MOST_SLOW_IN_ALL = 6, 10
#: Keys of each place that are remembered because it answered them quickly, and calls for such keys that may begin at
#: once, beside any number of others: what is stored is served while other keys are slow.
KNOWN, MOST_KNOWN = 4_000, 4
#: After this many timeouts in a row, a place is not asked for REST seconds. Then one caller tries it.
TIMEOUTS, REST = 3, 5.0


@dataclass(eq=False, slots=True)
class Call:
    """A call that is under way. `bytes` is what it has received so far."""

    began: float
    key: str = ""
    known: bool = False
    bytes: int = 0

    def is_slow(self, now: float) -> bool:
        return now - self.began - self.bytes / RATE >= SLOW


_lock = threading.Lock()
#: By the name of each place.
_bulkheads: dict[str, "Bulkhead"] = {}
#: The calls under way to all places.
_underway: set[Call] = set()
#: Who waits until they may call, in the order in which they came.
_waiting: list["Waiter"] = []
#: The call of this thread.
_current: ContextVar[Call | None] = ContextVar("call", default=None)


@dataclass(eq=False)
class Bulkhead:
    """The calls to one place."""

    #: For the log.
    name: str
    underway: set[Call] = field(default_factory=set)
    #: In a row.
    timeouts: int = 0
    resting_until: float = 0.0
    #: The call that tries a place which was left alone.
    trial: Call | None = None
    #: Whether the last call that ended had a response.
    responsive: bool = False
    #: When a call last ended, or began with no other under way.
    moved: float = 0.0
    #: The keys that it has answered quickly, the last one at the end.
    known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    #: Whether it did not respond even for one of them: it hangs, instead of being slow for other keys.
    hangs: bool = False

    @contextmanager
    def call(self, key: str = "") -> Iterator[None]:
        """Count a call to this place, for a key if there is one, while it is under way. Raises LeftAlone at once if
        there must be none now."""
        if _current.get():  # one method of a store has called another
            yield
            return
        call = self._begin(key)
        token = _current.set(call)
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            _current.reset(token)
            self._end(call, error)

    def _begin(self, key: str) -> Call:
        if trace.remaining() <= 0:
            raise TooLate(f"{self.name} is not asked: the request has no time left")
        latest = time.monotonic() + min(PATIENCE, trace.remaining())
        with _lock:
            waiter = Waiter(self, threading.Condition(_lock), key in self.known)
            _waiting.append(waiter)
            try:
                while not self._is_turn_of(waiter, latest):
                    waiter.turn.wait(PATIENCE / 10)  # also to see how slow the others are
                call = Call(time.monotonic(), key, waiter.known)
                if not self.underway:
                    self.moved = call.began
                self.underway.add(call)
                _underway.add(call)
                if self.timeouts >= TIMEOUTS:
                    self.trial = call
                return call
            finally:
                _waiting.remove(waiter)
                wake_first()

    def _is_turn_of(self, waiter: "Waiter", latest: float) -> bool:
        """Whether a caller may call now. Raises LeftAlone if it is not to wait any longer."""
        now = time.monotonic()
        if not waiter.known or self.hangs:
            self._refuse_if_resting(now)
        if waiter.known and sum(call.known for call in self.underway) < MOST_KNOWN:
            return True
        slow, slow_in_all = count_slow(self.underway, now), count_slow(_underway, now)
        crisis = slow_in_all >= MOST_SLOW_IN_ALL
        # Others being slow is no reason to refuse what a place that responds can do.
        if slow >= MOST_SLOW or (crisis and not self._is_quick(slow)):
            raise LeftAlone(f"{self.name} is not asked: {slow_in_all} calls are slow, {slow} of them to it")
        # Whoever came first, or some would wait for ever while others come and go.
        if first_with_room() is waiter or (crisis and self.has_room):
            return True
        ahead = sum(one.place is self for one in _waiting[: _waiting.index(waiter)])
        stalled = bool(self.underway) and now - self.moved > STALLED
        if now >= latest or (stalled and ahead >= MOST_WAITING):
            raise LeftAlone(f"{self.name} is not asked: {len(self.underway)} calls to it are under way")
        return False

    @property
    def has_room(self) -> bool:
        """Whether there are fewer calls to it than there may be."""
        return len(self.underway) < MOST

    def _refuse_if_resting(self, now: float) -> None:
        if self.timeouts >= TIMEOUTS and (self.trial or now < self.resting_until):
            raise LeftAlone(f"{self.name} is not asked: {self.timeouts} timeouts in a row")

    def _is_quick(self, slow: int) -> bool:
        """Whether it may be asked although threads are scarce: as far as is known, it responds."""
        return not slow and (self.responsive or not self.underway)

    def _end(self, call: Call, error: BaseException | None) -> None:
        now = time.monotonic()
        with _lock:
            self.underway.discard(call)
            _underway.discard(call)
            self.moved = now
            if self.trial is call:
                self.trial = None
            self._learn(call, error, now)
            if isinstance(error, TooLate) and call.is_slow(now):
                self.timeouts += 1
                self.hangs = self.hangs or call.known
                self.resting_until = now + REST
                if self.timeouts == TIMEOUTS:
                    logger.error("place left alone", extra={"facts": {"place": self.name, "error": str(error)}})
            elif not isinstance(error, TooLate):  # soon too late is a request with little time left
                if self.timeouts >= TIMEOUTS:
                    logger.warning("place asked again", extra={"facts": {"place": self.name}})
                self.timeouts, self.hangs = 0, False
            self.responsive = not isinstance(error, TooLate)
            wake_first()

    def _learn(self, call: Call, error: BaseException | None, now: float) -> None:
        """Remember of a call that has ended whether its key was answered quickly."""
        self.known.pop(call.key, None)
        if call.key and not error and not call.is_slow(now):
            self.known[call.key] = None
            if len(self.known) > KNOWN:
                self.known.popitem(last=False)


@dataclass(eq=False, slots=True)
class Waiter:
    """A caller that waits until it may call a place, how it is woken, and whether its key was answered quickly."""

    place: Bulkhead
    turn: threading.Condition
    known: bool


def first_with_room() -> Waiter | None:
    """Whose turn it is: who came first of those whose place has room, if one more call may begin at all."""
    if len(_underway) >= MOST_IN_ALL:
        return None
    return next((one for one in _waiting if one.place.has_room), None)


def wake_first() -> None:
    if first := first_with_room():
        first.turn.notify()


def count_slow(calls: set[Call], now: float) -> int:
    return sum(call.is_slow(now) for call in calls)


def bulkhead_of(name: str) -> Bulkhead:
    """The bulkhead of the place with that name. Places that share an endpoint and a bucket share it."""
    with _lock:
        return _bulkheads.setdefault(name, Bulkhead(name))


def forget() -> None:
    """Begin again as in a new process: nothing is left alone. For tests."""
    with _lock:
        _bulkheads.clear()
        _underway.clear()


def received(count: int) -> None:
    """Say that this thread's call has received bytes, so that a large object is not taken for a store that hangs."""
    if call := _current.get():
        call.bytes += count


class HasBulkhead(Protocol):
    bulkhead: Bulkhead


Store = TypeVar("Store", bound=HasBulkhead)


def bounded(method: Callable[Concatenate[Store, P], T]) -> Callable[Concatenate[Store, P], T]:
    """Make a method of a store a call that its bulkhead counts. It then also raises LeftAlone."""

    @wraps(method)
    def call(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = args[0] if args and isinstance(args[0], str) else ""
        with store.bulkhead.call(key):
            return method(store, *args, **kwargs)

    return call
