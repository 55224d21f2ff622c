"""The template: a process with all that jobs need, from which the processes that do them are forked.

The service starts it as `python -m rendering.workers.template`, with the number of a file descriptor, its end of a
connection. A fresh interpreter with one thread forks in two milliseconds; the service itself has threads, and a memory
of which each fork would copy what it writes to.
"""

import ctypes
import logging
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from .. import process

#: What the service asks for, one byte: a new child, whose connection comes along; or how a child ended, by its pid.
FORK, WHY = b"f", b"w"
PID, STATUS = struct.Struct("!i"), struct.Struct("!i")

#: linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38

#: Linux kills the process with the highest score first where memory runs out: rather a child than the service.
OOM_SCORE = "500"


def main(control: socket.socket) -> None:
    """Answer the service until it closes its end; then end all children."""
    for ignored in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # the service decides: systemd and Ctrl-C signal its whole group
    process.keep_memory()
    if not process.keeps_memory():
        logging.warning(
            "The C library returns memory after each picture, which makes large ones slower: is there another malloc?"
        )
    with process.gc_paused():
        warm()
    children: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 + PID.size, 1)
        if not message:
            break
        if message[:1] == FORK:
            pid = fork(socket.socket(fileno=descriptors[0]), control)
            children.add(pid)
            control.sendall(PID.pack(pid))
        else:
            (pid,) = PID.unpack(message[1:])
            children.discard(pid)
            control.sendall(STATUS.pack(wait(pid)))
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(0)  # nothing is to be tidied up, which takes Python a tenth of the CPU time of a start


def wait(pid: int) -> int:
    """How a child ended, once it has; 0 for a process that is none of ours."""
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0


def fork(connection: socket.socket, control: socket.socket | None) -> int:
    """Fork a child that works on a connection. Returns its pid, and never in the child."""
    parent, pid = os.getpid(), os.fork()
    if pid:
        connection.close()
        return pid
    try:
        become_child(connection, control, parent)
    finally:
        os._exit(1)


def become_child(connection: socket.socket, control: socket.socket | None, parent: int) -> None:
    """Work on a connection until it is closed or `parent` ends, then end. Never returns."""
    from . import child

    if control:
        control.close()
    libc = process.library()
    if libc is not None:
        # As much the template's death ends it as the closed connection does.
        libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it ended before it could be asked for the signal
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    process.keep_memory()  # on Lambda the parent does not
    child.work(connection)
    os._exit(0)


def warm() -> None:
    """Load everything that jobs need but the detector, whose threads do not survive a fork; a codec loads with its
    first picture."""
    from PIL import Image

    from ..imaging.encoding import FORMATS, Encoding
    from ..imaging.frame.geometry import Geometry
    from ..imaging.reading.limits import Limits
    from ..imaging.recipe import Defaults, Recipe
    from . import child  # noqa: F401
    from .jobs import Render

    file = BytesIO()
    Image.new("RGB", (16, 16), "red").save(file, "JPEG")
    for name in FORMATS:
        recipe = Recipe(Geometry(width=8, height=8), Encoding(format=name)).settled("any", Defaults())
        Render(limits=Limits(), recipe=recipe).do([file.getvalue()])


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
