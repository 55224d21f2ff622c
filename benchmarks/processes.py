"""What the processes of a server use: CPU time and memory of the whole tree, read from /proc."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
#: Of Linux's include/linux/posix-timers_types.h, which makes the clock of a process's CPU time of its number.
CPUCLOCK_SCHED = 2
#: Seconds between two looks at the memory.
EVERY = 0.02


def family(process: int) -> Iterator[int]:
    """A process and all its descendants. One that ends meanwhile is left out."""
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def processor_seconds(process: int) -> float:
    """The CPU seconds of a process and all its descendants so far, also of those that have ended."""
    return sum(used(one) for one in family(process))


def used(process: int) -> float:
    """The CPU seconds of a process and of those that ended as its children; 0 if it has ended itself."""
    try:
        own = time.clock_gettime((~process << 3) | CPUCLOCK_SCHED)
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return own + sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")


def workers(process: int) -> set[int]:
    """The processes that a server started with its own command line: gunicorn's workers."""

    def command(one: int) -> bytes:
        try:
            return Path(f"/proc/{one}/cmdline").read_bytes()
        except OSError:
            return b""

    own = command(process)
    children = set()
    for task in Path(f"/proc/{process}/task").iterdir():
        children |= {int(child) for child in (task / "children").read_text().split()}
    return {child for child in children if command(child) == own}


def resident(process: int) -> int:
    """The bytes that the tree has in memory. What two processes share is counted twice, so this is an upper bound."""
    total = 0
    for one in family(process):
        with contextlib.suppress(OSError, IndexError):
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE
    return total


def proportional(process: int) -> int:
    """The bytes that the tree has in memory (PSS). What processes share is counted once."""
    total = 0
    for one in family(process):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


class Memory(threading.Thread):
    """The most memory that a tree has had above what it had when this was made: its PSS, looked at 50 times a second.

    PSS takes the kernel milliseconds to add up. So it is asked only where the resident size, which is free and at
    least as large, is above the peak so far.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.idle = process, proportional(process)
        self.highest = 0
        self._over = threading.Event()
        #: Held while it looks: a look that began before `begin` must not end after it.
        self._looking = threading.Lock()
        self.start()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            self.look()

    def look(self) -> None:
        with self._looking:
            if resident(self.process) - self.idle > self.highest:
                self.highest = max(self.highest, proportional(self.process) - self.idle)

    def begin(self) -> int:
        """Look for a new peak from here on; the bytes above idle now."""
        with self._looking:
            self.highest = proportional(self.process) - self.idle
            return self.highest

    def stop(self) -> None:
        self._over.set()
        self.join()
