"""A process that does jobs on pictures, one after another, within limits of time and memory that the kernel holds.

It is forked from one with all that jobs need in memory (`template.py`), and ends when the other end of its connection
is closed. It has one thread, but for the detector's.
"""

import logging
import math
import os
import resource
import select
import socket
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from .. import process
from ..imaging import documents
from ..imaging.errors import PictureError, TooCostly, TooLarge
from ..imaging.focus import yunet
from . import jobs, wire

LINUX = sys.platform == "linux"

#: Open files of a child: its connection, the standard streams, and what libraries open for a moment.
FILES = 64

#: By how much a child yields to the service, which answers others meanwhile.
NICE = 5

#: From this part of its memory on, a failure is taken to be for want of it: encoders and decoders say so in many ways,
#: "broken data stream" among them.
NEAR = 0.5

#: Bytes that a process may go on holding after a job, beyond those that it held before the first. Three of them, and as
#: many of each other worker, stay idle.
HELD = 128 * 1024 * 1024

#: Seconds without a job after which a process returns what memory it can.
REST = 1.0


class Task(Struct, frozen=True):
    """A job, with the CPU time in seconds and the memory in bytes that it may take."""

    job: jobs.AnyJob
    cpu: float
    memory: int


class Line(Struct, frozen=True):
    """A line for the service's log."""

    level: int
    logger: str
    message: str
    facts: dict[str, Any] = {}
    traceback: str = ""


class Reply(Struct, frozen=True, omit_defaults=True):
    """How a job ended: with an answer, with an error of the picture or the recipe, or with a fault of this program."""

    answer: msgspec.Raw = msgspec.Raw(b"")
    #: The code and the message of a PictureError.
    code: str = ""
    message: str = ""
    #: The traceback of any other error.
    fault: str = ""
    lines: tuple[Line, ...] = ()
    #: Whether the process should end, because it holds much memory or has held so much that it cannot tell any more
    #: what the next failure is due to.
    spent: bool = False


class Collector(logging.Handler):
    """Keeps what is logged, for the service to log it with the request's id."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[Line] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        facts = getattr(record, "facts", {})
        self.lines.append(Line(record.levelno, record.name, record.getMessage(), facts, said))

    def taken(self) -> tuple[Line, ...]:
        lines, self.lines = tuple(self.lines), []
        return lines


def work(connection: socket.socket) -> None:
    """Do the jobs that come over a connection until it is closed. Never returns an error: whatever happens is said."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    ignore_murmurs()
    collector = Collector()
    logging.root.handlers, logging.root.level = [collector], logging.INFO
    needs = Needs()
    while True:
        try:
            rest(connection)
            document, files = wire.receive(connection)
            task = documents.read(msgspec.Raw(document), Task)
            reply, made = do(task, files, needs, collector)
            del files
            wire.send(connection, msgspec.json.encode(reply), tuple(made))
            del made
        except wire.Gone:
            return


def ignore_murmurs() -> None:
    """Drop what readers say of broken files beside the errors they raise: warnings, and lines that C libraries print. A
    file can have thousands of them printed, and nobody could tell of which it is. Tracebacks are still written."""
    warnings.simplefilter("ignore")
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 2)


def rest(connection: socket.socket) -> None:
    """Wait for a job. Returns memory if there is none for a while."""
    if not select.select([connection], [], [], REST)[0]:
        process.trim_memory()


def do(task: Task, files: list[bytes], needs: "Needs", collector: Collector) -> tuple[Reply, jobs.Files]:
    """Do one job within its limits."""
    made: jobs.Files = ()
    said: dict[str, Any] = {}
    try:
        if task.job.uses_yunet:
            needs.load_detector()
        limit_cpu(task.cpu)
        needs.limit_memory(task.memory)
        answer, made = task.job.do(files)
        said = {"answer": msgspec.Raw(documents.encode(answer))}
    except TooLarge as error:
        said = {"code": error.code, "message": str(error)}
    except PictureError as error:
        said = needs.refusal(task.memory) or {"code": error.code, "message": str(error)}
    except MemoryError:
        said = too_much_memory(task.memory)
    except Exception:  # noqa: BLE001 - the service logs it as a fault, with this traceback
        said = needs.refusal(task.memory) or {"fault": traceback.format_exc()}
    unlimit_memory()
    return Reply(**said, lines=collector.taken(), spent=needs.are_much(task.memory)), made


class Needs:
    """What the process takes of memory before a job: the budget of a job comes on top of it."""

    def __init__(self) -> None:
        self.idle, self.resident = memory("VmSize"), memory("VmRSS")
        self.has_detector = False

    def load_detector(self) -> None:
        """Load the detector of faces, whose address space no job has to pay. A detector that cannot be had fails in
        the job, where it has a stand-in."""
        if not self.has_detector and yunet.installed():
            before, resident = memory("VmSize"), memory("VmRSS")
            try:
                yunet.session()
            except Exception:  # noqa: BLE001 - it may raise anything, and will again, in the job
                return
            self.has_detector = True
            self.idle += memory("VmSize") - before
            self.resident += memory("VmRSS") - resident

    def limit_memory(self, budget: int) -> None:
        if LINUX:
            resource.setrlimit(resource.RLIMIT_AS, (self.idle + budget, resource.RLIM_INFINITY))

    def near(self, budget: int) -> bool:
        """Whether the process came near the limit."""
        return memory("VmPeak") - self.idle > NEAR * budget

    def refusal(self, budget: int) -> dict[str, str]:
        """What to say of a failure if it is likely to be for want of memory."""
        return too_much_memory(budget) if self.near(budget) else {}

    def are_much(self, budget: int) -> bool:
        return memory("VmRSS") - self.resident > HELD or self.near(budget)


def too_much_memory(budget: int) -> dict[str, str]:
    megabytes = budget // (1024 * 1024)
    return {
        "code": TooCostly.code,
        "message": f"This picture takes more than the {megabytes} MB of memory that one may take: ask for a smaller "
        "one or for fewer filters, or save the original with fewer pixels",
    }


def limit_cpu(seconds: float) -> None:
    """Let the kernel end this process when it has used that many CPU seconds from now on, or up to one
    second more."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), resource.RLIM_INFINITY))


def unlimit_memory() -> None:
    if LINUX:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def memory(what: str) -> int:
    """Bytes of this process's address space (VmSize), the most it ever was (VmPeak), or memory (VmRSS). Zero where that
    cannot be found out."""
    if LINUX:
        with Path("/proc/self/status").open() as file:
            for line in file:
                if line.startswith(what):
                    return int(line.split()[1]) * 1024
    return 0
