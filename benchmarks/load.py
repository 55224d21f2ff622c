"""Load: two workers on S3, quiet and while its faults come and go; every body is compared, and memory has to stay flat.

    .venv/bin/python -m benchmarks.load [--rounds 3] [--seconds 10] [--requests 1000 20000 100000] [--write]

(a) stored pictures, (b) pictures that nobody asked for before, (c) 95 of the first for 5 of the second; each once quiet
and once while the proxy in front of S3 delays, refuses or resets one request of three, for a second in every two. A
body that is not the right picture is wrong, and so is an error but a 503 or 504 that says when to ask again. Then the
mix goes on, and after so many requests the memory of the server's whole tree of processes is looked at (PSS), with 5 %
at most between the last two. This process sends the requests; --write puts the tables into docs/performance.md.
"""

import argparse
import asyncio
import contextlib
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from tests.drawings import textured

from . import generator, page, processes, s3, servers

CONNECTIONS = 32
#: How many stored pictures there are, made of as many drawn originals.
KEPT, DRAWN = 40, 5
#: One picture in this many of the mix is new.
EVERY = 20
#: New pictures that there are for each second of all loads.
NEW = 500
#: Seconds without a fault, and with: the faults take turns.
QUIET, FAULTY = 1.0, 1.0
FAULTS = ("slow down", "reset", "delay", "internal")
#: How much more memory may be held after the last number of requests than after the one before.
FLAT = 1.05
#: The loads: of how many pictures one is new; 0: none, 1: all.
LOADS = {"stored": 0, "new": 1, "95 stored, 5 new": EVERY}
#: Errors that tell a client to ask again.
LATER = {503, 504}


@dataclass
class Tally:
    """What was answered: latencies in milliseconds of right answers, refusals, and wrong answers with the first one."""

    latencies: list[float] = field(default_factory=list)
    later: int = 0
    wrong: int = 0
    example: str = ""
    seconds: float = 0.0

    @property
    def asked(self) -> int:
        return len(self.latencies) + self.later + self.wrong

    def quantile(self, part: float) -> float:
        ordered = sorted(self.latencies) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    def take(self, path: str, answer: generator.Answer, right: bytes, milliseconds: float) -> None:
        if answer.status == 200 and answer.body == right:
            self.latencies.append(milliseconds)
        elif answer.status in LATER and "retry-after" in answer.headers:
            self.later += 1
        else:
            self.wrong += 1
            self.example = self.example or f"{path}: {answer.status}, {len(answer.body)} bytes: {answer.body[:120]!r}"


@dataclass
class Pictures:
    """The paths that are asked for: stored ones in turn, new ones once each; and the right body of each."""

    kept: list[str]
    fresh: Iterator[str]
    right: dict[str, bytes]

    def paths(self, every: int) -> Iterator[str]:
        """Stored ones, and one in `every` that is new; 1: only new ones, 0: only stored ones."""
        for number in itertools.count(1):
            if every and number % every == 0:
                path = next(self.fresh, "")
                assert path, "all new pictures were asked for: raise NEW"
                yield path
            else:
                yield self.kept[number % len(self.kept)]

    def body(self, path: str) -> bytes:
        """New pictures are of the same originals as stored ones, under other names."""
        return (
            self.right[path] if path in self.right else self.right[self.kept[int(path.rpartition("-")[2][:-4]) % DRAWN]]
        )


async def ask(url: str, pictures: Pictures, every: int, *, seconds: float = 1e9, requests: int | None = None) -> Tally:
    """Ask over all connections until the time is over, or so many requests are answered."""
    tally, paths, started = Tally(), pictures.paths(every), time.perf_counter()
    left = itertools.count(1) if requests is None else iter(range(requests))
    port = int(url.rpartition(":")[2])

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        while time.perf_counter() - started < seconds and next(left, None) is not None:
            path, asked = next(paths), time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: image/webp,*/*\r\n\r\n".encode())
            try:
                answer = await generator.read(reader)
            except (OSError, asyncio.IncompleteReadError) as error:
                answer = generator.Answer(0, {}, repr(error).encode(), kept_open=False)
            tally.take(path, answer, pictures.body(path), (time.perf_counter() - asked) * 1000)
            if not answer.kept_open:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    tally.seconds = time.perf_counter() - started
    return tally


@dataclass
class Weather:
    """Tells the proxy which fault comes and when it goes."""

    proxy: subprocess.Popen[str]

    def tell(self, fault: str) -> None:
        assert self.proxy.stdin
        self.proxy.stdin.write(f"{fault}\n")
        self.proxy.stdin.flush()

    async def change(self) -> None:
        for fault in itertools.cycle(FAULTS):
            await asyncio.sleep(QUIET)
            self.tell(fault)
            await asyncio.sleep(FAULTY)
            self.tell("none")


@contextlib.contextmanager
def faulty_s3() -> Iterator[tuple[dict[str, str], Weather]]:
    """The variables with which clients find S3 behind the proxy, and what decides on its faults."""
    with s3.running() as variables:
        command = [sys.executable, "-m", "benchmarks.faulty", variables["AWS_ENDPOINT_URL"]]
        with subprocess.Popen(
            command, cwd=page.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as proxy:
            assert proxy.stdout
            try:
                yield (
                    {**variables, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(proxy.stdout.readline())}"},
                    Weather(proxy),
                )
            finally:
                proxy.terminate()


async def under(weather: Weather | None, url: str, pictures: Pictures, every: int, seconds: float) -> Tally:
    """Ask while faults come and go, or while it is quiet."""
    if weather is None:
        return await ask(url, pictures, every, seconds=seconds)
    changing = asyncio.create_task(weather.change())
    try:
        return await ask(url, pictures, every, seconds=seconds)
    finally:
        changing.cancel()
        weather.tell("none")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each load in each round")
    parser.add_argument(
        "--requests", type=int, nargs="+", default=[1000, 20_000, 100_000], help="before memory is looked at"
    )
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, faulty_s3() as (variables, weather):
        originals = Path(name) / "originals"
        originals.mkdir()
        fresh = options.requests[-1] // EVERY + int(options.rounds * options.seconds * NEW)
        draw(originals, fresh)
        kept = [f"kept-{number}.jpg" for number in range(KEPT)]
        given = {"PLANE": "images", **variables}
        with servers.ours("this service", Path(name) / "ours", originals, kept[0], **given) as server:
            pictures = warmed(server, kept, fresh)
            found = loads(server, pictures, weather, options)
            memory = held(server, pictures, options.requests)
    report = to_markdown(found, memory, options)
    print(report)
    figures = {
        name: [one.__dict__ | {"latencies": len(one.latencies)} for one in tallies] for name, tallies in found.items()
    }
    print(f"Figures: {page.keep('load', {'loads': figures, 'memory': memory}).relative_to(page.ROOT)}")
    if options.write:
        page.write("load", "Load", report)
    line, passed = verdict(found, memory)
    print(line)
    return 0 if passed else 1


def draw(folder: Path, fresh: int) -> None:
    """A few drawn originals, under the names of stored pictures and of new ones."""
    contents = []
    for seed in range(DRAWN):
        buffer = BytesIO()
        textured(480, 320, seed=seed).save(buffer, "JPEG", quality=70)
        contents.append(buffer.getvalue())
    for name, number in (("kept", KEPT), ("fresh", fresh)):
        for one in range(number):
            (folder / f"{name}-{one}.jpg").write_bytes(contents[one % DRAWN])


def warmed(server: servers.Server, kept: Sequence[str], new: int) -> Pictures:
    """Have the stored pictures rendered, and keep what is right of each."""
    paths = [server.path(name) for name in kept]
    right = {path: servers.fetched(server, name) for path, name in zip(paths, kept, strict=True)}
    assert len(set(right.values())) == DRAWN, "the originals' pictures should differ"
    fresh = (server.path(f"fresh-{number}.jpg") for number in range(new))
    return Pictures(paths, fresh, right)


def loads(
    server: servers.Server, pictures: Pictures, weather: Weather, options: argparse.Namespace
) -> dict[str, list[Tally]]:
    """The tallies of each load, round by round, each quiet and with faults."""
    found: dict[str, list[Tally]] = {}
    for _ in range(options.rounds):
        for name, every in LOADS.items():
            for head, changing in (("quiet", None), ("faults", weather)):
                tally = asyncio.run(under(changing, server.url, pictures, every, options.seconds))
                found.setdefault(f"{name}, {head}", []).append(tally)
    return found


def held(server: servers.Server, pictures: Pictures, after: Sequence[int]) -> dict[int, float]:
    """Megabytes of memory (PSS) of the whole tree after so many requests of the mix."""
    memory, done = {}, 0
    for number in after:
        tally = asyncio.run(ask(server.url, pictures, EVERY, requests=number - done))
        assert not tally.wrong, tally.example
        done = number
        memory[number] = processes.proportional(server.process) / 1e6
    return memory


def to_markdown(found: dict[str, list[Tally]], memory: dict[int, float], options: argparse.Namespace) -> str:
    rows = []
    for name, tallies in found.items():
        speeds = [len(one.latencies) / one.seconds for one in tallies]
        middle = [statistics.median(one.quantile(part) for one in tallies) for part in (0.5, 0.99)]
        asked, later = sum(one.asked for one in tallies), sum(one.later for one in tallies)
        figures = [f"{statistics.median(speeds):.0f}", *(f"{one:.0f}" for one in middle), f"{asked:,}", f"{later:,}"]
        rows.append((name, *figures, str(sum(one.wrong for one in tallies))))
    head = ("load", "right answers a second", "p50 ms", "p99 ms", "requests", "told to come later", "wrong")
    held_rows = [(f"{number:,}", f"{megabytes:.0f}") for number, megabytes in memory.items()]
    return "\n".join(
        [
            (
                f"Medians of {options.rounds} rounds of {options.seconds:g} seconds: "
                "`.venv/bin/python -m benchmarks.load`. Two workers, all in S3, over "
                f"{CONNECTIONS} connections; requested by Python, which shares the processors. "
                "Faults: for a second in every two, one request of three to S3 is refused, reset or slow."
            ),
            f"On {page.machine()}.",
            "",
            page.table(head, rows),
            "",
            "Memory of all processes of the server, after requests of the mix:",
            "",
            page.table(("requests", "MB"), held_rows),
        ]
    )


def verdict(found: dict[str, list[Tally]], memory: dict[int, float]) -> tuple[str, bool]:
    """The last line, and whether nothing was wrong and memory is flat."""
    wrong = [one for tallies in found.values() for one in tallies if one.wrong]
    for one in wrong:
        print(f"Wrong: {one.example}")
    sizes = list(memory.values())
    growth = sizes[-1] / sizes[-2] if len(sizes) > 1 else 1.0
    asked = sum(one.asked for tallies in found.values() for one in tallies)
    grown = " → ".join(f"{size:.0f}" for size in sizes)
    line = f"load: {asked} requests, {sum(one.wrong for one in wrong)} wrong, memory {grown} MB (x {growth:.2f})"
    return line, not wrong and growth <= FLAT


if __name__ == "__main__":
    sys.exit(main())
