"""A proxy in front of S3 that delays or spoils answers while it runs: `Faulty(url)`.

`python -m benchmarks.faulty URL` runs one, prints its port, and reads from its input which fault comes (a kind, or
`delay`) or that it goes (`none`). The fault is of one request in three; `hang /bucket/` is of all for such paths.

It hands requests on over connections that it keeps, in threads of its own. `fault` decides for each request what goes
wrong; it may be replaced at any time.
"""

import http.client
import http.server
import itertools
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Headers that belong to one connection, and are not handed on.
OF_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}
SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
INTERNAL = b"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>Try again.</Message></Error>"
UNWELL = {"slow down": (503, SLOW_DOWN), "internal": (500, INTERNAL)}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a request: an answer of UNWELL, `reset`, `cut` or nothing; after some seconds."""

    kind: str = ""
    seconds: float = 0.0


NONE = Fault()
#: Seconds for which a request hangs: longer than any client waits.
HANG = 60.0


class Faulty(http.server.ThreadingHTTPServer):
    """Runs until `stop`."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), Handed)
        self.upstream = urlsplit(upstream)
        #: Called with the method and the path of each request.
        self.fault: Callable[[str, str], Fault] = lambda method, path: NONE
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, *args: object) -> None:
        """Clients hang up; nobody needs to read of it."""


class Handed(http.server.BaseHTTPRequestHandler):
    """One connection of a client, and one to the server behind."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Faulty
    behind: http.client.HTTPConnection | None = None

    def hand_on(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault(self.command, self.path)
        if fault.seconds:
            time.sleep(fault.seconds)
        if fault.kind == "reset":
            self.reset()
        elif fault.kind in UNWELL:
            status, body = UNWELL[fault.kind]
            self.answer(status, [("Content-Type", "application/xml")], body, len(body))
        else:
            self.answer(*self.asked(content), cut=fault.kind == "cut")

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = hand_on  # noqa: N815 - http.server's names

    def asked(self, content: bytes) -> tuple[int, list[tuple[str, str]], bytes, int]:
        """What the server behind says to the request: status, headers, body, and the length that it announces."""
        if self.behind is None:
            self.behind = http.client.HTTPConnection(
                self.server.upstream.hostname or "", self.server.upstream.port, timeout=60
            )
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_CONNECTION}
        self.behind.request(self.command, self.path, content or None, headers)
        said = self.behind.getresponse()
        body = said.read()
        kept = [(name, value) for name, value in said.getheaders() if name.lower() not in OF_CONNECTION]
        return said.status, kept, body, int(said.headers.get("Content-Length") or len(body))

    def answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, length: int, *, cut: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.reset()

    def finish(self) -> None:
        super().finish()
        if self.behind is not None:
            self.behind.close()

    def reset(self) -> None:
        """Close the connection as a machine does that has crashed."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        pass


def by_turns(kind: str) -> Callable[[str, str], Fault]:
    """A fault of every third request."""
    numbers = itertools.count()
    fault = NONE if kind == "none" else Fault(seconds=0.3) if kind == "delay" else Fault(kind)
    return lambda method, path: fault if next(numbers) % 3 == 0 else NONE


def hanging(prefix: str) -> Callable[[str, str], Fault]:
    """No answer to any request for a path with that prefix."""
    return lambda method, path: Fault("reset", HANG) if path.startswith(prefix) else NONE


def main(upstream: str) -> None:
    proxy = Faulty(upstream)
    print(proxy.server_port, flush=True)
    for line in sys.stdin:
        kind, _, prefix = line.strip().partition(" /")
        proxy.fault = hanging(f"/{prefix}") if kind == "hang" else by_turns(line.strip())
    proxy.stop()


if __name__ == "__main__":
    main(sys.argv[1])
