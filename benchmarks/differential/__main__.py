"""Asks a real Thumbor and this service the same random URLs: `make differential`.

    make differential [N=1000] [SEED=1]

Thumbor comes from PyPI, into build/peers/. Prints how many differ in which way, and which of those are excused and why
(`excuses.py`, and “Where Thumbor URLs deviate” in docs/urls.md). What is new is listed, and both answers to it are kept
in build/differential/. Fails if more than 0.3 % is new, and ends with one line:

    differential: N tried, N agree, N excused, N new
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers

from . import pictures, urls
from .compare import differences
from .excuses import EXCUSES, Excuse
from .servers import Answer, asking_ours, asking_thumbor

KEPT = peers.ROOT / "build" / "differential"
#: The fraction of URLs that may differ in a new way.
NEW = 0.003


@dataclass(frozen=True)
class Verdict:
    path: str
    #: Thumbor's status, and ours.
    statuses: tuple[int, int]
    differs: list[str]
    excuse: Excuse | None

    @property
    def new(self) -> bool:
        return bool(self.differs) and not self.excuse


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=1000, help="how many URLs to ask for")
    parser.add_argument("--seed", type=int, default=1, help="another seed asks for other URLs")
    arguments = parser.parse_args()
    python = peers.python("thumbor", peers.HERE / "peers.txt")
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    verdicts = []
    for path, theirs, ours in asked(python, urls.paths(arguments.tries, arguments.seed)):
        verdicts.append(judged(path, theirs, ours))
        if verdicts[-1].new:
            keep(len(verdicts), path, theirs, ours)
        if len(verdicts) % 500 == 0:
            print(f"{len(verdicts)} of {arguments.tries}...", flush=True)
    print(*table(verdicts), sep="\n")
    excused, new = (sum(map(bool, each)) for each in ([one.excuse for one in verdicts], [one.new for one in verdicts]))
    agree = len(verdicts) - excused - new
    print(f"differential: {len(verdicts)} tried, {agree} agree, {excused} excused, {new} new")
    return 1 if new > NEW * len(verdicts) else 0


def asked(python: Path, paths: list[str]) -> Iterator[tuple[str, Answer, Answer]]:
    """Ask both servers for each path, at the same time: the path, Thumbor's answer, ours."""
    with tempfile.TemporaryDirectory(prefix="differential-") as name, ThreadPoolExecutor(2) as threads:
        folder = Path(name)
        pictures.draw(folder / "originals" / urls.BUCKET)
        with asking_thumbor(python, folder) as ask_thumbor, asking_ours(folder, urls.BUCKET) as ask_ours:
            for path in paths:
                theirs, ours = (
                    each.result() for each in [threads.submit(ask_thumbor, path), threads.submit(ask_ours, path)]
                )
                yield path, theirs, ours


def judged(path: str, theirs: Answer, ours: Answer) -> Verdict:
    differs = differences(theirs, ours)
    statuses = theirs.status, ours.status
    fitting = (excuse for excuse in EXCUSES if excuse.fits(path, differs, statuses, ours.type))
    return Verdict(path, statuses, differs, next(fitting, None) if differs else None)


def keep(number: int, path: str, theirs: Answer, ours: Answer) -> None:
    """Write both answers that differ in a new way, to be looked at."""
    for name, answer in (("thumbor", theirs), ("ours", ours)):
        ending = answer.type.partition(";")[0].rpartition("/")[2] if answer.status == 200 else "txt"
        (KEPT / f"{number}-{name}.{ending}").write_bytes(answer.body)
    (KEPT / f"{number}.path").write_text(path)


def table(verdicts: list[Verdict]) -> Iterator[str]:
    """The kinds of differences, the excused by their row, then each new one."""
    counts = Counter(verdict.excuse for verdict in verdicts if verdict.excuse)
    for excuse, count in counts.most_common():
        yield f"{count:6} excused: {excuse.row} ({excuse.decision})"
    for number, verdict in enumerate(verdicts, 1):
        if verdict.new:
            statuses = " {} and {}".format(*verdict.statuses) if "status" in verdict.differs else ""
            yield f"{number:6} new: {' and '.join(verdict.differs)}{statuses}: {verdict.path}"


if __name__ == "__main__":
    sys.exit(main())
