"""What an attack did, as a table, as figures and as one line."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import page

from .shots import Kind, Outcome

#: How many kinds of shots are one request each.
SINGLE = (Kind.FILE, Kind.PATH, Kind.KEY, Kind.COST)
#: Characters of a name in the table.
WIDTH = 44


def say(outcome: Outcome, number: int, seconds: float) -> None:
    """Print what has a flag, and what costs are, when they are there; and every hundredth shot that one is alive."""
    if outcome.flags or outcome.shot.kind in (Kind.COST, Kind.CROWD, Kind.SLOW):
        print(line(outcome), flush=True)
    elif number % 100 == 0:
        print(f"... {number} in {seconds:.0f} s", file=sys.stderr, flush=True)


def line(outcome: Outcome) -> str:
    statuses = ", ".join(f"{number} x {status}" for status, number in sorted(outcome.statuses.items()))
    flags = "; ".join(f"{name}: {' '.join(seen.split())}" for name, seen in outcome.flags.items())
    figures = (
        f"{outcome.processor:.2f} CPU s, {outcome.seconds:.1f} s, {outcome.memory / 1e6:.0f} MB, "
        f"health {outcome.health:.2f} s"
    )
    mark = f"  !! {flags}" if flags else ""
    return f"{outcome.shot.kind.value} “{outcome.shot.name}”: {statuses}; {figures}{mark}"


def table(outcomes: Sequence[Outcome]) -> str:
    """A row for each kind of shot: how many, their flags, and the worst of each figure with its shot."""
    head = ("kind", "tried", "hard flags", "worst CPU s", "worst wall s", "peak MB", "worst health s")
    rows = []
    for kind in Kind:
        own = [one for one in outcomes if one.shot.kind is kind]
        if own:
            flags = Counter(name for one in own for name in one.flags)
            said = ", ".join(f"{number} {name}" for name, number in flags.most_common()) or "0"
            rows.append(
                (
                    kind.value,
                    f"{len(own)}",
                    said,
                    worst(own, lambda one: one.processor, "{:.2f}"),
                    worst(own, lambda one: one.seconds, "{:.1f}"),
                    worst(own, lambda one: one.memory / 1e6, "{:.0f}"),
                    worst(own, lambda one: one.health, "{:.2f}"),
                )
            )
    return f"\n{page.table(head, rows)}\n"


def worst(outcomes: Sequence[Outcome], figure: Callable[[Outcome], float], form: str) -> str:
    one = max(outcomes, key=figure)
    name = one.shot.name
    return f"{form.format(figure(one))} ({name if len(name) <= WIDTH else name[:WIDTH] + '…'})"


def last_line(outcomes: Sequence[Outcome]) -> str:
    def tried(*kinds: Kind) -> int:
        return sum(one.shot.kind in kinds for one in outcomes)

    single = [one for one in outcomes if one.shot.kind in SINGLE]
    flags = sum(len(one.flags) for one in outcomes)
    return (
        f"attack: {tried(Kind.FILE)} files, {tried(Kind.PATH, Kind.KEY)} paths, "
        f"{tried(Kind.COST, Kind.CROWD, Kind.SLOW)} costs, {flags} hard flags, "
        f"worst {max((one.processor for one in outcomes), default=0.0):.1f} CPU s, "
        f"peak {max((one.memory for one in single), default=0) / 1e6:.0f} MB"
    )


def write(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the figures as JSON, to compare runs."""
    figures = [
        {
            "kind": one.shot.kind,
            "name": one.shot.name,
            "statuses": dict(one.statuses),
            "processor": one.processor,
            "seconds": one.seconds,
            "memory": one.memory,
            "health": one.health,
            "flags": dict(one.flags),
        }
        for one in outcomes
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": page.machine(), "outcomes": figures}, indent=1))
