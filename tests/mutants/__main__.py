"""Tell how many of a random sample of mutants the tests kill.

    make mutants SAMPLE=200     or: build/mutants/bin/python -m tests.mutants --sample 200 [--seed 1] [--only FOLDER…]
    make mutants NEAR=1         ends after the first of the two steps, which is most of the figure
    make mutants AGAIN=1        tries again what survived, once tests were written that should notice

Each mutant is put into a copy of the checkout. First the tests that are near run there, by name and by what they
mention, until one fails, twice. What survives that is tried with all tests that run its line, wherever they are; for
this all tests run once to be recorded, and what is known of tests that are as they were, on code that is as it was, is
kept.

build/mutants/report-SEED.jsonl has all. A run that was ended goes on from there, if no file has changed: also with a
larger sample, the first mutants of which are the same.
"""

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

from tests.tracked import ROOT, tracked

from . import records
from .mutations import Mutant, mutants
from .report import Report
from .trying import FIRST, copied, failing, near, nearest, recorded, verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="mutants")
    parser.add_argument("--seed", type=int, default=1, help="another number takes another sample")
    parser.add_argument("--only", nargs="+", default=[*records.TESTS], help="folders or files in rendering or aliases")
    parser.add_argument("--enough", type=int, default=100, help="seconds of tests that a mutant has to survive")
    parser.add_argument("--near", action="store_true", help="only with the tests that are near")
    parser.add_argument("--again", action="store_true", help="try again what survived")
    options = parser.parse_args()
    report = Report(options.seed)
    if options.again:
        chosen = survivors(report)
        report.forget(chosen)
    else:
        report.begin(options.only)
        chosen = sample(options.only, options.sample, options.seed)
    print(f"{len(chosen)} mutants, seed {options.seed}", flush=True)
    trial = Trial(report)
    trial.try_near(chosen)
    if not options.near:
        trial.try_recorded([one for one in chosen if report.said(one) in ("survived", "untested")], options.enough)
    counts = Counter(report.said(one) for one in chosen)
    killed = counts["killed"] + counts["timeout"]
    print(f"\n{killed} of {len(chosen)} killed, {killed / max(1, len(chosen)):.0%}: {dict(counts)}")


class Trial:
    """Mutants being tried, as many at once as there are processors."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.copies: Queue[Path] = Queue()
        self.numbers = count(1)
        for number in range(os.cpu_count() or 1):
            self.copies.put(copied(f"copy-{number}"))

    @contextmanager
    def copy(self) -> Iterator[Path]:
        folder = self.copies.get()
        try:
            yield folder
        finally:
            self.copies.put(folder)

    def try_near(self, chosen: list[Mutant]) -> None:
        """Try mutants with the tests that are near."""
        modules = {room: records.modules(room) for room in records.TESTS}

        def nearby(stage: int, mutant: Mutant) -> None:
            self.try_one(mutant, [near(mutant, modules[mutant.room])[stage]])

        for stage, what in enumerate(("nearest", "near")):
            left = [one for one in chosen if self.report.said(one) in ("survived", "untested")]
            print(f"\nTrying {len(left)} mutants with the tests that are {what}", flush=True)
            self.at_once(partial(nearby, stage), left)
        for room in records.TESTS:
            by = {verdict.by for one in chosen if one.room == room and (verdict := self.report.of(one)) and verdict.by}
            with self.copy() as folder:
                failed = failing(room, sorted(by), folder)
            if failed:
                # They had no mutant to notice.
                print(f"\nThese fail without a mutant, too: {', '.join(sorted(failed))}", flush=True)
                for one in chosen:
                    if (found := self.report.of(one)) and found.by in failed:
                        self.report.add(one, replace(found, said="survived"))

    def try_recorded(self, chosen: list[Mutant], enough: float) -> None:
        """Try mutants with the tests that run their lines, and were not tried yet."""
        parts = [(room, names) for room in sorted({one.room for one in chosen}) for names in records.missing(room)]
        print(f"\nRecording which lines tests run, in {len(parts)} parts", end="", flush=True)
        self.at_once(self.record, parts)
        found = {room: records.of(room) for room in records.TESTS}
        print("\nTrying what survived with the tests that run its lines", flush=True)

        def further(mutant: Mutant) -> None:
            tests = nearest(mutant, found[mutant.room], enough)
            self.try_one(mutant, [tests[:FIRST], tests[FIRST:]])

        self.at_once(further, chosen)

    def try_one(self, mutant: Mutant, stages: list[list[str]]) -> None:
        before = self.report.tried(mutant)
        known = {*before, *(test.partition("::")[0] for test in before)}
        stages = [[test for test in stage if test not in known] for stage in stages]
        if not any(stages):
            return
        with self.copy() as folder:
            found = verdict(mutant, filter(None, stages), folder, next(self.numbers))
        self.report.add(mutant, replace(found, tried=[*before, *found.tried]))
        if found.said in ("survived", "untested"):
            print(f"\n{mutant.name} {found.said}\n{mutant.difference()}", flush=True)

    def record(self, part: tuple[str, list[str]]) -> None:
        room, names = part
        with self.copy() as folder:
            records.record(names, lambda path: recorded(room, names, path, folder))
        print(".", end="", flush=True)

    def at_once(self, do: Callable[[Any], None], those: Sequence[Any]) -> None:
        with ThreadPoolExecutor(self.copies.qsize()) as pool:
            list(pool.map(do, those))


def sample(folders: list[str], size: int, seed: int) -> list[Mutant]:
    """So many mutants of the code in these folders or files; of a larger sample, the first are the same."""
    found = everything(folders)
    Random(seed).shuffle(found)
    return found[:size]


def survivors(report: Report) -> list[Mutant]:
    """The mutants that survived, according to the report."""
    wanted = report.survivors()
    names = {name for name, _ in wanted}
    found = everything([name.partition(":")[0] for name in names]) if names else []
    return [one for one in found if one.name in names and (one.name, one.difference()) in wanted]


def everything(folders: list[str]) -> list[Mutant]:
    """All mutants of the code in these folders or files. Raises SystemExit where there are none."""
    paths = [path for path in tracked("*.py") if records.is_code(path)]
    wanted = [path for path in paths if any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in folders)]
    found = [one for path in wanted for one in mutants(ROOT, path)]
    if not found:
        raise SystemExit(f"Nothing to change in {' '.join(folders)}: name a folder or a file of rendering or aliases")
    return found


if __name__ == "__main__":
    main()
