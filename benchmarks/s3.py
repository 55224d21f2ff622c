"""A minimal S3, so that what is measured is the client: `python -m benchmarks.s3` serves one.

It keeps objects in memory and connections open, as S3 does and moto's server does not, and checks no signatures. The
first line of its output is its port.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path

#: Headers that every client expects.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1"}
MISSING = b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"
WHEN = "Sun, 29 Nov 2026 00:00:00 GMT"


@dataclass
class Objects(asyncio.Protocol):
    """One connection to a dictionary of objects, which all connections share."""

    objects: dict[bytes, tuple[bytes, str]]
    came: bytes = b""
    transport: asyncio.Transport = field(init=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came += data
        while b"\r\n\r\n" in self.came:
            head, _, rest = self.came.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            headers = dict(line.lower().split(b": ", 1) for line in lines[1:])
            length = int(headers.get(b"content-length", b"0"))
            if len(rest) < length:
                if headers.get(b"expect") and not rest:
                    self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                return
            method, target, _ = lines[0].split(b" ")
            self.came = rest[length:]
            self.transport.write(self.answer(method, target.partition(b"?")[0], headers, rest[:length]))

    def answer(self, method: bytes, key: bytes, headers: dict[bytes, bytes], body: bytes) -> bytes:
        if method == b"PUT":
            etag = f'"{md5(body, usedforsecurity=False).hexdigest()}"'
            self.objects[key] = body, etag
            return said(200, {"ETag": etag}, b"")
        if key not in self.objects:
            return said(404, {"Content-Type": "application/xml"}, MISSING, bodiless=method == b"HEAD")
        content, etag = self.objects[key]
        if headers.get(b"if-none-match", b"").decode() == etag:
            return said(304, {"ETag": etag}, b"")
        return said(200, {"ETag": etag, "Last-Modified": WHEN}, content, bodiless=method == b"HEAD")


def said(status: int, headers: dict[str, str], body: bytes, *, bodiless: bool = False) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
    return head if bodiless else head + body


async def serve() -> None:
    objects: dict[bytes, tuple[bytes, str]] = {}
    server = await asyncio.get_running_loop().create_server(lambda: Objects(objects), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def running() -> Iterator[dict[str, str]]:
    """The variables with which clients find a server that runs meanwhile in its own process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.s3"],
        cwd=Path(__file__).resolve().parent.parent,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(process.stdout.readline())}"}
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve())
