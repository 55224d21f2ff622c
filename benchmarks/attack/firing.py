"""Fires shots at the service, one after the other, and measures what each costs."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import asking, verdicts
from .asking import Answer
from .service import Service
from .shots import Outcome, Shot

#: Seconds after which an answer was slow enough for work to go on behind it.
QUICK = 0.3
#: CPU seconds in a tenth of a second that are not work: health checks, and the catalogue's age.
IDLE = 0.03
#: Seconds for which work after the last answer is waited for.
LONGEST_REST = 60.0


def fire(service: Service, shot: Shot) -> Outcome:
    """Send the requests of a shot, all at once, and judge what comes back."""
    service.watch.take()
    at_first = service.memory.begin()
    before, started, hits = service.processor_seconds(), time.monotonic(), service.canary.hits
    answers = together(lambda raw: asking.ask(service.port, raw), shot.requests)
    seconds = time.monotonic() - started
    if seconds > QUICK or any((one.status or 500) >= 500 for one in answers):
        settle(service)
    service.memory.look()
    seen = service.watch.take()
    measured = verdicts.Measured(
        (service.processor_seconds() - before) / len(answers),
        at_first,
        service.memory.highest,
        seen,
        service.canary.hits - hits,
        service.deaths(),
        service.logged(),
        service.secrets,
    )
    statuses = Counter(str(one.status or one.fault) for one in answers)
    flags = verdicts.flags(shot, answers, measured)
    return Outcome(shot, statuses, measured.processor, seconds, measured.memory, seen.slowest, flags)


def together(function: Callable[[bytes], Answer], requests: tuple[bytes, ...]) -> list[Answer]:
    """Call the function for all requests at the same moment."""
    if len(requests) == 1:
        return [function(requests[0])]
    ready = threading.Barrier(len(requests))

    def one(raw: bytes) -> Answer:
        ready.wait()
        return function(raw)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests))


def settle(service: Service) -> None:
    """Wait until the service rests, so that work that goes on after an answer is charged to its request."""
    until = time.monotonic() + LONGEST_REST
    spent = service.processor_seconds()
    while time.monotonic() < until:
        time.sleep(0.1)
        now = service.processor_seconds()
        if now - spent < IDLE:
            return
        spent = now
