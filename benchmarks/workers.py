"""What it costs that pictures are rendered in processes that can be ended, and what ending them costs.

    make bench ONLY=workers     or: .venv/bin/python -m benchmarks.workers [--rounds 5] [--write]

(a) CPU time of a render in a child, with what the service itself needs for it, beside the same render in one process:
least of the rounds, which take turns. (b) CPU time of each small file with large claims of `make attack`, until it is
refused. (c) SIGTERM to gunicorn while a picture is rendered: when its answer came, and when all processes were gone.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from benchmarks import page, processes
from benchmarks.attack import asking, costs, service
from benchmarks.attack.workpieces import noise
from rendering import process
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import PictureError
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Defaults, Recipe
from rendering.workers import pool
from rendering.workers.forking import Template
from rendering.workers.jobs import Render
from tests.drawings import textured

#: A render's name and its CPU milliseconds: in one process, in a child and this process, and in this process.
Row = tuple[str, float, float, float]

#: Renders of one turn are repeated for so many seconds: the kernel counts hundredths for children that have ended.
TURN = 1.5
#: A render that takes seconds, to be in hand when SIGTERM comes.
LONG = f"/unsafe/fit-in/3000x3000/filters:upscale():format(avif):quality(90)/{service.BUCKET}/noise.jpg"


def drawn(width: int, height: int, kind: str) -> bytes:
    file = BytesIO()
    textured(width // 4, height // 4).resize((width, height)).save(file, kind, quality=85)
    return file.getvalue()


#: Renders by their names: the original, the longest side of the picture, and its format.
RENDERS: dict[str, tuple[Callable[[], bytes], int | None, str]] = {
    "400 x 300, JPEG → 90 pixels, PNG": (lambda: drawn(400, 300, "JPEG"), 90, "png"),
    "2 megapixels, JPEG → 800 pixels, JPEG": (lambda: drawn(1600, 1250, "JPEG"), 800, "jpeg"),
    "12 megapixels, JPEG → 90 pixels, PNG": (lambda: drawn(4000, 3000, "JPEG"), 90, "png"),
    "4 megapixels, PNG → 256 pixels, WebP": (lambda: drawn(2300, 1740, "PNG"), 256, "webp"),
    "12 megapixels, JPEG → all of it, WebP": (lambda: drawn(4000, 3000, "JPEG"), None, "webp"),
}


def job(name: str) -> tuple[Render, bytes]:
    draw, side, kind = RENDERS[name]
    recipe = Recipe(Geometry(width=side), Encoding(format=kind)).settled("any", Defaults())
    return Render(limits=Limits(), recipe=recipe), draw()


def milliseconds(render: Callable[[], object], clocks: Sequence[Callable[[], float]]) -> list[float]:
    """What one render takes by each clock: the mean over a turn, after one that does not count."""
    render()
    count, began, before = 0, time.perf_counter(), [clock() for clock in clocks]
    while not count or time.perf_counter() - began < TURN:
        render()
        count += 1
    return [(clock() - start) / count * 1000 for clock, start in zip(clocks, before, strict=True)]


def alone() -> None:
    """Render in this process what its input names, and say what each took."""
    process.keep_memory()
    jobs = {name: job(name) for name in RENDERS}
    for line in sys.stdin:
        task, content = jobs[line.strip()]
        print(*milliseconds(partial(task.do, [content]), [time.process_time]), flush=True)


def renders(rounds: int) -> Iterator[Row]:
    """What each render takes in one process, in a child with all that this process does for it, and of that this
    process."""
    process.return_memory()
    command = [sys.executable, "-m", "benchmarks.workers", "--alone"]
    with subprocess.Popen(command, cwd=page.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        for name in RENDERS:
            task, content = job(name)
            pool.run(task, content)  # so that there is a child
            found = []
            for _ in range(rounds):
                other.stdin.write(f"{name}\n")
                other.stdin.flush()
                single = float(other.stdout.readline())
                own, child = milliseconds(partial(pool.run, task, content), [time.process_time, child_seconds])
                found.append((single, own + child, own))
            single, both, own = (min(column) for column in zip(*found, strict=True))
            yield name, single, both, own
        other.stdin.close()


def child_seconds() -> float:
    """CPU seconds of all children so far, and of their template, which does nothing."""
    made = pool.pool().forker
    assert isinstance(made, Template)
    return processes.processor_seconds(made.process.pid)


def refusals() -> list[tuple[str, float]]:
    """The small files that are refused, each with the CPU seconds that this took."""
    recipe = Recipe(Geometry(width=100, height=100), Encoding()).settled("any", Defaults())
    found = []
    for name, draw in costs.BOMBS.items():
        content = draw()
        pool.run(*job(next(iter(RENDERS))))  # so that a child is idle
        before = processes.processor_seconds(os.getpid())
        with contextlib.suppress(PictureError):
            pool.run(Render(limits=Limits(), recipe=recipe), content)
            continue
        found.append((name, processes.processor_seconds(os.getpid()) - before))
    return sorted(found, key=lambda one: one[1])


def ending() -> tuple[float, float, int | None]:
    """Seconds from SIGTERM to the answer of the picture in hand, and from then until all processes were gone; and the
    answer's status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "originals").mkdir()
        (folder / "originals/noise.jpg").write_bytes(noise(2000, "JPEG"))
        with service.on_folders(folder) as running:
            running.watch.stop()
            running.memory.stop()
            told: list[tuple[asking.Answer, float]] = []
            thread = threading.Thread(
                target=lambda: told.append((asking.ask(running.port, asking.compose(LONG)), time.monotonic()))
            )
            thread.start()
            time.sleep(0.5)
            family = list(processes.family(running.process))
            os.kill(running.process, signal.SIGTERM)
            began = time.monotonic()
            thread.join()
            while any(alive(one) for one in family) and time.monotonic() - began < 60:
                time.sleep(0.01)
            answer, answered = told[0]
            return answered - began, time.monotonic() - answered, answer.status


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone()
        return
    import django

    os.environ |= {"DJANGO_SETTINGS_MODULE": "imageservice.settings", "PLANE": "images"}
    django.setup()
    rows, refused, ended = list(renders(options.rounds)), refusals(), ending()
    report = to_markdown(rows, refused, ended)
    print(report)
    print(f"Figures: {page.keep('workers', {'renders': rows, 'refused': refused, 'ended': ended})}")
    if options.write:
        page.write("workers", "Processes that render", report)


def to_markdown(
    rows: list[Row],
    refused: list[tuple[str, float]],
    ended: tuple[float, float, int | None],
) -> str:
    made = [
        (
            name,
            f"{single:.2f}",
            f"{both:.2f}",
            f"{100 * (both / single - 1):+.0f} %",
            f"{both - single:+.2f}",
            f"{own:.2f}",
        )
        for name, single, both, own in rows
    ]
    head = ("render, CPU ms", "in one process", "in a child", "more", "ms", "of it in the service")
    middle, (worst, most) = refused[len(refused) // 2][1], refused[-1]
    answered, gone, status = ended
    return "\n".join(
        [
            f"`.venv/bin/python -m benchmarks.workers`, on {page.machine()}.",
            "",
            page.table(head, made),
            "",
            (
                f"Of the {len(costs.BOMBS)} small files with large claims that `make attack` draws, {len(refused)} are "
                f"refused: half of them in {max(middle * 1000, 10):.0f} ms of CPU time or less, all in "
                f"{most * 1000:.0f} (`{worst}`). "
                f"After SIGTERM the picture in hand was answered with a {status} within {answered:.1f} s, and "
                f"{gone:.2f} s later all processes were gone."
            ),
        ]
    )


if __name__ == "__main__":
    main()
