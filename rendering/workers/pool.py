"""Doing jobs on pictures: in children of this process, each of which can be ended without harm to anything else.

A job takes a quick seat. If it is not done after a second, it moves to the slow seat, at the lowest priority, so that
others can be quick; where the slow seat is taken and others wait, it is ended. Whatever passes the deadline of its
request, its CPU time or its memory is ended, too.
"""

import atexit
import logging
import os
import select
import signal
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import cast

import msgspec

from .. import conf, trace
from ..imaging import documents
from ..imaging.errors import BrokenPicture, TooCostly, errors_by_code
from ..metrics.recording import record_death
from . import wire
from .child import Line, Reply, Task
from .errors import Busy, Failed, NoSeat
from .forking import Forker, Template, ThisProcess, forker
from .jobs import Answer, AnyJob, Files, Job
from .turns import Places

logger = logging.getLogger(__name__)

#: Seconds after which a job is slow, and seats for slow jobs.
SLOW_AFTER, SLOW_SEATS = 1.0, 1
#: Seconds between two looks for a slow seat.
AGAIN = 0.1
#: Jobs after which a child ends, should it lose memory with each.
MOST_JOBS = 1000
#: Bytes beyond MAX_MEMORY, which is for decoding an original: for what is resampled, filtered and encoded.
MORE_MEMORY = 128 * 1024 * 1024

ERRORS = errors_by_code()


class Child:
    """A process that does jobs, and the connection to it."""

    def __init__(self, forker: Forker) -> None:
        self.forker, self.jobs = forker, 0
        self.connection, theirs = socket.socketpair()
        with theirs:
            self.pid = forker.fork(theirs)
        self._poll = select.poll()
        self._poll.register(self.connection, select.POLLIN)

    @property
    def ended(self) -> bool:
        """Whether it has ended while it had nothing to do."""
        return self.has_answered(0)

    def has_answered(self, seconds: float) -> bool:
        """Whether an answer begins, or the child has ended, within so many seconds."""
        return bool(self._poll.poll(max(seconds, 0) * 1000))

    def slow_down(self) -> None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def end(self) -> int:
        """End it now. Returns its status, as os.waitpid says it; 0 where nobody knows it any more."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.bury()

    def bury(self) -> int:
        """The status of a child that has ended or is about to."""
        self.connection.close()
        try:
            return self.forker.status(self.pid)
        except OSError:  # the template has ended, and its children with it
            return 0


class Pool:
    """The children of one process, and the seats at which they work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.pid = os.getpid()
        #: The quick seats.
        self.quick = Places()
        self.slow = 0
        self.idle: deque[Child] = deque()
        self.forker: Template | ThisProcess | None = None

    def start(self) -> None:
        """Fork a first child, so that the first picture need not wait for it."""
        self.rest(self.child())

    def close(self) -> None:
        """End all children that are idle, and the template. In another process than the pool's, nothing."""
        if self.pid != os.getpid():
            return
        with self._lock:
            while self.idle:
                self.idle.pop().end()
            if self.forker:
                self.forker.close()
                self.forker = None

    def take_seat(self, end: float) -> "Seat":
        """Take a quick seat, after waiting for up to half of the time until `end` (time.monotonic()). Raises NoSeat."""
        if not self.quick.take(conf.renders_at_once(), max((end - time.monotonic()) / 2, 0.001)):
            raise NoSeat("Too many pictures are being rendered at once; ask again in a moment")
        return Seat(self)

    def move(self, seat: "Seat") -> bool:
        """Move from a quick seat to the slow one. Returns False where that is taken."""
        with self._lock:
            if self.slow >= SLOW_SEATS:
                return False
            self.slow, seat.slow = self.slow + 1, True
        self.quick.leave()
        return True

    @property
    def others_wait(self) -> bool:
        """Whether a job waits for a seat."""
        return self.quick.waiting > 0

    def leave(self, seat: "Seat") -> None:
        if seat.slow:
            with self._lock:
                self.slow -= 1
        else:
            self.quick.leave()

    def child(self) -> Child:
        """An idle child, or a new one. Raises Busy where none can be forked."""
        with self._lock:
            while self.idle:
                child = self.idle.pop()
                if not child.ended:
                    return child
                child.bury()
            if self.forker is None:
                self.forker = forker()
            current = self.forker
        try:
            return Child(current)
        except OSError:
            logger.warning("the template has ended; a new one is started", exc_info=True)
        with self._lock:
            if self.forker is current:
                self.forker = Template()
            current = self.forker
        try:
            return Child(current)
        except OSError as error:
            logger.exception("no process for rendering")
            raise Busy("This service cannot start a process for rendering; ask again in a moment") from error

    def rest(self, child: Child) -> None:
        """Let a child wait for its next job."""
        with self._lock:
            self.idle.append(child)


class Seat:
    """A place at which one child works on one job at a time."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.slow = pool, False

    def do(self, job: Job[Answer], files: Files, end: float, cpu: float) -> tuple[Answer, Files]:
        """Have a child do a job until `end` (time.monotonic()). Raises PictureError, Busy and Failed."""
        child = self.pool.child()
        task = Task(cast(AnyJob, job), cpu, conf.max_memory() + MORE_MEMORY)
        try:
            wire.send(child.connection, documents.encode(task), tuple(files))
            self.wait(child, end)
            document, made = wire.receive(child.connection)
        except wire.Gone:
            raise describe_end(child.bury(), cpu) from None
        except BaseException:
            child.end()
            raise
        reply = msgspec.json.decode(document, type=Reply)
        child.jobs += 1
        if reply.spent or self.slow or child.jobs >= MOST_JOBS:
            child.end()
        else:
            self.pool.rest(child)
        return read(reply, job), made

    def wait(self, child: Child, end: float) -> None:
        """Wait until the child answers. Raises Busy where that takes too long."""
        began = time.monotonic()
        look = began + SLOW_AFTER
        while not child.has_answered(min(look, end) - time.monotonic()):
            now = time.monotonic()
            if now >= end:
                raise Busy("This picture was not rendered in time; ask again in a moment")
            if self.slow:
                look = end
            elif self.pool.move(self):
                child.slow_down()
                look = end
            elif self.pool.others_wait:
                raise Busy("This picture takes long to render, and others wait; ask again in a moment")
            else:
                look = now + AGAIN


def describe_end(status: int, cpu: float) -> Exception:
    """The error for a child that ended without an answer, by its status. Counts it."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    record_death(signal.Signals(number).name if number else "")
    if number == signal.SIGXCPU:
        return TooCostly(
            f"This picture takes more than the {cpu:g} CPU seconds that one may take: ask for a smaller "
            "one or for fewer filters, or save the original in another way"
        )
    if number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL):
        logger.error("a decoder or encoder crashed", extra={"facts": {"signal": signal.Signals(number).name}})
        return BrokenPicture("The file cannot be decoded: the decoder of its format fails on it")
    logger.error("a process for rendering was ended from outside", extra={"facts": {"signal": number}})
    return Busy("This picture could not be rendered just now; ask again in a moment")


def read(reply: Reply, job: Job[Answer]) -> Answer:
    """The answer of a job. Logs what its process logged. Raises PictureError and Failed."""
    for line in reply.lines:
        log(line)
    if reply.fault:
        raise Failed(reply.fault)
    if reply.code:
        raise ERRORS[reply.code](reply.message)
    answer: Answer = documents.read(reply.answer, job.answers)
    return answer


def log(line: Line) -> None:
    facts = {**line.facts, "traceback": line.traceback} if line.traceback else line.facts
    logging.getLogger(line.logger).log(line.level, line.message, extra={"facts": facts})


_pool: Pool | None = None
_lock = threading.Lock()


def pool() -> Pool:
    """The pool of this process. A forked process has none of its parent's."""
    global _pool
    with _lock:
        if _pool is None or _pool.pid != os.getpid():
            _pool = Pool()
            atexit.register(_pool.close)
        return _pool


def start() -> None:
    """Start what the first picture would otherwise wait for. It can be started later, too, so nothing fails."""
    try:
        pool().start()
    except Busy as error:
        logger.warning("no process for rendering yet", extra={"facts": {"error": str(error)}})


def run(job: Job[Answer], *files: bytes, cpu: float | None = None) -> tuple[Answer, Files]:
    """Have a job done, within the time that the request has left and `cpu` CPU seconds, or as many as a
    picture may take. Returns its answer and the files that go with it.

    Raises PictureError as the job does, TooCostly where it takes too much, Busy where there is no time for it, and
    Failed for a fault of this program.
    """
    end = time.monotonic() + max(trace.remaining(), 0.001)
    with trace.stage("queue"):
        seat = pool().take_seat(end)
    try:
        with trace.stage(job.stage):
            return seat.do(job, files, end, cpu or conf.max_cpu())
    finally:
        seat.pool.leave(seat)
