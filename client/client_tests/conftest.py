"""A server that has a list of aliases, and counts who asks for it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from imageservice_client import listing

ALIASES: dict[str, Any] = {
    "hero": {
        "width": 1200,
        "height": 400,
        "exact": True,
        "ratios": [1, 1.5, 2],
        "widths": [320, 640, 1200],
        "format": "auto",
        "newer": [1],
    },
    "hero-avif": {
        "width": 1200,
        "height": 400,
        "exact": True,
        "ratios": [1, 2],
        "widths": [640, 1200],
        "format": "avif",
    },
    "profile-image/ios": {"width": 90, "height": 90, "exact": True, "ratios": [1], "format": "png"},
    "whole": {"width": 300, "height": None, "exact": False, "ratios": [1], "format": "original"},
}


class Server:
    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.content = json.dumps({"serial": 1, "aliases": ALIASES}).encode()
        self.status = 200
        self.asked: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.headers.get("If-None-Match", ""))
                outer.may_answer.wait(10)
                etag = f'"{hash(outer.content)}"'
                same = outer.status == 200 and self.headers.get("If-None-Match") == etag
                self.send_response(304 if same else outer.status)
                self.send_header("ETag", etag)
                self.end_headers()
                if not same:
                    self.wfile.write(outer.content)

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    one = Server()
    settings.IMAGE_SERVICE = {"URL": one.url}
    yield one
    one.may_answer.set()
    one.http.shutdown()
    one.http.server_close()


@pytest.fixture
def listed(server: Server) -> Server:
    """A server whose list this process has read."""
    assert listing.load()
    return server


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    listing._listing = None
    yield
    listing._listing = None
