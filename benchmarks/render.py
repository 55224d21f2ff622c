"""What a render costs, beside sharp and Thumbor: CPU time, bytes, similarity to the truth, memory.

    make bench            or: .venv/bin/python -m benchmarks.render [--pictures DIR] [--operations a1,c] [--write]

The engines take turns at each of 24 operations, round after round, each in its own process on one thread. CPU time is
user and system. Ratios are medians of each round's ratios, so a machine whose speed drifts gives the same result.
--write puts the table and its plot into docs/performance.md.
"""

if __name__ == "__main__" and not __package__:  # run as a file: its own folder is on the path, not the project's
    import runpy
    import sys

    sys.path[0] = sys.path[0].rpartition("/")[0]
    runpy.run_module("benchmarks.render", run_name="__main__")
    sys.exit()


import argparse
import contextlib
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import engines, page, peers, photographs, report
from .engines import Engine
from .operations import OPERATIONS, Operation

BUILD = peers.ROOT / "build" / "render"
PEERS = ("sharp", "thumbor")

#: Milliseconds for which an engine repeats an operation in one round.
TURN = 120


@dataclass(slots=True)
class Row:
    """The cost of an operation for each engine: milliseconds of each round, bytes of the file."""

    operation: Operation
    cpu: dict[str, list[float]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    likeness: dict[str, dict[str, float]] = field(default_factory=dict)
    #: Megabytes that one render needs beyond an idle process.
    memory: dict[str, float] = field(default_factory=dict)

    def ratio(self, peer: str) -> float | None:
        """Our CPU time divided by the peer's."""
        if peer not in self.cpu:
            return None
        return statistics.median(mine / its for mine, its in zip(self.cpu["ours"], self.cpu[peer], strict=True))

    def to_json(self) -> dict[str, Any]:
        return {
            "operation": self.operation.to_json(),
            "words": self.operation.words,
            "cpu_ms": {name: statistics.median(spent) for name, spent in self.cpu.items()},
            "ratio": {peer: self.ratio(peer) for peer in PEERS if peer in self.cpu},
            "bytes": self.bytes,
            "likeness": self.likeness,
            "memory_mb": self.memory,
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="originals, named as in operations.py; ../shared/speed/images")
    parser.add_argument("--operations", default="", help="only those whose names begin so: a1,c")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    originals = photographs.folder(options.pictures)
    wanted = [
        one for one in OPERATIONS if not options.operations or one.name.startswith(tuple(options.operations.split(",")))
    ]
    asked = [one for one in wanted if (originals / one.original).is_file()]
    for one in wanted:
        if one not in asked:
            print(f"{one.name}: there is no {one.original} in {originals}; left out")
    if not asked:
        print("Nothing to do: name a folder that has the pictures with --pictures")
        return 1
    BUILD.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        running = started(originals, options.peers, stack)
        versions = {name: engine.versions for name, engine in running.items()}
        rows = [measured(one, running, options.rounds) for one in asked]
    weigh(rows, originals, list(running))
    judge(rows, originals)
    found = [row.to_json() for row in rows]
    page.keep("render", {"versions": versions, "rounds": options.rounds, "rows": found})
    print()
    print(page.table(report.HEAD, map(report.cells, found)))
    if options.write:
        (page.ROOT / "docs/pictures/render.svg").write_text(report.plot(found))
        page.write("render", "Renders beside sharp and Thumbor", to_markdown(found, versions, options.rounds))
    print(report.verdict(found))
    return 0


def to_markdown(rows: list[dict[str, Any]], versions: dict[str, str], rounds: int) -> str:
    """For docs/performance.md."""
    return "\n".join(
        [
            f"`make bench ONLY=render`, {rounds} rounds, on {page.machine()}:",
            *(f"{said}{';' if name != list(versions)[-1] else '.'}" for name, said in versions.items()),
            "",
            page.table(report.HEAD, map(report.cells, rows)),
            "",
            f"**{report.verdict(rows)}**",
            "",
            "![For each operation our CPU time relative to sharp's and Thumbor's](pictures/render.svg)",
        ]
    )


def started(pictures: Path, wanted: list[str], stack: contextlib.ExitStack) -> dict[str, Engine]:
    """The engines, ours first, each in its own process until the stack is closed."""
    running: dict[str, Engine] = {"ours": stack.enter_context(engines.ours(pictures, zlib()))}
    if "sharp" in wanted and (package := peers.node(peers.HERE / "package.json")):
        running["sharp"] = stack.enter_context(engines.sharp(pictures, package))
    if "thumbor" in wanted:
        running["thumbor"] = stack.enter_context(engines.thumbor_engine(pictures, BUILD))
    return running


def zlib() -> dict[str, str]:
    """The variables that load zlib-ng into our process, as in the Lambda package; empty if it cannot be compiled."""
    outside = sys._base_executable  # type: ignore[attr-defined]  # pip is not in this environment
    said = subprocess.run(
        [outside, "-m", "deploy.package.zlib_ng"], cwd=peers.ROOT, capture_output=True, text=True, check=False
    )
    if said.returncode:
        print(f"{said.stderr.strip()}\nOurs goes on with the machine's zlib")
        return {}
    return {"LD_LIBRARY_PATH": said.stdout.strip()}


def measured(operation: Operation, running: dict[str, Engine], rounds: int) -> Row:
    """Let the engines take turns, alternating their order."""
    row, times = Row(operation), {}
    for name, engine in running.items():
        first = engine.run(operation, 1, BUILD / f"{operation.name}-{name}.{operation.format}")
        if first and (second := engine.run(operation, 1)):
            row.bytes[name] = first.bytes
            row.cpu[name] = []
            times[name] = max(1, min(25, int(TURN / max(second.cpu, 0.5))))
    for number in range(rounds):
        for name in list(times) if number % 2 else reversed(list(times)):
            run = running[name].run(operation, times[name])
            assert run
            row.cpu[name].append(run.cpu)
    print(*report.cells(row.to_json())[:5], sep=" | ", flush=True)
    return row


def weigh(rows: list[Row], pictures: Path, names: list[str]) -> None:
    """The memory that one render takes, in a process that has done nothing before."""
    for row in rows:
        for name in names:
            if name in row.cpu and name != "thumbor":  # a server, which is not idle at its first request
                with contextlib.ExitStack() as stack:
                    run = started(pictures, [name], stack)[name].run(row.operation, 1)
                    assert run
                    row.memory[name] = (run.peak - run.before) / 1024


def judge(rows: list[Row], pictures: Path) -> None:
    """Compare the derivatives with the truth, in the environment that has the libraries."""
    asked = BUILD / "asked.json"
    asked.write_text(
        json.dumps(
            [
                {
                    "operation": row.operation.to_json(),
                    "original": str((pictures / row.operation.original).resolve()),
                    "files": {
                        name: str(BUILD / f"{row.operation.name}-{name}.{row.operation.format}") for name in row.cpu
                    },
                }
                for row in rows
            ]
        )
    )
    python = peers.python("judge", peers.HERE / "judge.txt")
    subprocess.run([python, "-m", "benchmarks.likeness", asked], cwd=peers.ROOT, check=True)
    found = json.loads((BUILD / "likeness.json").read_text())
    for row in rows:
        row.likeness = found[row.operation.name]


if __name__ == "__main__":
    sys.exit(main())
