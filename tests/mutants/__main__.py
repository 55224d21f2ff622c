"""Tell how many of a random sample of mutants the tests kill.

    make mutants SAMPLE=200     or: build/mutants/bin/python -m tests.mutants --sample 200 [--seed 1] [--only FOLDER…]
    make mutants AGAIN=1        tries again what survived, once tests were written that should notice

First all tests of the rooms run once, to see which lines each runs; what is known of tests that are as they were, on
code that is as it was, is kept from the last time. Then each mutant is put into a copy of the checkout, and the tests
that run its line run there until one fails, twice. Survivors are shown as they are found.

build/mutants/report-SEED.jsonl has all. A run that was ended goes on from there, if no file has changed: also with a
larger sample, the first mutants of which are the same, and, for what survived, with more seconds of tests (--enough).
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from random import Random

from tests.tracked import ROOT, tracked

from . import records
from .mutations import Mutant, mutants
from .report import Report
from .trying import copied, nearest, recorded, verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="mutants")
    parser.add_argument("--seed", type=int, default=1, help="another number takes another sample")
    parser.add_argument("--only", nargs="+", default=[*records.TESTS], help="folders or files in rendering or aliases")
    parser.add_argument("--enough", type=int, default=100, help="seconds of tests that a mutant has to survive")
    parser.add_argument("--again", action="store_true", help="try again what survived")
    options = parser.parse_args()
    report = Report(options.seed)
    if options.again:
        survivors = report.survivors()
        files = everything([name.partition(":")[0] for name, difference in survivors])
        names = {name for name, difference in survivors}
        chosen = [one for one in files if one.name in names and (one.name, one.difference()) in survivors]
    else:
        report.begin(options.only)
        chosen = sample(options.only, options.sample, options.seed)
    print(f"{len(chosen)} mutants, seed {options.seed}", flush=True)
    copies: Queue[Path] = Queue()
    for number in range(os.cpu_count() or 1):
        copies.put(copied(f"copy-{number}"))

    @contextmanager
    def copy() -> Iterator[Path]:
        folder = copies.get()
        try:
            yield folder
        finally:
            copies.put(folder)

    def record(part: tuple[str, list[str]]) -> None:
        room, names = part
        with copy() as folder:
            records.record(names, lambda path: recorded(room, names, path, folder))
        print(".", end="", flush=True)

    def tried(number: int, mutant: Mutant) -> str:
        record = rooms[mutant.path.split("/")[0]]
        before = None if options.again else report.of(mutant)
        passed = before.tried if before else []
        tests = [test for test in nearest(mutant, record, options.enough) if test not in passed]
        if before and (before.said != "survived" or not tests):
            return before.said
        with copy() as folder:
            found = verdict(mutant, tests, record, folder, number)
        found.tried.extend(passed)
        report.add(mutant, found)
        if found.said in ("survived", "untested"):
            print(f"\n{mutant.name} {found.said}, with {len(found.tried)} tests\n{mutant.difference()}", flush=True)
        return found.said

    with ThreadPoolExecutor(copies.qsize()) as pool:
        needed = {one.path.split("/")[0] for one in chosen}
        parts = [(room, names) for room in sorted(needed) for names in records.missing(room)]
        print(f"Recording which lines tests run, in {len(parts)} parts", end="", flush=True)
        list(pool.map(record, parts))
        rooms = {room: records.of(room) for room in needed}
        failed = sorted(test for room in rooms.values() for test in room.failed)
        print(f"\n{sum(len(room.seconds) for room in rooms.values())} tests; failed and left out: {failed}", flush=True)
        counts = Counter(pool.map(tried, range(1, len(chosen) + 1), chosen))
    killed = counts["killed"] + counts["timeout"]
    print(f"\n{killed} of {len(chosen)} killed, {killed / max(1, len(chosen)):.0%}: {dict(counts)}")


def sample(folders: list[str], size: int, seed: int) -> list[Mutant]:
    """So many mutants of the code in these folders or files; of a larger sample, the first are the same."""
    found = everything(folders)
    Random(seed).shuffle(found)
    return found[:size]


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
