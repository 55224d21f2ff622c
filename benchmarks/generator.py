"""A load generator: requests pictures over persistent connections for a limited time, with wrk, or else asyncio."""

import asyncio
import itertools
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).with_name("generator.lua")


@dataclass(frozen=True)
class Load:
    """What was answered, in how many seconds; latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    wrong: int


def client() -> str:
    return (
        "wrk"
        if shutil.which("wrk")
        else "asyncio (wrk, which Debian has, is not installed: requests a second are the client's as well)"
    )


def ask(url: str, kept: Sequence[str], fresh: Sequence[str], *, every: int, seconds: int, connections: int) -> Load:
    """Request the paths of `kept` in turn and, in one of `every` requests, the next of `fresh`; 0: only `kept`."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / name for name in ("kept", "fresh")]
        for name, paths in zip(names, (kept, fresh), strict=True):
            name.write_text("".join(f"{path}\n" for path in paths))
        if not shutil.which("wrk"):
            return asyncio.run(asked(url, kept, fresh, every, seconds, connections))
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT), url, "--"]
        given = [*map(str, names), str(every)]
        said = subprocess.run([*wrk, *given], check=True, capture_output=True, text=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("RESULT"))
    requests, duration, p50, p99, wrong = map(int, line.split()[1:])
    return Load(requests, duration / 1e6, p50 / 1000, p99 / 1000, wrong)


async def asked(
    url: str, kept: Sequence[str], fresh: Sequence[str], every: int, seconds: int, connections: int
) -> Load:
    until, latencies, wrong = time.perf_counter() + seconds, list[float](), [0]
    targets = mixed(kept, fresh, every)

    async def one() -> None:
        host, port = urlsplit(url).hostname, urlsplit(url).port
        reader, writer = await asyncio.open_connection(host, port)
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(f"GET {next(targets)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: image/webp,*/*\r\n\r\n".encode())
            answer = await read(reader)
            latencies.append((time.perf_counter() - started) * 1000)
            wrong[0] += answer.status != 200
            if not answer.kept_open:
                writer.close()
                reader, writer = await asyncio.open_connection(host, port)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    latencies.sort()
    p50, p99 = (latencies[min(len(latencies) - 1, math.floor(len(latencies) * part))] for part in (0.5, 0.99))
    return Load(len(latencies), time.perf_counter() - started, p50, p99, wrong[0])


@dataclass(frozen=True)
class Answer:
    """What a server sent, and whether another answer may follow on the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    kept_open: bool


async def read(reader: asyncio.StreamReader) -> Answer:
    """Read one answer to its end, however the server says where that is."""
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    kept_open = headers.get("connection", "keep-alive") != "close" and status.startswith("http/1.1")
    body = b""
    if "chunked" in headers.get("transfer-encoding", ""):
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:-2]
        while await reader.readuntil(b"\r\n") != b"\r\n":  # trailers after the last chunk
            pass
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read()
        kept_open = False
    return Answer(int(status.split()[1]), headers, body, kept_open)


def mixed(kept: Sequence[str], fresh: Sequence[str], every: int) -> Iterator[str]:
    unseen = iter(fresh)
    for number in itertools.count(1):
        if every and number % every == 0 and (path := next(unseen, "")):
            yield path
        else:
            yield kept[number % len(kept)]
