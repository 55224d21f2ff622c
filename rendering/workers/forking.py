"""Children, and who forks them: the template of this process or, on Lambda, this process itself."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Protocol

from . import template

#: Variables of the environment that the template gets, beside the folders from which Python imports. No secrets.
PASSED: tuple[str, ...] = (
    "PATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "OPENBLAS_NUM_THREADS",
    "PYTHONDONTWRITEBYTECODE",
    "TMPDIR",
)


class Forker(Protocol):
    """Forks children, and knows how they ended."""

    def fork(self, connection: socket.socket) -> int:
        """Fork a child that works on a connection. Returns its pid. Raises OSError."""

    def status(self, pid: int) -> int:
        """How a child ended, as os.waitpid says it, once it has; every child is asked for once. Raises OSError."""


class Template:
    """The template of this process (`template.py`), which ends with it."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in PASSED if name in os.environ}
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [sys.executable, "-m", template.__name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,  # Ctrl-C signals the others of the session
            )
        self._lock = threading.Lock()

    def fork(self, connection: socket.socket) -> int:
        with self._lock:
            socket.send_fds(self._control, [template.FORK], [connection.fileno()])
            (pid,) = template.PID.unpack(self._answer())
        return int(pid)

    def status(self, pid: int) -> int:
        with self._lock:
            self._control.sendall(template.WHY + template.PID.pack(pid))
            (status,) = template.STATUS.unpack(self._answer())
        return int(status)

    def _answer(self) -> bytes:
        said = self._control.recv(template.PID.size)
        if len(said) < template.PID.size:
            raise ConnectionResetError("The template has ended")
        return said

    def close(self) -> None:
        """End the template and its children."""
        self._control.close()
        self.process.wait()


class ThisProcess:
    """This process, as long as it has one thread: in Lambda's init phase everything is imported already, which takes a
    template 100 ms."""

    def fork(self, connection: socket.socket) -> int:
        if threading.active_count() > 1:
            raise OSError("A process with threads cannot be forked safely")
        parent, pid = os.getpid(), os.fork()
        if pid:
            return pid
        try:
            _leave_all_but(connection)
            template.become_child(connection, None, parent)
        finally:
            os._exit(1)

    def status(self, pid: int) -> int:
        return template.wait(pid)

    def close(self) -> None:
        """Nothing is to be ended: children end when their connections are closed."""


def _leave_all_but(connection: socket.socket) -> None:
    """In a child of this process: close what it inherited, and forget what the environment says."""
    kept = connection.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") > 0 else 1024)
    os.environ.clear()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with suppress(ValueError):
            signal.signal(number, signal.SIG_IGN)


def forker() -> Template | ThisProcess:
    """Who forks for this process."""
    on_lambda = bool(os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))
    return ThisProcess() if on_lambda and threading.active_count() == 1 else Template()
