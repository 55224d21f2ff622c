"""Whether a picture, or a publication, costs more as the rest grows: aliases, buckets, stored derivatives, pixels.

    .venv/bin/python -m benchmarks.growth [--rounds 5] [--write]

CPU time of this process, medians of interleaved rounds; a publication is made once, in a process of its own. Each row
is measured with little and with much; x 1 means that the cost does not grow. --write puts the table into
docs/performance.md.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random

from django.conf import settings
from PIL import Image

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe
from rendering.storage.factory import at
from rendering.storage.folders import FolderStorage
from rendering.storage.interface import Store
from rendering.storage.place import Place

from . import page, publishing, s3

FEW_ALIASES, MANY_ALIASES, MANY_BUCKETS = 10, 10_000, 1000
FEW_KEPT, MANY_KEPT = 10, 20_000
FEW_LIVE, MANY_LIVE = 50, 50_000
#: What a publication costs: how it is called, in `publishing.cost_among` and in the table; its unit, and the target.
PUBLISHING = (
    ("cpu_s", "CPU time", "s", "0.3 s"),
    ("peak_mb", "memory", "MB", "20 MB"),
    ("bytes", "written", "bytes", ""),
)
SETTLED = Recipe(Geometry(width=256, height=256), Encoding(format="webp")).settled("any", Defaults())


@dataclass(frozen=True)
class Row:
    """One cost: what is done, how often per round, the unit, and the two sides: small and large."""

    name: str
    unit: str
    times: int
    little: Callable[[], object]
    much: Callable[[], object]
    #: The target, in the unit.
    wanted: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    settings.configure(BASE_DIR=page.ROOT, DEADLINE=20.0, FOLDER_ROOTS=(tempfile.gettempdir(),))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ |= stack.enter_context(s3.running())
        rows = [*catalogues(), *kept(folder), *pixels()]
        found = [measured(row, options.rounds) for row in rows]
    stall = max(stalled() for _ in range(options.rounds))
    published = {number: publishing.cost_among(number) for number in (FEW_LIVE, MANY_LIVE)}
    report = to_markdown(rows, found, published, stall, options.rounds)
    print(report)
    costs = {
        row.name: {"unit": row.unit, "little": little, "much": much}
        for row, (little, much) in zip(rows, found, strict=True)
    }
    figures = page.keep("growth", {"costs": costs, "publishing": published, "stall_ms": stall})
    print(f"Figures: {figures.relative_to(page.ROOT)}")
    if options.write:
        page.write("growth", "Growth", report)


def catalogues() -> list[Row]:
    little, much = document(FEW_ALIASES, 1), document(MANY_ALIASES, MANY_BUCKETS)
    few, many = Catalogue.read(little), Catalogue.read(much)
    names, random = list(many.aliases), Random(1)
    # Each path has another alias, as in a process that has just read the catalogue, so each alias is decoded.
    some = [f"{random.choice(list(few.aliases))}/people/1/2/one.jpg" for _ in range(1000)]
    any_of_many = [f"{name}/people/1/2/one.jpg" for name in random.sample(names, 1000)]
    sizes = f"{FEW_ALIASES} → {MANY_ALIASES:,} aliases"
    return [
        Row(f"alias found, {sizes}", "µs", 1000, Lookup(few, some), Lookup(many, any_of_many), "20 µs"),
        Row(
            f"alias found and decoded, {sizes}",
            "µs",
            1000,
            Lookup(few, some, forget=True),
            Lookup(many, any_of_many, forget=True),
            "20 µs",
        ),
        Row(
            f"catalogue loaded, {sizes} and 1 → {MANY_BUCKETS:,} buckets, {len(much) / 1e6:.0f} MB",
            "ms",
            1,
            partial(Catalogue.read, little),
            partial(Catalogue.read, much),
            "100 ms",
        ),
    ]


class Lookup:
    """Finds one path after the other."""

    def __init__(self, catalogue: Catalogue, paths: list[str], *, forget: bool = False) -> None:
        self.catalogue, self.paths, self.forget, self.next = catalogue, paths, forget, 0
        for path in paths:
            catalogue.find(path)

    def __call__(self) -> object:
        self.next = (self.next + 1) % len(self.paths)
        if self.forget:
            self.catalogue._decoded.clear()
        return self.catalogue.find(self.paths[self.next])


def document(aliases: int, buckets: int) -> bytes:
    places = [Bucket(f"bucket-{number}", Place("s3", f"physical-{number}", "originals/")) for number in range(buckets)]
    named = [
        Alias(
            f"group-{number % 100}/alias-{number}",
            1,
            f"bucket-{number % buckets}",
            Recipe(Geometry(width=100 + number % 800, height=90), Encoding(format="auto")),
            dprs=(1.5, 2),
        )
        for number in range(aliases)
    ]
    return Catalogue.of(1, places, named).encode()


def stalled() -> float:
    """The longest time, in milliseconds, that another thread waits while a large catalogue is read."""
    text, gaps, done = document(MANY_ALIASES, MANY_BUCKETS), [0.0], threading.Event()

    def ticking() -> None:
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(0.0002)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    thread = threading.Thread(target=ticking)
    thread.start()
    Catalogue.read(text)
    done.set()
    thread.join()
    return max(gaps) * 1000


def kept(folder: Path) -> list[Row]:
    rows = []
    for name, place in (("a folder", Place("folder", str(folder))), ("S3", Place("s3", "kept"))):
        little, much = (at(Place(place.kind, place.location, prefix)) for prefix in ("few/", "many/"))
        fill(little, FEW_KEPT)
        fill(much, MANY_KEPT if place.kind == "folder" else MANY_KEPT // 10)
        # The same key on both sides, so that only the number of derivatives differs.
        few, many = partial(read, little), partial(read, much)
        number = MANY_KEPT if place.kind == "folder" else MANY_KEPT // 10
        rows.append(Row(f"stored derivative read from {name}, {FEW_KEPT} → {number:,} of them", "µs", 200, few, many))
    return rows


def key(number: int) -> str:
    return f"photos/{number:032x}/0123456789abcdef.0123456789abcdef"


def fill(store: Store, number: int) -> None:
    content = bytes(15_000)
    for one in range(number):
        if isinstance(store, FolderStorage):  # without the store's fsync for each
            path = Path(store.location) / key(one)
            path.parent.mkdir(parents=True)
            path.write_bytes(content if one < FEW_KEPT else b"")
        else:
            store.write(key(one), content, "image/webp")


def read(store: Store) -> object:
    return store.read(key(3))


def pixels() -> list[Row]:
    rows = []
    for name in ("JPEG", "PNG"):
        small, large = picture(1000, 750, name), picture(4000, 3000, name)
        rows.append(
            Row(
                f"256 x 256 WebP from a {name}, 0.75 → 12 megapixels (x 16)",
                "ms",
                1,
                partial(rendered, small),
                partial(rendered, large),
            )
        )
    return rows


def rendered(content: bytes) -> object:
    return render(Opened(content, Limits()), SETTLED)


def picture(width: int, height: int, name: str) -> bytes:
    """A picture that costs a decoder about as much as a photograph, alike at all sizes."""
    noise = Image.frombytes("RGB", (500, 375), Random(1).randbytes(500 * 375 * 3)).resize((width, height))
    file = BytesIO()
    Image.blend(noise, Image.linear_gradient("L").resize((width, height)).convert("RGB"), 0.6).save(file, name)
    return file.getvalue()


def measured(row: Row, rounds: int) -> tuple[float, float]:
    """The medians of both sides, in the row's unit."""
    scale = {"µs": 1e6, "ms": 1e3}[row.unit]
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):  # the first warms up
        for side, work in enumerate((row.little, row.much)):
            started = time.process_time()
            for _ in range(row.times):
                work()
            found[side].append((time.process_time() - started) / row.times * scale)
    little, much = (statistics.median(side[1:]) for side in found)
    return little, much


def to_markdown(
    rows: list[Row],
    found: list[tuple[float, float]],
    published: dict[int, dict[str, float]],
    stall: float,
    rounds: int,
) -> str:
    cells = [
        (row.name, f"{little:.1f} {row.unit}", f"{much:.1f} {row.unit}", f"x {much / little:.2f}", row.wanted)
        for row, (little, much) in zip(rows, found, strict=True)
    ]
    few, many = published[FEW_LIVE], published[MANY_LIVE]
    cells += [
        (
            f"publishing one of {FEW_LIVE} → {MANY_LIVE:,} aliases: {name}",
            f"{few[key]:,g} {unit}",
            f"{many[key]:,g} {unit}",
            f"x {many[key] / few[key]:.2f}" if few[key] else "",
            most,
        )
        for key, name, unit, most in PUBLISHING
    ]
    return "\n".join(
        (
            f"Medians of {rounds} rounds, CPU time: `.venv/bin/python -m benchmarks.growth`.",
            f"On {page.machine()}.",
            "",
            page.table(("cost", "with little", "with much", "growth", "at most"), cells),
            "",
            f"While the large catalogue is read, another thread of the process waits {stall:.0f} ms at most.",
        )
    )


if __name__ == "__main__":
    main()
