"""Requests as an attacker sends them: raw bytes over a connection of their own, and whatever comes back."""

import contextlib
import http.client
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

#: Seconds after which an answer is no longer waited for.
PATIENCE = 60.0
#: More than any right answer has.
MOST_BYTES = 64 << 20
ACCEPT = "image/avif,image/webp,image/*,*/*;q=0.8"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, headers by their names in lower case, a body; or what went wrong on the connection."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: `reset`, `timeout` or `short`; empty where an answer was read to its end.
    fault: str = ""
    seconds: float = 0.0

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def everything(self) -> bytes:
        """Headers and body, to look for what must not be in them."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return head.encode("latin-1", "replace") + b"\n\n" + self.body


def compose(
    path: str, method: str = "GET", headers: Mapping[str, str | None] | None = None, body: str | None = None
) -> bytes:
    """The bytes of a request. A header that is None is left out, and nothing is escaped."""
    lines = {"Host": "127.0.0.1", "Connection": "close", "Accept": ACCEPT} | dict(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body or ''}".encode("latin-1", "replace")


def ask(port: int, raw: bytes, patience: float = PATIENCE) -> Answer:
    """Send a request and read the answer to its end."""
    started = time.monotonic()
    method = raw.partition(b" ")[0].decode("latin-1")
    status, headers, body, fault = None, dict[str, str](), bytearray(), ""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(raw)  # a server may refuse, and close, before it has read all
            answer = http.client.HTTPResponse(connection, method=method)
            answer.begin()
            status, headers = answer.status, {name.lower(): value for name, value in answer.getheaders()}
            while len(body) < MOST_BYTES:
                left = started + patience - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                connection.settimeout(left)
                if not (part := answer.read1(1 << 16)):
                    break
                body += part
            if answer.length:  # bytes that were announced and never came
                fault = "short"
    except TimeoutError:
        fault = "timeout"
    except (OSError, http.client.HTTPException, ValueError):
        fault = "reset"
    return Answer(status, headers, bytes(body), fault, time.monotonic() - started)


def hang_up(port: int, raw: bytes, after: float) -> None:
    """Send a request and close the connection before the answer can be there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(raw)
        time.sleep(after)
