"""A CDN's API that notes what it is asked."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Api:
    url: str = ""
    status: int = 200
    #: Method, path, headers and body of each request.
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def api() -> Iterator[Api]:
    made = Api()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"said  the\nAPI")

        do_POST = do_BAN = do_GET = answer  # noqa: N815  # as the base class calls them

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()
