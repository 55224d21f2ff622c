"""Tell how many of a random sample of mutants the tests kill.

    make mutants SAMPLE=200     or: build/mutants/bin/python -m tests.mutants --sample 200 [--seed 1] [--only FOLDER…]

First all tests of the rooms run once, to see which lines each runs. Then each mutant is put into a copy of the
checkout, and the tests that run its line run there until one fails. Survivors are shown as they are found;
build/mutants/report.jsonl has all.
"""

import argparse
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from random import Random

from tests.tracked import ROOT, tracked

from .mutations import Mutant, mutants
from .trying import BUILD, TESTS, Record, copied, recorded, verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="mutants")
    parser.add_argument("--seed", type=int, default=1, help="another number takes another sample")
    parser.add_argument("--only", nargs="+", default=list(TESTS), help="folders or files in rendering or aliases")
    options = parser.parse_args()
    chosen = sample(options.only, options.sample, options.seed)
    print(f"{len(chosen)} mutants, seed {options.seed}")
    copies: Queue[Path] = Queue()
    for number in range(os.cpu_count() or 1):
        copies.put(copied(f"copy-{number}"))

    def record(room: str) -> Record:
        folder = copies.get()
        try:
            return recorded(room, folder)
        finally:
            copies.put(folder)

    rooms = sorted({one.path.split("/")[0] for one in chosen})
    print(f"Running the tests of {' and '.join(rooms)}, to see which lines each runs...", flush=True)
    with ThreadPoolExecutor(copies.qsize()) as pool:
        records = dict(zip(rooms, pool.map(record, rooms), strict=True))

    report = BUILD / "report.jsonl"
    report.write_text("")

    def tried(number: int, mutant: Mutant) -> str:
        record = records[mutant.path.split("/")[0]]
        tests = record.tests(mutant)
        folder = copies.get()
        try:
            said = verdict(mutant, tests, record, folder, number)
        finally:
            copies.put(folder)
        shown = {"name": mutant.name, "verdict": said, "tests": len(tests), "difference": mutant.difference()}
        with report.open("a") as lines:
            lines.write(f"{json.dumps(shown)}\n")
        if said in ("survived", "untested"):
            print("\n{name} {verdict}, with {tests} tests\n{difference}".format_map(shown), flush=True)
        return said

    with ThreadPoolExecutor(copies.qsize()) as pool:
        counts = Counter(pool.map(tried, range(1, len(chosen) + 1), chosen))
    killed = counts["killed"] + counts["timeout"]
    print(f"\n{killed} of {len(chosen)} killed, {killed / len(chosen):.0%}: {dict(counts)}")


def sample(folders: list[str], size: int, seed: int) -> list[Mutant]:
    """Mutants of the code in these folders or files. Raises SystemExit where there are none."""
    paths = [path for path in tracked("rendering/*.py", "aliases/*.py") if "/migrations/" not in path]
    wanted = [path for path in paths if any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in folders)]
    everything = [one for path in wanted for one in mutants(ROOT, path)]
    if not everything:
        raise SystemExit(f"Nothing to change in {' '.join(folders)}: name a folder or a file of rendering or aliases")
    return Random(seed).sample(everything, min(size, len(everything)))


if __name__ == "__main__":
    main()
