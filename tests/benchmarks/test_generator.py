import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import generator

BODY = b"picture " * 1000


class Server(BaseHTTPRequestHandler):
    """Answers with the same bytes, and says in one of several ways where they end."""

    protocol_version = "HTTP/1.1"
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404 if self.path == "/missing" else 200)
        self.WAYS[self.path.split("/")[1]](self)

    def length(self) -> None:
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def chunked(self) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (BODY[:10], BODY[10:5000], BODY[5000:]):
            self.wfile.write(b"%x;name=value\r\n%b\r\n" % (len(part), part))
        self.wfile.write(b"0\r\nTrailer: too\r\n\r\n")

    def closed(self) -> None:
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(BODY)

    WAYS: dict[str, Callable[["Server"], None]] = {
        "length": length,
        "chunked": chunked,
        "closed": closed,
        "missing": length,
    }

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def url(monkeypatch) -> Iterator[str]:
    """A server, on a machine without wrk."""
    monkeypatch.setattr(shutil, "which", lambda *args, **options: None)
    Server.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("way", ["length", "chunked", "closed"])
def test_without_wrk_answers_are_read_to_their_end_however_long_they_are(url, way):
    done = generator.ask(url, [f"/{way}/1", f"/{way}/2"], [], every=0, seconds=1, connections=2)
    assert (done.requests, done.wrong) == (len(Server.asked), 0)
    assert {f"/{way}/1", f"/{way}/2"} == set(Server.asked)
    assert 0 < done.p50 <= done.p99


def test_without_wrk_answers_that_are_errors_are_counted(url):
    done = generator.ask(url, ["/length/1"], ["/missing"], every=2, seconds=1, connections=1)
    assert done.wrong == Server.asked.count("/missing") == 1


def test_without_wrk_it_is_said(url):
    assert "is not installed" in generator.client()
