"""Whether health and stored pictures wait while a bucket hangs, and while many slow pictures are asked for at once.

    .venv/bin/python -m benchmarks.waiting [--rounds 3] [--seconds 10] [--write]

Two workers, all in S3 behind a proxy. One client asks for `/healthz`, one for stored pictures, 20 times a second on new
connections, and one four times a second for a picture that nobody asked for before: (a) alone, (b) while 64 clients ask
for pictures of a bucket that never answers, each again a second after its answer, (c) while 150 pictures that take long
to render are asked for at once, (d) while 44 clients ask unsigned for filters that take seconds of a processor. p99 of
the first two may be 100 ms at most, and nine of ten new pictures have to be served. This process asks, and shares the
processors; --write puts the table into docs/performance.md.
"""

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from rendering.catalogue.catalogue import NAME, Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.storage.place import Place
from tests.drawings import textured

from . import generator, load, page, servers

#: Clients of the bucket that hangs, slow pictures at once, and clients of laborious filters.
CLIENTS, SLOW, WORST = 64, 150, 44
#: Some five seconds of a processor for each picture.
LABORIOUS = f"/unsafe/fit-in/4000x4000/filters:upscale():{':'.join(['blur(150)'] * 9)}:brightness"
#: Seconds between an answer and the next question of a client; less than Retry-After says.
PAUSE = 1.0
#: Seconds between two questions of a kind, and the most milliseconds for 99 of 100.
PERIOD, MOST = 0.05, 100.0
#: Seconds between two new pictures, and which part of them has to be served.
PERIOD_OF_NEW, SERVED = 0.25, 0.9
#: Names of slow pictures, each of which is asked for once; and what makes each laborious one another.
NEW, OTHER = itertools.count(), itertools.count()


@dataclass
class Asked:
    """What was answered: milliseconds of each, and how often each status."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def quantile(self, part: float) -> float:
        ordered = sorted(self.times) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


async def get(port: int, path: str, asked: Asked) -> None:
    """Ask once, on a connection of its own."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        status = (await generator.read(reader)).status
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        status = 0
    asked.times.append((time.perf_counter() - began) * 1000)
    asked.statuses[status] += 1


async def steadily(port: int, paths: Iterator[str], asked: Asked, until: float, period: float = PERIOD) -> None:
    """Ask at a steady pace, one question after the other."""
    while (began := time.perf_counter()) < until:
        await get(port, next(paths), asked)
        await asyncio.sleep(max(began + period - time.perf_counter(), 0))


async def again_and_again(port: int, path: str, asked: Asked, until: float) -> None:
    while time.perf_counter() < until:
        await get(port, path, asked)
        await asyncio.sleep(PAUSE)


#: What goes on meanwhile: it asks until the moment, and counts.
Crowd = Callable[[int, Asked, float], Coroutine[Any, Any, object]]


async def nobody(port: int, asked: Asked, until: float) -> None:
    """Nothing else is asked for."""


async def at_a_bucket_that_hangs(port: int, asked: Asked, until: float) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(again_and_again(port, f"/hangs/{number}.jpg", asked, until))


async def for_slow_pictures(port: int, asked: Asked, until: float) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(SLOW):
            group.create_task(get(port, f"/slow/{next(NEW)}.jpg", asked))


async def for_laborious_filters(port: int, asked: Asked, until: float) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(WORST):
            path = f"{LABORIOUS}({next(OTHER) % 100})/large/{number}.jpg"
            group.create_task(again_and_again(port, path, asked, until))


async def meanwhile(port: int, pictures: load.Pictures, crowd: Crowd, seconds: float) -> dict[str, Asked]:
    found = {"health": Asked(), "stored": Asked(), "new": Asked(), "crowd": Asked()}
    until = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        group.create_task(steadily(port, itertools.repeat("/healthz"), found["health"], until))
        group.create_task(steadily(port, itertools.cycle(pictures.kept), found["stored"], until))
        group.create_task(steadily(port, pictures.fresh, found["new"], until, PERIOD_OF_NEW))
        group.create_task(crowd(port, found["crowd"], until))
    return found


#: By what they are called in the table.
CROWDS: dict[str, Crowd] = {
    "nothing else": nobody,
    f"{CLIENTS} clients at a bucket that hangs": at_a_bucket_that_hangs,
    f"{SLOW} slow pictures at once": for_slow_pictures,
    f"{WORST} clients of laborious filters": for_laborious_filters,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each in each round")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, load.faulty_s3() as (variables, weather):
        originals = Path(name) / "originals"
        originals.mkdir()
        fresh = int(options.rounds * options.seconds / PERIOD_OF_NEW + 1) * len(CROWDS)
        load.draw(originals, fresh)
        names = [f"kept-{number}.jpg" for number in range(load.KEPT)]
        given = {"PLANE": "images", **variables}
        with servers.ours("this service", Path(name) / "ours", originals, names[0], **given) as server:
            prepare(variables, options.rounds)
            pictures = load.warmed(server, names, fresh)
            weather.tell("hang /hanging/")
            found = measured(int(server.url.rpartition(":")[2]), pictures, options)
    report = to_markdown(found, options)
    print(report)
    figures = {
        f"{crowd}: {what}": [{"p99": one.quantile(0.99), "statuses": one.statuses} for one in asked]
        for (crowd, what), asked in found.items()
    }
    print(f"Figures: {page.keep('waiting', {'waiting': figures}).relative_to(page.ROOT)}")
    if options.write:
        page.write("waiting", "Waiting", report)
    line, passed = verdict(found)
    print(line)
    return 0 if passed else 1


def prepare(variables: dict[str, str], rounds: int) -> None:
    """Publish a bucket that will hang, and one with pictures that take seconds to render."""
    s3 = servers.s3_client(variables)
    recipe = replace(servers.RECIPE, geometry=Geometry(width=1600), encoding=Encoding(format="avif"))
    aliases = [
        Alias("pictures", 1, "photos", servers.RECIPE),
        Alias("hangs", 1, "hanging", servers.RECIPE),
        Alias("slow", 1, "large", recipe),
    ]
    places = {"photos": "originals", "hanging": "hanging", "large": "large"}
    buckets = [Bucket(name, Place("s3", place), unsafe_allowed=name == "large") for name, place in places.items()]
    buffer = BytesIO()
    textured(1600, 1200).save(buffer, "JPEG", quality=70)
    for number in range(SLOW * rounds):
        s3.put_object(Bucket="large", Key=f"{number}.jpg", Body=buffer.getvalue())
    s3.put_object(Bucket="service", Key=f"catalogue/{NAME}", Body=Catalogue.of(2, buckets, aliases).encode())
    time.sleep(6)  # until both workers have read it


def measured(port: int, pictures: load.Pictures, options: argparse.Namespace) -> dict[tuple[str, str], list[Asked]]:
    """What was answered, by what went on meanwhile and what was asked for, round by round."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for _ in range(options.rounds):
        for name, crowd in CROWDS.items():
            for what, asked in asyncio.run(meanwhile(port, pictures, crowd, options.seconds)).items():
                found.setdefault((name, what), []).append(asked)
    return found


def to_markdown(found: dict[tuple[str, str], list[Asked]], options: argparse.Namespace) -> str:
    rows = []
    for (crowd, what), rounds in found.items():
        if not any(one.times for one in rounds):
            continue
        figures = [f"{statistics.median(one.quantile(part) for one in rounds):.0f}" for part in (0.5, 0.99, 1)]
        statuses = sum((one.statuses for one in rounds), Counter())
        said = ", ".join(f"{number:,} × {status}" for status, number in sorted(statuses.items()))
        rows.append((crowd, "the crowd itself" if what == "crowd" else what, *figures, said))
    return "\n".join(
        [
            (
                f"Medians of {options.rounds} rounds of {options.seconds:g} seconds: `.venv/bin/python -m "
                "benchmarks.waiting`. Two workers, all in S3 behind a proxy; one client for each, 20 times a second on "
                "new connections (new pictures: 4 times), in Python on the same CPUs."
            ),
            f"On {page.machine()}.",
            "",
            page.table(("meanwhile", "asked for", "p50 ms", "p99 ms", "slowest ms", "answers"), rows),
        ]
    )


def verdict(found: dict[tuple[str, str], list[Asked]]) -> tuple[str, bool]:
    """The last line, and whether all was served in time."""
    served = [(what, one) for (_, what), rounds in found.items() for one in rounds if what in ("health", "stored")]
    new = [sum((one.statuses for one in rounds), Counter()) for (_, what), rounds in found.items() if what == "new"]
    least = min(statuses[200] / statuses.total() for statuses in new)
    worst = {what: max(one.quantile(0.99) for of, one in served if of == what) for what in ("health", "stored")}
    failed = sum(number for _, one in served for status, number in one.statuses.items() if status != 200)
    line = (
        f"waiting: {failed} failed, p99 health {worst['health']:.0f} ms, stored {worst['stored']:.0f} ms, "
        f"{least:.0%} of new pictures served"
    )
    return line, not failed and max(worst.values()) <= MOST and least >= SERVED


if __name__ == "__main__":
    sys.exit(main())
